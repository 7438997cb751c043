"""Mail about papers to sign, in each reader's language. It names no candidate."""

from __future__ import annotations

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization, User
from corridor.applications import mail
from corridor.applications.countersigned import permissions, queries
from corridor.applications.models import CANDIDATE, THIRD, Paper, PaperNotice
from corridor.common import outbox

What = PaperNotice.What


@transaction.atomic
def put(paper: Paper, what: str, side: str, *, about: str = "") -> int:
    """Note that a side is to be told, and ask for the mail; 0 where it was noted before."""
    notice, new = PaperNotice.objects.get_or_create(
        paper=paper, what=what, side=side, about=about or f"{paper.version}/{paper.revision}"
    )
    if new:
        outbox.put("applications.tell_paper", key=f"paper-notice:{notice.pk}", id=notice.pk)
    return int(new)


def tell(pk: int) -> int:
    """Send one notice to its readers, once; returns mails sent.

    What has been overtaken (the side has signed meanwhile) is passed over.
    """
    notices = PaperNotice.objects.select_related(
        "paper__application__candidate__user", "paper__application__consent",
        "paper__application__program__organization", "paper__third", "paper__consent",
    )  # fmt: skip
    return mail.tell_once(
        notices, pk, readers=lambda each: _readers(each) if _stands(each) else [], letter=letter
    )


def _stands(notice: PaperNotice) -> bool:
    if notice.paper.application.is_final:
        return False
    if notice.what == What.CONFIRM:
        return notice.side in queries.unconfirmed(notice.paper)
    asks = (What.SIGN, What.RECORD, What.SOON, What.LATE)
    return notice.what not in asks or notice.paper.turn == notice.side


def _desk(notice: PaperNotice) -> Organization | None:
    """The organization whose members are told; None where the candidate is.

    A sponsor that is not on Corridor cannot be told: its host is.
    """
    if notice.side == CANDIDATE:
        return None
    if notice.side == THIRD and notice.paper.third is not None:
        return notice.paper.third
    return notice.paper.application.program.organization


def _readers(notice: PaperNotice) -> list[User]:
    paper, desk = notice.paper, _desk(notice)
    person = paper.application.candidate.user
    if desk is None:
        return [person] if person.is_active else []
    consent = paper.application.consent
    as_host = desk == paper.application.program.organization
    if as_host and (consent is None or not consent.stands):
        return []
    if not as_host and not permissions.third_may_read(paper):
        return []
    return list(accounts.editors_of(desk).exclude(pk=person.pk))


def letter(notice: PaperNotice) -> mail.Letter:
    """The mail of a notice. Call with the reader's language active."""
    paper, desk = notice.paper, _desk(notice)
    filled = {
        "paper": paper.get_kind_display(),
        "program": paper.application.program.title,
        "day": formats.date_format(paper.due_on, "DATE_FORMAT") if paper.due_on else "",
    }
    subject, *lines = _words(notice)
    path = (
        mail.page("papers:mine", paper.pk) if desk is None
        else mail.page("papers:paper", desk.slug, paper.pk)
    )  # fmt: skip
    return mail.Letter(
        subject=subject % filled, lines=[line % filled for line in lines], path=path,
        action=_("Sign in and see it"),
    )  # fmt: skip


def _words(notice: PaperNotice) -> tuple[str, ...]:
    paper = notice.paper
    outside = notice.side == THIRD and paper.third is None
    match notice.what:
        case What.SIGN if outside:
            return (
                _("Please get the sponsor’s signature"),
                _("The training plan for “%(program)s” is signed by host and candidate."),
                _("Its sponsor is not on Corridor: have it signed on paper, and record it with "
                  "the scan."),
            )  # fmt: skip
        case What.SIGN:
            return (
                _("Your signature is awaited: %(paper)s"),
                _("The paper for “%(program)s” waits for your signature. Please read it and sign "
                  "it, or ask for changes, by %(day)s."),
            )  # fmt: skip
        case What.CHANGED:
            return (
                _("Changed after you signed: %(paper)s"),
                _("The words of the paper for “%(program)s” were changed, so your signature does "
                  "not hold any more."),
                _("You will be asked to sign the new version. Its page shows what is different."),
            )  # fmt: skip
        case What.SENT_BACK:
            return (
                _("Changes are asked for: %(paper)s"),
                _("The paper for “%(program)s” came back unsigned. What should be changed stands "
                  "on its page."),
            )  # fmt: skip
        case What.SIGNED:
            return (
                _("Signed by all: %(paper)s"),
                _("All sides have signed the paper for “%(program)s”. You can keep it as PDF."),
            )
        case What.CONFIRM:
            return (
                _("Is this your signature? %(paper)s"),
                _("The host of “%(program)s” has recorded a signature of yours that was made on "
                  "paper. It is marked as not confirmed until you say that it is yours."),
                _("If it is not, send the paper back on its page: then no signature holds."),
            )  # fmt: skip
        case What.CONFIRMED:
            return (
                _("A signature on paper is confirmed: %(paper)s"),
                _("The signer has confirmed the signature that you recorded for “%(program)s”."),
            )
        case What.RECORD:
            return (
                _("Please record the credit"),
                _("The host has confirmed the hours of a student in “%(program)s”. Please record "
                  "the credit, or say why not, by %(day)s."),
            )  # fmt: skip
        case What.CREDITED:
            return (
                _("Your credit is recorded"),
                _("Your university has recorded the credit for “%(program)s”."),
            )
        case What.REFUSED:
            return (
                _("Your university did not give the credit"),
                _("The reason for its answer about “%(program)s” stands on the page."),
            )
    late = notice.what == What.LATE
    if paper.state == Paper.State.UNCONFIRMED:
        return (
            _("Late: is this your signature? %(paper)s") if late
            else _("Please confirm: is this your signature? %(paper)s"),
            _("The host of “%(program)s” has recorded a signature of yours that was made on "
              "paper. Until you say that it is yours, the paper does not count as signed. We asked "
              "for your answer by %(day)s."),
            _("If it is not, send the paper back on its page: then no signature holds."),
        )  # fmt: skip
    ask = _("%(paper)s for “%(program)s”: your part was expected by %(day)s.") if late else _(
        "%(paper)s for “%(program)s”: your part is expected by %(day)s."
    )
    return (_("Late: %(paper)s") if late else _("Due soon: %(paper)s"), ask)
