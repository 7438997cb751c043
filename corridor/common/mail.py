"""One mail to one reader, with a text and an HTML part."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def message(
    to: str, subject: str, template: str, context: dict[str, Any],
    *, headers: dict[str, str] | None = None,
) -> EmailMultiAlternatives:  # fmt: skip
    """To be sent by the caller: `templates/mail/<template>.txt` and `.html` filled with `context`
    and the subject. Call with the reader's language active."""
    context = {**context, "subject": subject}
    made = EmailMultiAlternatives(
        " ".join(subject.split()),  # a header has no line ends
        render_to_string(f"mail/{template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers=headers,
    )
    made.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return made
