"""Mail about agreements and nominations, in each reader's language. It names no student."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization, User
from corridor.common import outbox
from corridor.common.language import language_code
from corridor.common.mail import message
from corridor.partnerships import research_letters
from corridor.partnerships.models import Agreement, Nomination, Notice, Obligation, Review

What = Notice.What


@transaction.atomic
def put(
    what: str,
    agreement: Agreement | None,
    *,
    to: Sequence[Organization] = (),
    person: User | None = None,
    program: Any = None,
    about: str = "",
    values: dict[str, Any] | None = None,
) -> int:
    """Note that these are to be told, and ask for the mail; returns how many notices are new."""
    made = 0
    for organization in [*to] or [None]:
        row: dict[str, Any] = {
            "what": what, "agreement": agreement, "organization": organization, "about": about,
        }  # fmt: skip
        rest = {"person": person, "program": program, "values": values or {}}
        if about:
            notice, new = Notice.objects.get_or_create(**row, defaults=rest)
        else:
            notice, new = Notice.objects.create(**row, **rest), True
        if new:
            outbox.put("partnerships.tell", key=f"notice:{notice.pk}", id=notice.pk)
            made += 1
    return made


def put_taken_down(*, review: int, program: int) -> int:
    """Staff took the program down by this review: the universities whose nominations to it are
    alive are told, unless it is public again by now."""
    alive = Nomination.objects.filter(
        program=program, program__published_at=None, state__in=Nomination.LIVE
    )
    told: dict[int, Nomination] = {}
    for each in alive.select_related("agreement", "university", "program"):
        told.setdefault(each.university_id, each)
    return sum(
        put(What.PROGRAM_DOWN, each.agreement, to=[each.university], program=each.program,
            about=f"down/{review}",
            values={"count": sum(one.university_id == each.university_id for one in alive)})
        for each in told.values()
    )  # fmt: skip


def put_review(what: str, review: Review, *, about: str) -> int:
    """Note something of a review. A decision is told to the other side; else the reviewer, where
    a member was named, and of one that waits the editors of its side, too."""
    agreement, side = review.project.agreement, review.side
    values = {"project": review.project_id, "kind": review.kind, "side": side,
              "state": review.state}  # fmt: skip
    if what == What.REVIEW_DECIDED:
        other = Agreement.Side.US if side == Agreement.Side.KR else Agreement.Side.KR
        return put(what, agreement, to=[agreement.party(other)], about=about, values=values)
    made = 0
    if review.reviewer is not None:
        made += put(what, agreement, person=review.reviewer, about=about, values=values)
    if what == What.REVIEW_WAITS or review.reviewer is None:
        made += put(what, agreement, to=[agreement.party(side)], about=about, values=values)
    return made


def tell(pk: int) -> int:
    """Send one notice to its readers, once; returns mails sent."""
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("agreement__korean_party", "agreement__us_party", "organization",
                            "person", "program__organization")
            .filter(pk=pk, told=False)
            .first()
        )  # fmt: skip
        if notice is None:  # told, taken away, or being told by another worker
            return 0
        sent = 0
        for reader in _readers(notice):
            with translation.override(reader.language):
                sent += _send(reader, notice)
        notice.told = True
        notice.save(update_fields=["told"])
        return sent


def _readers(notice: Notice) -> list[User]:
    if notice.person is not None:
        return [notice.person] if notice.person.is_active else []
    return list(accounts.editors_of(notice.organization))


def _send(reader: User, notice: Notice) -> int:
    written = letter(notice)
    if written is None:
        return 0
    subject, lines, path = written
    context = {
        "lines": lines, "rows": (), "action": _("Sign in and see it"),
        "address": f"{settings.BASE_URL}{path}", "language": reader.language,
    }  # fmt: skip
    return message(reader.email, subject, "notice", context).send()


def letter(notice: Notice) -> tuple[str, list[str], str] | None:
    """(subject, paragraphs, path of the page), or None where what it tells of is gone. Call with
    the reader's language active."""
    if notice.what in research_letters.PROJECTS | research_letters.INTRODUCTIONS:
        return research_letters.letter(notice)
    if notice.what in _STUDENTS:
        return _about_students(notice)
    if notice.what in _ROUNDS:
        return _about_round(notice)
    agreement = notice.agreement
    assert agreement is not None and notice.organization is not None
    own = agreement.side_of(notice.organization)
    partner = agreement.party(Agreement.Side.US if own == Agreement.Side.KR else "KR")
    filled: dict[str, Any] = {"title": agreement.title, "partner": partner.name}
    if agreement.ends_on:
        filled["day"] = formats.date_format(agreement.ends_on, "DATE_FORMAT")
    subject, lines = _about_agreement(notice, agreement)
    path = reverse("university:agreement", args=[notice.organization.slug, agreement.pk])
    return subject % filled, [line % filled for line in lines], path


