"""The mail that asks applicants to be careful when staff took their program down."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.applications import mail
from corridor.applications.models import Application, State
from corridor.common import audit
from corridor.programs.models import Review

_OVER = (State.DRAFT, State.DECLINED, State.WITHDRAWN, State.CLOSED)


def tell(review_id: int) -> int:
    """Write once to each person whose application is under way; returns mails sent."""
    review = Review.objects.filter(pk=review_id, state=Review.State.TAKEN_DOWN).first()
    if review is None:
        return 0
    sent = 0
    under_way = Application.objects.filter(program=review.program_id).exclude(state__in=_OVER)
    for pk in list(under_way.values_list("pk", flat=True)):
        with transaction.atomic():
            found = (
                under_way.select_for_update(of=("self",), skip_locked=True)
                .select_related("candidate__user", "program")
                .filter(pk=pk, candidate__user__is_active=True)
                .first()
            )
            if found is None or audit.was_recorded("application.warned", found, review=review.pk):
                continue
            reader = found.candidate.user
            with translation.override(reader.language):
                mail.send(reader, letter(found))
            audit.record("application.warned", found, by=None, review=review.pk)
            sent += 1
    return sent


def letter(application: Application) -> mail.Letter:
    """Call with the reader's language active. It does not say why: nothing is proven yet."""
    filled = {"program": application.program.title}
    return mail.Letter(
        subject=_("Please wait: “%(program)s” was taken down") % filled,
        lines=[
            _("Our staff has taken “%(program)s” down while they look into it. Your application is "
              "kept.") % filled,
            _("Until you hear from us, pay nothing, send no passport and book no flight for it."),
            _("If somebody has asked you for money or papers, keep the messages: they help us."),
        ],
        path=mail.page("candidate:application", application.pk),
        action=_("Sign in and see it"),
    )  # fmt: skip
