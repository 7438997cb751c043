"""What is told of placements, problems and stays: each once, by mail, in the reader's language.

A mail never says what a person wrote or answered, and to a host nothing of a problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor import rules
from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization, User
from corridor.applications import mail, zones
from corridor.applications.models import CheckIn, PlacementNotice
from corridor.common import outbox

What = PlacementNotice.What
STAFF = frozenset({What.CHECK_IN_MISSED, What.PROBLEM, What.PROBLEM_LATE})


def put(
    what: str, *, about: str, person: User | None = None,
    organization: Organization | None = None, **subject: Any,
) -> bool:  # fmt: skip
    """Note that this is to be told, once, and ask for the mail; whether it is new.

    `subject`: the check_in, placement, application, problem or stay that it is about. With
    neither a person nor an organization it goes to staff.
    """
    notice, new = PlacementNotice.objects.get_or_create(
        what=what, person=person, organization=organization, about=about, defaults=subject
    )
    if new:
        outbox.put("applications.tell_placement", key=f"placement-notice:{notice.pk}",
                   id=notice.pk)  # fmt: skip
    return new


def tell(pk: int) -> int:
    """Send one notice to its readers; returns mails sent. Safe to run twice."""
    notices = PlacementNotice.objects.select_related(
        "person", "organization", "problem__person", "stay__traveler__organization",
        "check_in__placement__application__program__organization",
        "check_in__placement__application__program__hub",
        "placement__application__program__organization",
        "application__program__organization",
    )
    return mail.tell_once(
        notices, pk, readers=lambda each: _readers(each) if _stands(each) else [],
        letter=lambda each: letter(each, for_host=each.organization is not None),
    )  # fmt: skip


def _stands(notice: PlacementNotice) -> bool:
    """Whether there is still something to tell when the mail goes."""
    if notice.check_in is not None and notice.what != What.SHARED:
        return notice.check_in.answered_at is None
    if notice.stay is not None:
        return notice.stay.left_on is None
    return True


def _readers(notice: PlacementNotice) -> list[User]:
    if notice.person is not None:
        return [notice.person] if notice.person.is_active else []
    if notice.organization is not None:
        return list(accounts.editors_of(notice.organization))
    if notice.what not in STAFF:
        return []
    staff = User.objects.filter(is_staff=True, is_active=True)
    if notice.problem is not None:
        staff = staff.exclude(pk=notice.problem.person_id)
        if notice.problem.placement is not None:
            host = notice.problem.placement.application.program.organization
            staff = staff.exclude(memberships__organization=host)
    return list(staff)


def letter(notice: PlacementNotice, *, for_host: bool) -> mail.Letter:
    """The notice's mail. Call with the reader's language active."""
    what = What(notice.what)
    if what == What.STAY:
        return _stay(notice, for_host=for_host)
    if notice.problem is not None:
        return _problem(notice)
    if notice.check_in is not None:
        return _check_in(notice.check_in, what)
    subject, *lines = _placement(what, for_host)
    placement = notice.placement
    application = placement.application if placement is not None else notice.application
    if application is None:
        raise ValueError(f"{notice} is about nothing")
    filled = {"program": application.program.title}
    slug = application.program.organization.slug
    if for_host:
        path = mail.page("after:people", slug)
    elif placement is not None:
        path = mail.page("arrival:placement", placement.pk)
    else:
        path = mail.page("arrival:start", application.pk)
    return mail.Letter(subject=subject, lines=[line % filled for line in lines], path=path,
                       action=_("Sign in and see it"))  # fmt: skip


def _placement(what: str, for_host: bool) -> Sequence[str]:
    if what == What.START:
        return (
            _("Please confirm the first day"),
            _("The first day of “%(program)s” waits for your confirmation. If the days are not "
              "right, you can correct them.") if for_host else
            _("Have you begun “%(program)s”? Please confirm your first day, or correct it."),
        )  # fmt: skip
    if what == What.STARTED:
        return (_("The days of a placement were confirmed"),
                _("The days of a placement in “%(program)s” are up to date."))  # fmt: skip
    if what == What.SHARED:
        return (_("A check-in was shared with you"),
                _("A participant of “%(program)s” has shared a check-in with you."))  # fmt: skip
    if what == What.REVOKED:
        return (_("A certificate was revoked"),
                _("The host has revoked your certificate of “%(program)s”. The reason is on the "
                  "page."))  # fmt: skip
    return (_("Your certificate is ready"),
            _("The host has confirmed that you completed “%(program)s”."),
            _("You decide who can see it."))  # fmt: skip


def day_said(check_in: CheckIn) -> str:
    """The day at the hub, and where it is known that Seoul's clock is another, that as well."""
    zone = zones.named(check_in.placement.timezone)
    day = formats.date_format(check_in.due_on, "DATE_FORMAT")
    if zone == zones.SEOUL:
        return day
    hub = check_in.placement.application.program.hub
    clock = zones.called(zone.key)
    if hub is None:
        return _("%(day)s (%(zone)s)") % {"day": day, "zone": clock}
    return _("%(day)s (%(city)s, %(zone)s)") % {"day": day, "city": hub.name, "zone": clock}


