"""Mails of sign-in (allauth's), in the reader's language and with an HTML part as all others."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.template.loader import render_to_string
from django.utils import translation

from corridor.common.mail import Mail


class AccountAdapter(DefaultAccountAdapter):
    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Mail:  # fmt: skip
        """A person with an account reads their own language; a stranger that of the page."""
        language = getattr(context.get("user"), "language", "") or translation.get_language()
        with translation.override(language):
            plain = super().render_mail(template_prefix, email, context, headers)
            made = Mail(plain.subject, plain.body, plain.from_email, plain.to, headers=headers)
            said, _line, foot = plain.body.partition("\n--\nCorridor\n")
            made.attach_alternative(
                render_to_string(
                    "mail/account.html",
                    {
                        "subject": plain.subject,
                        "language": (language or "ko")[:2],
                        "lines": list(filter(str.strip, re.split(r"\n\s*\n", said))),
                        "because": foot.strip(),
                    },
                ),
                "text/html",
            )
        return made
