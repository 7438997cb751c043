"""Mail to a host about what staff decided of its program, in each reader's language."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts.models import User
from corridor.common.mail import message
from corridor.programs import checking
from corridor.programs.models import Review

State = Review.State
TOLD = (State.APPROVED, State.SENT_BACK, State.TAKEN_DOWN)


@transaction.atomic
def tell(pk: int) -> int:
    """Tell the host's owners and editors of one decision, once; returns mails sent."""
    review = (
        Review.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("program__organization")
        .filter(pk=pk, told=False, state__in=TOLD)
        .first()
    )
    if review is None:  # told, or being told by another worker
        return 0
    readers = accounts.editors_of(review.program.organization)
    sent = 0
    for reader in readers:
        with translation.override(reader.language):
            letter(review, reader).send()
        sent += 1
    review.told = True
    review.save(update_fields=["told"])
    return sent


def letter(review: Review, reader: User) -> EmailMultiAlternatives:
    """The mail to one reader. Call with the reader's language active."""
    program = review.program
    filled = {"program": program.title}
    rows = [text for text in map(checking.sentence, review.reasons) if text]
    if review.state == State.APPROVED:
        subject = _("Your program is public: %(program)s")
        lines = [_("Our staff has looked at “%(program)s”. Candidates can find it and apply now.")]
        action, path = _("See the page"), reverse("public:program", args=[program.pk])
    else:
        path = reverse("firm:program_edit", args=[program.organization.slug, program.pk])
        action = _("Open the program")
        if review.state == State.SENT_BACK:
            subject = _("Please look at your program once more: %(program)s")
            lines = [
                _("Thank you for “%(program)s”. Before the public sees it, we ask you to change a "
                  "little. Everything you wrote is kept."),
                _("Change what stands below and publish again; we will look at it soon."),
            ]  # fmt: skip
        else:
            subject = _("Your program was taken down: %(program)s")
            lines = [
                _("“%(program)s” is not public for now. Applications that were sent are kept."),
                _("The reasons stand below. Change or answer them and publish again; we will look "
                  "at it."),
            ]  # fmt: skip
    if review.note:
        rows = [*rows, review.note]
    context = {
        "lines": [line % filled for line in lines], "rows": rows, "action": action,
        "address": f"{settings.BASE_URL}{path}", "language": reader.language,
        "because": _("You get this mail because you look after an organization on Corridor."),
    }  # fmt: skip
    return message(reader.email, subject % filled, "notice", context)
