"""Features that staff can switch off in an emergency, or on for some.

A switch is declared here, as data; one that is not declared cannot be asked for or set. Without a
row in the table it is on for everybody. Within a request all of them are read with one query, and
only if one is asked for (web.middleware.read_switches_once).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.common import audit
from corridor.common.models import Switch


@dataclass(frozen=True)
class Declared:
    """`does`: what stops when it is off, for staff. `off`: what a person reads instead."""

    name: str
    title: Any
    does: Any
    off: Any


CV_READING = "cv_reading"
SEARCH_MAIL = "search_mail"
APPLYING = "applying"
REPORTING = "reporting"

SWITCHES = {
    each.name: each
    for each in (
        Declared(
            CV_READING, gettext_lazy("Reading CVs"),
            gettext_lazy("Off: nobody can upload a CV to fill a profile. What was read stays. For "
                         "a flood of files or a fault in a reader."),
            gettext_lazy("Reading CVs is switched off for the moment. Your profile is as it was; "
                         "you can fill it in by hand meanwhile."),
        ),
        Declared(
            APPLYING, gettext_lazy("New applications"),
            gettext_lazy("Off: nobody can send a new application; drafts are kept and those under "
                         "way go on. For an attack, or when the law changes overnight."),
            gettext_lazy("New applications are closed for the moment. Drafts are kept as they are; "
                         "please come back a little later."),
        ),
        Declared(
            SEARCH_MAIL, gettext_lazy("Mail of saved searches"),
            gettext_lazy("Off: the morning mail is not sent. What is new is counted and mailed on "
                         "the first morning after. For a wrong or double mail."),
            gettext_lazy("The mail of saved searches is switched off for the moment. New programs "
                         "still stand here, and nothing is lost."),
        ),
        Declared(
            REPORTING, gettext_lazy("Reports by visitors"),
            gettext_lazy("Off: the form that reports a program is closed. For a flood of false "
                         "reports."),
            gettext_lazy("Reports by this form are closed for the moment. Please write to our "
                         "staff by mail."),
        ),
    )
}  # fmt: skip

_seen: ContextVar[dict[str, Any] | None] = ContextVar("switches", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside, the table is read at most once."""
    before = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(before)


def _rows() -> dict[str, Switch]:
    kept = _seen.get()
    if kept is None:  # outside a request: read anew each time
        return {row.name: row for row in Switch.objects.all()}
    if "rows" not in kept:
        kept["rows"] = {row.name: row for row in Switch.objects.all()}
    return dict(kept["rows"])


def is_on(name: str, user: Any = None) -> bool:
    """Whether the feature works for this person; None or a stranger: for somebody unknown.

    A person is always on the same side of a share. Raises KeyError for an undeclared name.
    """
    SWITCHES[name]
    row = _rows().get(name)
    if row is None:
        return True
    if not row.is_on:
        return False
    if row.whom == Switch.Whom.STAFF:
        return bool(getattr(user, "is_staff", False))
    if row.whom == Switch.Whom.SHARE:
        return row.share_pct >= 100 or _place(name, getattr(user, "pk", None)) < row.share_pct
    return True


def _place(name: str, pk: int | None) -> int:
    """0..99, the same for a person and a switch, evenly spread; strangers come last."""
    if pk is None:
        return 99
    return int.from_bytes(hashlib.sha256(f"{name}/{pk}".encode()).digest()[:4], "big") % 100


def standing() -> list[tuple[Declared, Switch]]:
    """Every declared switch with how it stands, in the order declared."""
    rows = {row.name: row for row in Switch.objects.select_related("changed_by")}
    return [(each, rows.get(name, Switch(name=name))) for name, each in SWITCHES.items()]


@transaction.atomic
def turn(
    name: str, *, by: Any, is_on: bool, whom: str = "everybody", share_pct: int = 100,
    note: str = "",
) -> Switch:  # fmt: skip
    """Set a declared switch. Staff alone; switching off asks for a note."""
    if not getattr(by, "is_staff", False):
        raise PermissionDenied
    if name not in SWITCHES:
        raise ValidationError(_("There is no such switch."))
    if not is_on and not note.strip():
        raise ValidationError({"note": _("Say why it is switched off: your colleagues read it.")})
    row = Switch(name=name, is_on=is_on, whom=whom, share_pct=share_pct, note=note.strip(),
                 changed_by=by)  # fmt: skip
    row.full_clean(validate_unique=False)
    row.save()
    audit.record("switch.turned", row, by=by, on=is_on, whom=whom, share=share_pct)
    if (kept := _seen.get()) is not None:
        kept.clear()
    return row