def _about_agreement(notice: Notice, agreement: Agreement) -> tuple[str, list[str]]:
    match notice.what:
        case What.SENT:
            return _("An agreement to sign: %(title)s"), [
                _("%(partner)s has sent you the agreement “%(title)s”."),
                _("Read it. Sign it for your side, or send it back for changes."),
            ]
        case What.SIGNED:
            return _("Signed by your partner: %(title)s"), [
                _("%(partner)s has signed the agreement “%(title)s”. Your signature is missing.")
            ]
        case What.IN_FORCE:
            return _("In force: %(title)s"), [
                _("Both sides have signed the agreement “%(title)s” with %(partner)s.")
            ]
        case What.RETURNED:
            return _("A draft again: %(title)s"), [
                _("%(partner)s has opened the agreement “%(title)s” for changes."),
                _("Signatures given before do not hold for the new words."),
            ]
        case What.ENDED:
            return _("Ended: %(title)s"), [
                _("%(partner)s has ended the agreement “%(title)s”. Programs under it go on.")
            ]
        case What.EXPIRED:
            return _("Expired: %(title)s"), [
                _("The last day of the agreement “%(title)s” with %(partner)s was %(day)s."),
                _("You can still renew it from its page."),
            ]
        case What.RENEW:
            warned = date.fromisoformat(notice.about.split("/")[0])
            days = (warned - timezone.localdate(notice.at)).days
            said = ngettext(
                "The agreement “%(title)s” with %(partner)s ends on %(day)s, in %(n)d day.",
                "The agreement “%(title)s” with %(partner)s ends on %(day)s, in %(n)d days.",
                days,
            )
            return _("Renew in time: %(title)s"), [
                said.replace("%(n)d", str(days)),
                _("If you want to go on, start the renewal from its page."),
            ]
    duty = Obligation.objects.filter(pk=int(notice.about.split("/")[0])).first()
    lines = [_("Something that your side owes under the agreement “%(title)s” is due.")]
    if duty is not None:
        day = formats.date_format(duty.due_on, "DATE_FORMAT")
        lines.append(f"{duty.text} · {day}".replace("%", "%%"))
    return _("Due soon: %(title)s"), lines


_STUDENTS = {
    What.AFFILIATION_ASKED, What.AFFILIATED, What.NOMINATION_ASKED, What.NOMINATION_ANSWERED,
    What.NOMINATION_SENT, What.PROGRAM_DOWN,
}  # fmt: skip


def _about_students(notice: Notice) -> tuple[str, list[str], str]:
    university = Organization.objects.filter(pk=notice.values.get("university", 0)).first()
    filled = {
        "university": university.name if university else "",
        "program": notice.program.title if notice.program else "",
    }
    if notice.organization is not None:
        name = "university:students"
        if notice.what == What.NOMINATION_SENT:
            name = "university:nominated"
        if notice.what in (What.PROGRAM_DOWN, What.NOMINATION_ANSWERED):
            name = "university:nominations"
        path = reverse(name, args=[notice.organization.slug])
    else:
        path = reverse("student:university")
    subject, lines = _student_words(notice)
    return subject % filled, [line % filled for line in lines], path


