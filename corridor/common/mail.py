"""One mail to one reader, with a text and an HTML part; and a way to read mails that are not sent.

Every mail of the product is made here, so that staff can look at each (web.staff.mails).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

_kept: ContextVar[list[Mail] | None] = ContextVar("kept_mails", default=None)


class Mail(EmailMultiAlternatives):
    """A mail that is kept instead of sent while somebody looks (`kept`)."""

    def send(self, fail_silently: bool = False) -> int:
        kept = _kept.get()
        if kept is None:
            return int(super().send(fail_silently))
        kept.append(self)
        return 1

    @property
    def html(self) -> str:
        """The HTML part; empty where there is none."""
        return next(
            (str(part.content) for part in self.alternatives if part.mimetype == "text/html"), ""
        )


@contextmanager
def kept() -> Iterator[list[Mail]]:
    """Inside, mails are put into the list that this gives, and none is sent."""
    mails: list[Mail] = []
    before = _kept.set(mails)
    try:
        yield mails
    finally:
        _kept.reset(before)


def message(
    to: str, subject: str, template: str, context: dict[str, Any],
    *, headers: dict[str, str] | None = None,
) -> Mail:  # fmt: skip
    """To be sent by the caller: `templates/mail/<template>.txt` and `.html` filled with `context`
    and the subject. Call with the reader's language active."""
    context = {**context, "subject": subject}
    made = Mail(
        " ".join(subject.split()),  # a header has no line ends
        render_to_string(f"mail/{template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers=headers,
    )
    made.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return made
