"""Mail about answers that are due: one for a member and a kind, however many are due."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.accounts import queries as accounts
from corridor.accounts.models import Organization, User
from corridor.applications import mail
from corridor.applications.models import Reminder
from corridor.programs.models import Program


def tell(organization_id: int) -> int:
    """Tell who may answer for the organization, and of late ones staff; returns mails sent.

    A reminder whose application was answered meanwhile is passed over.
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        return 0
    return sum(_tell(organization, kind) for kind in Reminder.Kind.values)


@transaction.atomic
def _tell(organization: Organization, kind: str) -> int:
    waiting = list(
        Reminder.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(told=False, kind=kind, application__program__organization=organization)
        .select_related("application__program", "application__consent")
    )
    Reminder.objects.filter(pk__in=[each.pk for each in waiting]).update(told=True)
    due = Counter(each.application.program for each in waiting if _stands(each))
    if not due:
        return 0
    readers = [(member, False) for member in accounts.editors_of(organization)]
    if kind == Reminder.Kind.LATE:
        readers += [
            (staff, True) for staff in User.objects.filter(is_staff=True, is_active=True)
        ]
    for reader, is_staff in readers:
        with translation.override(reader.language):
            mail.send(reader, _letter(organization, kind, due, for_staff=is_staff))
    return len(readers)


def _stands(reminder: Reminder) -> bool:
    application = reminder.application
    return bool(
        application.due_on == reminder.due_on
        and application.consent is not None
        and application.consent.stands
    )


def _letter(
    organization: Organization, kind: str, due: Counter[Program], *, for_staff: bool
) -> mail.Letter:
    many = sum(due.values())
    if for_staff:
        return mail.Letter(
            subject=_("Unanswered applications: %(host)s") % {"host": organization.name},
            lines=[
                ngettext(
                    "%(n)d candidate has waited past the promised day for an answer of %(host)s.",
                    "%(n)d candidates have waited past the promised day for an answer of %(host)s.",
                    many,
                )
                % {"n": many, "host": organization.name},
                _("The host was reminded before, on the day, and today."),
            ],
            rows=_rows(due),
            path=mail.page("staff:answers"),
            action=_("Open the answer watch"),
        )
    subject, said = {
        Reminder.Kind.SOON: (
            ngettext("%d answer is due soon", "%d answers are due soon", many) % many,
            _("Candidates wait for your answer, and the promised day is near."),
        ),
        Reminder.Kind.DUE: (
            ngettext("%d answer is due now", "%d answers are due now", many) % many,
            _("Candidates wait for your answer, and the promised day has come."),
        ),
        Reminder.Kind.LATE: (
            ngettext("%d answer is late", "%d answers are late", many) % many,
            _("Candidates have waited past the promised day. Our staff has been told today."),
        ),
    }[Reminder.Kind(kind)]
    return mail.Letter(
        subject=subject,
        lines=[
            said,
            _("A short answer is enough: start the review, invite, or say kindly that it is a no."),
        ],
        rows=_rows(due),
        path=mail.page("firm:home", organization.slug),
        action=_("Sign in and answer"),
    )


def _rows(due: Counter[Program]) -> list[str]:
    return [
        ngettext("“%(program)s”: %(n)d candidate", "“%(program)s”: %(n)d candidates", n)
        % {"program": program.title, "n": n}
        for program, n in due.most_common()
    ]