def _student_words(notice: Notice) -> tuple[str, list[str]]:
    yes = notice.values.get("confirmed", notice.values.get("agrees", False))
    match notice.what:
        case What.AFFILIATION_ASKED:
            return _("A student asks to be confirmed"), [
                _("Somebody says they study at your university. Please confirm it, or say no.")
            ]
        case What.AFFILIATED if yes:
            return _("You are confirmed as a student"), [
                _("%(university)s has confirmed that you study there. It can nominate you now.")
            ]
        case What.AFFILIATED:
            return _("Your university could not confirm you"), [
                _("%(university)s could not find you. Check the department you wrote, or ask "
                  "your international office.")
            ]  # fmt: skip
        case What.NOMINATION_ASKED:
            return _("Your university wants to nominate you"), [
                _("%(university)s wants to nominate you for “%(program)s”."),
                _("Nothing goes out until you agree."),
            ]
        case What.PROGRAM_DOWN:
            count = int(notice.values.get("count", 1))
            said = ngettext(
                "Our staff has taken “%(program)s” down while they look into it. Your university "
                "has nominated %(n)d student for it; the nomination is kept.",
                "Our staff has taken “%(program)s” down while they look into it. Your university "
                "has nominated %(n)d students for it; the nominations are kept.",
                count,
            )
            return _("“%(program)s” was taken down"), [
                said.replace("%(n)d", str(count)),
                _("Until it is public again, send nobody there, and ask your students to pay "
                  "nothing and to send no passport for it. Those who have applied are told, too."),
                _("If it stays down, you can take the nomination back and nominate for another "
                  "program."),
            ]  # fmt: skip
        case What.NOMINATION_ANSWERED if yes:
            return _("A student agreed to a nomination"), [
                _("A student agreed to be nominated for “%(program)s”."),
                _("Nothing has gone to the host yet: the nomination goes out when you send it."),
            ]
        case What.NOMINATION_ANSWERED:
            return _("A student declined a nomination"), [
                _("A student does not want to be nominated for “%(program)s”.")
            ]
    if notice.person is not None:
        return _("You are nominated"), [
            _("%(university)s has nominated you for “%(program)s”."),
            _("The host does not know your name yet. Apply now, so that it can read your file."),
        ]
    count = int(notice.values.get("count", 1))
    said = ngettext(
        "%(university)s has nominated %(n)d student for “%(program)s”.",
        "%(university)s has nominated %(n)d students for “%(program)s”.",
        count,
    )
    return _("Students nominated for “%(program)s”"), [said.replace("%(n)d", str(count))]


_ROUNDS = {What.ROUND_OPEN, What.ROUND_RANK, What.ROUND_DECIDED}


def _about_round(notice: Notice) -> tuple[str, list[str], str]:
    values = notice.values
    korean = language_code() == "ko"
    titles = (values["title_ko"], values["title_en"])
    name = "rank_until" if notice.what == What.ROUND_RANK else "choose_until"
    filled = {
        "title": (titles[0] or titles[1]) if korean else (titles[1] or titles[0]),
        "day": formats.date_format(date.fromisoformat(values[name]), "DATE_FORMAT"),
    }
    if notice.organization is not None:
        path = reverse("university:round", args=[notice.organization.slug, values["round"]])
    else:
        path = reverse("student:round", args=[values["round"]])
    if notice.what == What.ROUND_OPEN:
        subject, line = _("Choose your programs: %(title)s"), _(
            "The round “%(title)s” is open. Put the programs in your order until %(day)s."
        )
    elif notice.what == What.ROUND_RANK:
        subject, line = _("Rank the students: %(title)s"), _(
            "In the round “%(title)s” students have chosen. Rank those who chose you until "
            "%(day)s."
        )
    else:
        subject, line = _("Decided: %(title)s"), _(
            "The round “%(title)s” is decided. The result and its reasons are on its page."
        )
    return subject % filled, [line % filled], path
