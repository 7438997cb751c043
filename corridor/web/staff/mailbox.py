"""Every mail that the product can send, by the code that sends it, written for made-up readers.

`SENDERS` names each module that writes mails (a test looks that none is missing) with a function
that makes its mails one by one: what is to be told is put into the database, the module's own
`tell` writes it, and everything is rolled back. So what staff see is what people get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from corridor.accounts import teams
from corridor.accounts.models import Invitation, Membership, Organization
from corridor.applications import (
    colleagues,
    invitations,
    notices,
    reminding,
    verified,
    warning,
)
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    SYSTEM,
    TRANSITIONS,
    ApplicationEvent,
    Reminder,
    State,
)  # fmt: skip
from corridor.candidates.models import SavedSearch
from corridor.common.mail import Mail, kept
from corridor.matching import saved
from corridor.partnerships import notices as agreements
from corridor.partnerships import research_letters
from corridor.partnerships.models import Notice, Obligation
from corridor.programs import checking
from corridor.programs import notices as reviews
from corridor.programs.models import Review
from corridor.web.staff.mailbox_papers import signing
from corridor.web.staff.mailbox_placements import placements
from corridor.web.staff.mailbox_research import research
from corridor.web.staff.mailbox_steps import due_steps, recorded
from corridor.web.staff.sample_world import World, made

Made = Iterator[tuple[str, Callable[[], Any]]]  # (what it tells, the call that sends it)
Kind = ApplicationEvent.Kind


@dataclass(frozen=True)
class Written:
    """One mail: its id in the list, the role of its reader, and the mail itself."""

    id: str
    reader: str
    mail: Mail


# --- the senders ----------------------------------------------------------------------------------


def _events(world: World) -> Made:
    """Each step of an application, and each other thing that happens to it."""

    def told(kind: str, side: str, start: str, end: str, **values: Any) -> Callable[[], Any]:
        def tell() -> int:
            ApplicationEvent.objects.create(
                application=world.application, kind=kind, side=side, from_state=start,
                to_state=end, values=values, reason="filled" if end == State.CLOSED else "",
            )  # fmt: skip
            return notices.tell(world.application.pk)

        return tell

    for (start, end), side in TRANSITIONS.items():
        if State.DRAFT in (start, end) and end != State.SUBMITTED:
            continue  # a draft that is dropped is nobody's news
        yield f"moved.{start}.{end}", told(Kind.MOVED, side, start, end)
    interview, here = {"interview": world.interview.pk}, world.application.state
    others: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
        Kind.MESSAGE: [("host", HOST, {}), ("candidate", CANDIDATE, {})],
        Kind.INTERVIEW_PROPOSED: [("", HOST, interview),
                                  ("anew", HOST, {**interview, "was_set": True, "both": True})],
        Kind.INTERVIEW_ASKED: [("", CANDIDATE, {**interview, "both": True}),
                               ("lapsed", SYSTEM, {**interview, "lapsed": True})],
        Kind.INTERVIEW_SET: [("", CANDIDATE, {**interview, "both": True})],
        Kind.INTERVIEW_CANCELLED: [("", HOST, {**interview, "both": True})],
        Kind.INTERVIEW_SOON: [("", SYSTEM, interview)],
        Kind.OFFER_CHANGED: [("", HOST, {}), ("prolonged", HOST, {"prolonged": True})],
        Kind.OFFER_SOON: [("", SYSTEM, {"only": CANDIDATE})],
        Kind.OFFER_EXPIRED: [("", SYSTEM, {})],
        Kind.ROUTE_FILED: [
            (name, HOST, {"pathway": "j1_intern", "day": world.day.isoformat(), "corrects": again})
            for name, again in (("", False), ("corrected", True))
        ],
        Kind.STEP_RECORDED: [
            (name, HOST, {"pathway": "j1_intern", "step": "ds2019", "mark": "received",
                          "day": world.day.isoformat(), "undone": undone})
            for name, undone in (("", False), ("undone", True))
        ] + [("shown", CANDIDATE, {})],
    }  # fmt: skip
    for kind in Kind.values:
        for name, side, values in others.get(kind, []):
            yield ".".join(filter(None, (kind, name))), told(kind, side, here, here, **values)


def _reminders(world: World) -> Made:
    for kind in Reminder.Kind.values:

        def tell(kind: str = kind) -> int:
            Reminder.objects.create(
                application=world.application, kind=kind, due_on=world.application.due_on
            )
            return reminding.tell(world.host.pk)

        yield kind, tell


def _invitations(world: World) -> Made:
    for role in Membership.Role.values:

        def tell(role: str = role) -> int:
            email = world.user("candidate").email
            made = Invitation.objects.create(
                organization=world.host, email=email, role=role, by=world.user("host"),
                ends_at=timezone.now() + timedelta(days=teams.INVITATION_DAYS),
            )  # fmt: skip
            return invitations.tell(
                world.host.pk, token=teams.token(made), email=email, language=world.language
            )

        yield f"team.{role}", tell


def _verified(world: World) -> Made:
    host = world.host
    for status in (Organization.Status.VERIFIED, Organization.Status.REJECTED):

        def tell(status: str = status) -> int:
            host.status, host.verified_at = status, timezone.now()
            host.save(update_fields=["status", "verified_at"])
            return verified.tell(host.pk, at=host.verified_at.isoformat())

        yield str(status), tell


def _left(world: World) -> Made:
    def tell() -> int:
        return colleagues.tell(world.host.pk, user_id=world.user("candidate").pk)

    yield "left", tell


def _warnings(world: World) -> Made:
    def tell() -> int:
        review = Review.objects.create(program=world.program, state=Review.State.TAKEN_DOWN)
        return warning.tell(review.pk)

    yield "taken_down", tell


def _reviews(world: World) -> Made:
    for state in reviews.TOLD:

        def tell(state: str = state) -> int:
            reasons = [key for key, _label in checking.choices("reasons")][:2]
            review = Review.objects.create(
                program=world.program, state=state,
                reasons=[] if state == Review.State.APPROVED else reasons,
            )  # fmt: skip
            return reviews.tell(review.pk)

        yield str(state), tell


def _searches(world: World) -> Made:
    def tell() -> int:
        before = timezone.now() - timedelta(days=1)
        search = SavedSearch.objects.create(
            candidate=world.candidate, name="배터리" if world.language == "ko" else "Batteries",
            query="kind=internship", alert=SavedSearch.Alert.MAIL, told_until=before,
            seen_until=before,
        )  # fmt: skip
        return saved.tell(search.pk, day=world.day)

    yield "new_programs", tell


def _agreements(world: World) -> Made:
    day = world.day.isoformat()
    values = {"university": world.university.pk, "round": 1, "title_ko": "2027년 배정(견본)",
              "title_en": "Round of 2027 (sample)", "rank_until": day, "choose_until": day,
              "count": 3, "student": 1, "nomination": 1}  # fmt: skip
    duty = Obligation.objects.create(
        agreement=world.agreement, side="KR", due_on=world.day,
        text="참가자 명단(견본)" if world.language == "ko" else "List of participants (sample)",
    )  # fmt: skip
    yield from research(world)
    for what in Notice.What.values:
        if what in research_letters.PROJECTS | research_letters.INTRODUCTIONS:
            continue
        about = {Notice.What.DUTY: f"{duty.pk}/{day}",
                 Notice.What.RENEW: f"{world.agreement.ends_on}/90"}.get(what, "")  # fmt: skip
        for name, more, readers in _readers_of(world, what):

            def tell(
                what: str = what, about: str = about, more: Any = more, readers: Any = readers
            ) -> int:
                notice = Notice.objects.create(
                    what=what, agreement=world.agreement, about=about, program=world.program,
                    values={**values, **more}, **readers,
                )  # fmt: skip
                return agreements.tell(notice.pk)

            yield ".".join(filter(None, (what, name))), tell


_TO_STUDENT = {Notice.What.AFFILIATED, Notice.What.NOMINATION_ASKED}
_TO_BOTH = {Notice.What.NOMINATION_SENT, Notice.What.ROUND_DECIDED}
_YES_OR_NO = {Notice.What.AFFILIATED, Notice.What.NOMINATION_ANSWERED}


def _readers_of(world: World, what: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    student = {"person": world.candidate.user}
    office = {"organization": world.university}
    readers = [student] if what in _TO_STUDENT else [office]
    if what in _TO_BOTH:
        readers = [student, office]
    found = []
    for each in readers:
        for said in (True, False) if what in _YES_OR_NO else (None,):
            name = "" if len(readers) == 1 else ("student" if "person" in each else "office")
            more = {} if said is None else {"confirmed": said, "agrees": said}
            word = "" if said is None else ("yes" if said else "no")
            found.append((".".join(filter(None, (name, word))), more, each))
    return found


_SIGN_IN = ("email_confirmation", "email_confirmation_signup", "password_reset_key",
            "unknown_account", "account_already_exists")  # fmt: skip


def _sign_in(world: World) -> Made:
    """Those that allauth sends with the settings of this site."""
    person = world.user("candidate")
    request = HttpRequest()
    request.META.update(HTTP_HOST=settings.BASE_URL.partition("://")[2], SERVER_PORT="443")
    link = f"{settings.BASE_URL}/{world.language}/account/sample/"
    for prefix in _SIGN_IN:

        def tell(prefix: str = prefix) -> None:
            context = {
                "user": person, "activate_url": link, "password_reset_url": link,
                "signup_url": link, "email": person.email,
            }  # fmt: skip
            with request_context(request):
                get_adapter(request).send_mail(f"account/email/{prefix}", person.email, context)

        yield prefix, tell


# module that sends -> (first part of the id, its mails)
SENDERS: dict[str, tuple[str, Callable[[World], Made]]] = {
    "corridor.accounts.adapter": ("sign_in", _sign_in),
    "corridor.applications.colleagues": ("colleague", _left),
    "corridor.applications.invitations": ("invitation", _invitations),
    "corridor.applications.notices": ("application", _events),
    "corridor.applications.reminding": ("reminder", _reminders),
    "corridor.applications.verified": ("verification", _verified),
    "corridor.applications.step_reminding": ("due_steps", due_steps),
    "corridor.applications.visa_reminding": ("step", recorded),
    "corridor.applications.warning": ("warning", _warnings),
    "corridor.applications.countersigned.telling": ("paper", signing),
    "corridor.applications.telling": ("placement", placements),
    "corridor.matching.saved": ("search", _searches),
    "corridor.partnerships.notices": ("agreement", _agreements),
    "corridor.programs.notices": ("review", _reviews),
}


AREAS = tuple(area for area, _sender in SENDERS.values())


def written(language: str, only: str = "", *, area: str = "") -> list[Written]:
    """All mails (or those of one id, or of one area) in one language, written and none sent.

    What it costs are the queries of each sender, some eight a mail; so a page writes one area."""
    wanted = area or only.partition(".")[0]
    found: list[Written] = []
    with translation.override(language), transaction.atomic(), kept() as mails:
        world = made(language)
        for area, sender in SENDERS.values():
            if wanted and area != wanted:
                continue
            for name, tell in sender(world):
                key = f"{area}.{name}"
                if only and key != only:
                    continue
                # Each in a savepoint of its own: what one puts in does not change the next.
                point = transaction.savepoint()
                mails.clear()
                tell()
                transaction.savepoint_rollback(point)
                found += [
                    Written(key, world.people[mail.to[0]], mail)
                    for mail in mails
                    if mail.to[0] in world.people
                ]
        transaction.set_rollback(True)
    return found
