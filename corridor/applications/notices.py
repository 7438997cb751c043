"""Mail about what happened to an application, in each reader's language. It names no candidate."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts.models import User
from corridor.applications import calendars, mail, planning, reasons, visa_steps, zones
from corridor.applications.models import (
    CANDIDATE,
    HOST,
    SYSTEM,
    ApplicationEvent,
    Interview,
    State,
)

Kind = ApplicationEvent.Kind
# What asks the host for a deed: those who only read and score are not written to.
_ASKS = (Kind.MESSAGE, Kind.INTERVIEW_ASKED, Kind.OFFER_EXPIRED)


def tell(application_id: int) -> int:
    """Tell about every event not yet told of this application; returns mails sent.

    Each event is told in its own transaction, so a mail server that fails at the third does not
    make the first two be told again.
    """
    sent = 0
    waiting = ApplicationEvent.objects.filter(application_id=application_id, told=False)
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            event = (
                waiting.select_for_update(of=("self",), skip_locked=True)
                .select_related(
                    "application__candidate__user", "application__program__organization",
                    "application__program__hub", "application__consent",
                )
                .filter(pk=pk)
                .first()
            )  # fmt: skip
            if event is None:  # another worker is telling it, or has
                continue
            for reader, side in _readers(event):
                with translation.override(reader.language):
                    mail.send(reader, letter(event, side, reader))
                sent += 1
            event.told = True
            event.save(update_fields=["told"])
    return sent


def _readers(event: ApplicationEvent) -> list[tuple[User, str]]:
    """Those on the other side. What a day brought, and what is in both calendars, both read."""
    application = event.application
    person = application.candidate.user
    both = event.side == SYSTEM or bool(event.values.get("both"))
    readers: list[tuple[User, str]] = []
    if person.is_active and (both or event.side == HOST):
        readers.append((person, CANDIDATE))
    if event.values.get("only") != CANDIDATE and (both or event.side == CANDIDATE):
        consent = application.consent
        # Of a candidate who took the consent back, a host learns the withdrawal and no more.
        if event.to_state == State.WITHDRAWN or (consent is not None and consent.stands):
            host = application.program.organization
            members = (
                accounts.editors_of(host) if event.kind in _ASKS
                else User.objects.filter(memberships__organization=host, is_active=True)
            )  # fmt: skip
            readers += [(member, HOST) for member in members.exclude(pk=person.pk)]
    return readers


def letter(event: ApplicationEvent, side: str, reader: User) -> mail.Letter:
    """The event's mail to a reader on `side`. Call with the reader's language active.

    What the other side wrote stays on the page, behind the sign-in.
    """
    program = event.application.program
    if side == CANDIDATE:
        path = mail.page("candidate:application", event.application_id)
    else:
        path = mail.page("firm:application", program.organization.slug, event.application_id)
    interview = (
        Interview.objects.filter(pk=event.values["interview"])
        .select_related("application__program__organization", "application__program__hub")
        .first()
        if "interview" in event.values
        else None
    )
    subject, lines = _words(event, side, interview)
    attached = _calendar(event, interview, reader, f"{settings.BASE_URL}{path}")
    return mail.Letter(
        subject=subject, lines=lines, path=path, action=_("Sign in and see it"),
        calendar=attached[0], method=attached[1],
    )  # fmt: skip


def _words(
    event: ApplicationEvent, side: str, interview: Interview | None
) -> tuple[str, list[str]]:
    application = event.application
    route, filed = planning.filed(event)
    stepped, what, day = visa_steps.said(event)
    if day is not None:
        route, filed = stepped, formats.date_format(day, "DATE_FORMAT")
    filled = {
        "program": application.program.title,
        "state": State(event.to_state).label,
        "day": formats.date_format(application.answer_by, "DATE_FORMAT")
        if application.answer_by else "",
        "when": zones.said(interview.starts_at, application.program)
        if interview is not None and interview.starts_at else "",
        "route": route,
        "filed": filed,
        "what": what,
        "due": formats.date_format(application.due_on, "DATE_FORMAT")
        if application.due_on else "",
    }  # fmt: skip
    subject, *lines = _PLAIN.get(event.kind, _moved)(event, side)
    return subject % filled, [line % filled for line in lines if line]


def _moved(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    subject = _("Application update: %(state)s")
    if side == CANDIDATE and event.to_state == State.CLOSED:
        return (
            subject,
            _("The host has answered your application to “%(program)s”. This time you were not "
              "selected."),
            reasons.sentence(event.reason).replace("%", "%%"),
        )  # fmt: skip
    if side == CANDIDATE and event.to_state == State.OFFERED and event.application.answer_by:
        return (
            subject,
            _("You have an offer for “%(program)s”. Please answer by %(day)s."),
            _("Take the time you need: talk with your family, school or employer first."),
        )
    if side == CANDIDATE:
        return subject, *_moved_for_candidate(event)
    if event.to_state == State.SUBMITTED:
        return (
            _("A new application: %(program)s"),
            _("Somebody has applied to “%(program)s”."),
            _("The promised day to answer is %(due)s.") if event.application.due_on else "",
        )
    return subject, *_moved_for_host(event)


def _moved_for_candidate(event: ApplicationEvent) -> tuple[str, ...]:
    match event.to_state:
        case State.UNDER_REVIEW:
            due = event.application.due_on
            return (
                _("The host has begun to read your application to “%(program)s”. You need do "
                  "nothing now."),
                _("The promised day to answer is %(due)s.")
                if due is not None and due >= timezone.localdate() else "",
            )  # fmt: skip
        case State.INTERVIEW:
            return (
                _("The host of “%(program)s” wants to talk with you. A mail of its own asks you to "
                  "choose a time."),
            )  # fmt: skip
    return (_("The application to “%(program)s” is now: %(state)s."),)


def _moved_for_host(event: ApplicationEvent) -> tuple[str, ...]:
    match event.to_state:
        case State.ACCEPTED:
            return (
                _("Your offer for “%(program)s” was accepted."),
                _("The page shows what comes next: the visa route, the papers and the first day."),
            )
        case State.DECLINED:
            return (
                _("Your offer for “%(program)s” was declined. You can offer the place to somebody "
                  "else."),
            )  # fmt: skip
        case State.WITHDRAWN if event.from_state == State.ACCEPTED:
            return (
                _("Somebody who had accepted your offer for “%(program)s” has withdrawn. You can "
                  "offer the place to somebody else."),
            )  # fmt: skip
        case State.WITHDRAWN:
            return (
                _("An applicant to “%(program)s” has withdrawn. You need not answer any more."),
            )
    return (_("The application to “%(program)s” is now: %(state)s."),)


def _message(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    if side == CANDIDATE:
        return _("A message about your application"), _(
            "The host has written to you about your application to “%(program)s”."
        )
    return _("A message from an applicant"), _("An applicant to “%(program)s” has written to you.")


def _proposed(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    if side == HOST:
        return (
            _("Interview: new times proposed"),
            _("Your team has proposed new times for the interview for “%(program)s”."),
            _("The time that was agreed before no longer holds."),
        )
    return (
        _("Interview: please choose a time"),
        _("The host of “%(program)s” invites you to an interview and proposes times. Choose one, "
          "or ask for others."),
        _("The time that was agreed before no longer holds.") if event.values.get("was_set")
        else "",
    )  # fmt: skip


def _asked(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    if event.values.get("lapsed"):
        said = _("The times proposed for the interview for “%(program)s” have passed.")
        return (
            _("Interview: no time was chosen"), said,
            _("The host is asked to propose others. If you still want the interview, write to "
              "them.") if side == CANDIDATE else _("Please propose others, or answer otherwise."),
        )  # fmt: skip
    if side == CANDIDATE:
        return (
            _("You asked for other interview times"),
            _("The host of “%(program)s” has been told and will propose others."),
        )
    return (
        _("Interview: other times are asked for"),
        _("The applicant to “%(program)s” cannot come at the proposed times and has written "
          "when they can."),
    )  # fmt: skip


def _set(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    return (
        _("Interview agreed: %(when)s"),
        _("The interview for “%(program)s” is at %(when)s."),
        _("The attached file puts it into your calendar."),
    )


def _cancelled(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    return (
        _("Interview called off"),
        _("The interview for “%(program)s” was called off. The reason is on the page."),
    )


def _soon(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    return (
        _("Interview within a day: %(when)s"),
        _("The interview for “%(program)s” is at %(when)s."),
    )


def _offer_changed(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    if event.values.get("prolonged"):
        return (
            _("You have more time for your offer"),
            _("The offer for “%(program)s” is the same; please answer by %(day)s."),
        )
    return (
        _("Your offer was changed"),
        _("The host has changed the offer for “%(program)s”. Please read it anew and answer by "
          "%(day)s."),
    )  # fmt: skip


def _offer_soon(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    return (
        _("Please answer your offer by %(day)s"),
        _("The offer for “%(program)s” waits for your answer until %(day)s."),
        _("If you need more time, write to the host: they can prolong it."),
    )


def _offer_expired(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    if side == CANDIDATE:
        return (
            _("The day to answer your offer has passed"),
            _("The offer for “%(program)s” was open until %(day)s and cannot be accepted now."),
            _("Nothing is closed yet. If you still want it, write to the host: they can prolong "
              "it."),
        )  # fmt: skip
    return (
        _("An offer was not answered in time"),
        _("The offer for “%(program)s” was open until %(day)s. Prolong it, or end it with a "
          "reason."),
    )  # fmt: skip


def _route_filed(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    """A step that the host took with an authority or a sponsor; nothing is decided by it."""
    if event.values.get("corrects"):
        said = _("The host of “%(program)s” has corrected what it filed for you: %(route)s, on "
                 "%(filed)s.")  # fmt: skip
    else:
        said = _("The host of “%(program)s” has filed for your visa route: %(route)s, on "
                 "%(filed)s.")  # fmt: skip
    return (
        _("The host has filed for your visa route"), said,
        _("Steps, days and costs on “My journey” follow this route now. Nothing is decided yet: "
          "book no flight before you hold the visa."),
        _("If this is not the route you agreed on, write to the host on the page of your "
          "application."),
    )  # fmt: skip


def _step_recorded(event: ApplicationEvent, side: str) -> tuple[str, ...]:
    if side == HOST:
        return (
            _("A participant has recorded a visa step"),
            _("A participant of “%(program)s” has recorded how far the visa has come, and lets you "
              "read it."),
            _("You get this mail once within a day. The page shows all steps."),
        )  # fmt: skip
    if event.values.get("undone"):
        return (
            _("The host has taken back a visa step"),
            _("The host of “%(program)s” took back what it had recorded: %(what)s, on %(filed)s."),
            _("The days on “My journey” follow it."),
        )
    return (
        _("The host has recorded a visa step"),
        _("The host of “%(program)s” has recorded: %(what)s, on %(filed)s. Route: %(route)s."),
        _("The days on “My journey” follow it. If it is not so, write to the host on the page of "
          "your application."),
    )  # fmt: skip


_PLAIN = {
    Kind.MOVED: _moved,
    Kind.MESSAGE: _message,
    Kind.INTERVIEW_PROPOSED: _proposed,
    Kind.INTERVIEW_ASKED: _asked,
    Kind.INTERVIEW_SET: _set,
    Kind.INTERVIEW_CANCELLED: _cancelled,
    Kind.INTERVIEW_SOON: _soon,
    Kind.OFFER_CHANGED: _offer_changed,
    Kind.OFFER_SOON: _offer_soon,
    Kind.OFFER_EXPIRED: _offer_expired,
    Kind.ROUTE_FILED: _route_filed,
    Kind.STEP_RECORDED: _step_recorded,
}


def _calendar(
    event: ApplicationEvent, interview: Interview | None, reader: User, address: str
) -> tuple[str, str]:
    """The calendar file and its method; empty where the event changes no calendar."""
    if interview is None or interview.starts_at is None:
        return "", ""
    if event.kind == Kind.INTERVIEW_SET and interview.state == Interview.State.SET:
        method = calendars.REQUEST
    elif event.values.get("was_set") and interview.state != Interview.State.SET:
        method = calendars.CANCEL
    else:
        return "", ""
    text = calendars.of(
        interview, method=method, reader=reader, address=address,
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    )  # fmt: skip
    return text, method
