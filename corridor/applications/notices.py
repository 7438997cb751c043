"""Mail about what happened to an application, in each reader's language. It names no candidate."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications import mail
from corridor.applications.models import CANDIDATE, SYSTEM, ApplicationEvent, State

Kind = ApplicationEvent.Kind


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
                    mail.send(reader, _letter(event, side))
                sent += 1
            event.told = True
            event.save(update_fields=["told"])
    return sent


def _readers(event: ApplicationEvent) -> list[tuple[User, str]]:
    """Those on the other side; of what a day brought, both sides, or the one it is meant for."""
    application = event.application
    person = application.candidate.user
    readers: list[tuple[User, str]] = []
    only = event.values.get("only")
    if event.side != CANDIDATE and only != "host" and person.is_active:
        readers.append((person, CANDIDATE))
    if event.side in (CANDIDATE, SYSTEM) and only != CANDIDATE:
        consent = application.consent
        # Who took the consent back is told of no more, but for the withdrawal itself.
        if event.side == CANDIDATE or (consent is not None and consent.stands):
            members = User.objects.filter(
                memberships__organization=application.program.organization, is_active=True
            ).exclude(pk=person.pk)
            readers += [(member, "host") for member in members]
    return readers


def _letter(event: ApplicationEvent, side: str) -> mail.Letter:
    program = event.application.program
    if side == CANDIDATE:
        path = mail.page("candidate:application", event.application_id)
    else:
        path = mail.page("firm:application", program.organization.slug, event.application_id)
    subject, said = _words(event, side)
    return mail.Letter(
        subject=subject,
        lines=[said % {"program": program.title, "state": State(event.to_state).label}],
        path=path,
        action=_("Sign in and see it"),
    )


def _words(event: ApplicationEvent, side: str) -> tuple[str, str]:
    """Subject and sentence. What the other side wrote stays on the page, behind the sign-in."""
    if event.kind == Kind.MESSAGE:
        if side == CANDIDATE:
            return _("A message about your application"), _(
                "The host has written to you about your application to “%(program)s”."
            )
        return _("A message from an applicant"), _(
            "An applicant to “%(program)s” has written to you."
        )
    return _("Application update: %(state)s") % {"state": State(event.to_state).label}, _(
        "The application to “%(program)s” is now: %(state)s."
    )
