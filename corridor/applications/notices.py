"""Mail about a change of state, in each reader's language. It names no candidate."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts.models import User
from corridor.applications.models import CANDIDATE, ApplicationEvent, State


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
                    "application__candidate__user", "application__program__organization"
                )
                .filter(pk=pk)
                .first()
            )
            if event is None:  # another worker is telling it, or has
                continue
            for reader in _readers(event):
                _write(reader, event)
                sent += 1
            event.told = True
            event.save(update_fields=["told"])
    return sent


def _readers(event: ApplicationEvent) -> list[User]:
    application = event.application
    if event.side != CANDIDATE:
        person = application.candidate.user
        return [person] if person.is_active else []
    return list(
        User.objects.filter(
            memberships__organization=application.program.organization, is_active=True
        )
    )


def _write(reader: User, event: ApplicationEvent) -> None:
    program = event.application.program
    with translation.override(reader.language):
        state = State(event.to_state).label
        subject = _("Application update: %(state)s") % {"state": state}
        body = _(
            "The application to “%(program)s” is now: %(state)s.\n\n"
            "Please sign in to see it: %(address)s\n"
        ) % {
            "program": program.title,
            "state": state,
            "address": f"{settings.BASE_URL}/{reader.language}/",
        }
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [reader.email])