def _check_in(check_in: CheckIn, what: str) -> mail.Letter:
    program = check_in.placement.application.program
    if what == What.CHECK_IN_MISSED:
        return mail.Letter(
            subject=_("A check-in was not answered"),
            lines=[
                _("Somebody placed at %(host)s has not answered a check-in that was due on "
                  "%(day)s.") % {"host": program.host_name, "day": day_said(check_in)},
                _("Please write or call kindly, and ask only whether all is well. Nobody is "
                  "obliged to answer a check-in."),
            ],
            path=mail.page("staff:problems"), action=_("See who it is"),
        )  # fmt: skip
    again = what == What.CHECK_IN_AGAIN
    return mail.Letter(
        subject=_("Your check-in still waits") if again else _("How is it going? A short check-in"),
        lines=[
            _("Six short questions about your time at %(host)s are ready. They take two minutes.")
            % {"host": program.host_name},
            _("Due on %(day)s. You decide who reads your answers.") % {"day": day_said(check_in)},
            _("If something is wrong, you can tell us in private at any time."),
        ],
        path=mail.page("arrival:check_in", check_in.pk), action=_("Answer the check-in"),
    )  # fmt: skip


def _problem(notice: PlacementNotice) -> mail.Letter:
    problem = notice.problem
    assert problem is not None
    if notice.what == What.PROBLEM_ANSWER:
        return mail.Letter(
            subject=_("Corridor’s staff have answered you"),
            lines=[_("There is an answer to what you told us in private. It stands on the page, "
                     "behind your sign-in.")],
            path=mail.page("problems:one", problem.pk), action=_("Sign in and read it"),
        )  # fmt: skip
    late = notice.what == What.PROBLEM_LATE
    subject = _("A private problem waits for an answer") if late else (
        _("URGENT: a private problem was raised") if problem.is_urgent
        else _("A private problem was raised"))  # fmt: skip
    lines = [
        _("About: %(kind)s.") % {"kind": problem.get_kind_display()},
        _("The promised time to answer has passed.") if late
        else _("Please read it and answer in time. Every look is recorded."),
    ]
    return mail.Letter(subject=subject, lines=lines, path=mail.page("staff:problem", problem.pk),
                       action=_("Open the problem"))  # fmt: skip


def _stay(notice: PlacementNotice, *, for_host: bool) -> mail.Letter:
    stay = notice.stay
    assert stay is not None
    bound = date.fromisoformat(notice.about.split("/")[1])
    left = (bound - timezone.localdate()).days
    told = {"day": formats.date_format(bound, "DATE_FORMAT"), "n": left}
    known = {each.id for each in rules.pathways()}
    route = rules.pathway(stay.pathway).name(translation.get_language() or "ko") if (
        stay.pathway in known) else _("an unknown route")  # fmt: skip
    if left < 0:
        subject = _("A stay is past its last day")
        line = _("The last day of this stay was %(day)s. Leave or ask an attorney today: a stay "
                 "past that day has heavy consequences.") % told  # fmt: skip
    else:
        subject = ngettext("%(n)d day of a stay is left", "%(n)d days of a stay are left",
                           max(left, 0)) % told  # fmt: skip
        line = _("The last day of this stay is %(day)s. Both the day of entry and the day of exit "
                 "count.") % told  # fmt: skip
    who = _("Traveler: %(label)s.") % {"label": stay.traveler.label} if for_host else (
        _("This is about your own stay in the U.S."))  # fmt: skip
    lines = [who, _("Route: %(route)s.") % {"route": route}, line,
             _("Check the “Admit Until” date of the Form I-94 at i94.cbp.dhs.gov. This is not "
               "legal advice.")]  # fmt: skip
    if for_host:
        path = mail.page("after:traveler", stay.traveler.organization.slug, stay.traveler_id)
    else:
        path = mail.page("arrival:placement", stay.traveler.placement_id)
    return mail.Letter(subject=subject, lines=lines, path=path, action=_("Sign in and see it"))


