"""One mail to one reader, as text and HTML, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from corridor.accounts.models import User
from corridor.common.mail import message


@dataclass(frozen=True)
class Letter:
    """`lines` are paragraphs; `path` is the page that the button `action` opens.

    `because` says why the reader gets it, where it is not for what they do on Corridor.
    `calendar` is an iCalendar text with its METHOD, attached as invite.ics.
    """

    subject: str
    lines: Sequence[str]
    path: str
    action: str
    calendar: str = ""
    method: str = "REQUEST"
    rows: Sequence[str] = field(default=())
    because: str = ""


def page(name: str, *arguments: object) -> str:
    """The path of a page in the language that is active now."""
    return reverse(name, args=arguments)


def tell_once(
    notices: QuerySet[Any], pk: int, *,
    readers: Callable[[Any], Sequence[User]], letter: Callable[[Any], Letter],
) -> int:  # fmt: skip
    """Send one row of `notices` that has `told=False` to its readers, each in their language, and
    mark it told; returns mails sent. Safe to run twice, and beside itself."""
    with transaction.atomic():
        waiting = notices.select_for_update(of=("self",), skip_locked=True)
        notice = waiting.filter(pk=pk, told=False).first()
        if notice is None:
            return 0
        people = readers(notice)
        for reader in people:
            with translation.override(reader.language):
                send(reader, letter(notice))
        notice.told = True
        notice.save(update_fields=["told"])
        return len(people)


def send(reader: User, letter: Letter) -> None:
    """Call with the reader's language active. Raises OSError where the mail server refuses."""
    context = {
        "lines": letter.lines,
        "rows": letter.rows,
        "action": letter.action,
        "address": f"{settings.BASE_URL}{letter.path}",
        "language": reader.language,
        "because": letter.because,
    }
    mail = message(reader.email, letter.subject, "notice", context)
    if letter.calendar:
        mail.attach("invite.ics", letter.calendar, f"text/calendar; method={letter.method}")
    mail.send()
