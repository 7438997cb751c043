"""A section of a posting while it is typed: judged as typed, kept as a draft, and two people who
write in one section are told of each other.

A page carries the stamp of the section as it was read (`posting.stamp`). A save with another stamp
than the stored one is somebody else's change, unless this very page made it (web.autosaving).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from corridor.common.models import AuditEntry
from corridor.programs.models import Program
from corridor.web import autosaving, present
from corridor.web.firm import posting


def _place(program: Program, section: str) -> str:
    return f"program-{program.pk}-{section}"


def save(
    request: HttpRequest, program: Program, shown: posting.Section, *, as_typed: bool = False
) -> str:
    """Save the section; gives its new stamp. `as_typed`: without its button, so that the page may
    go on from there. Raises `posting.ChangedElsewhere` and ValidationError."""
    place = _place(program, shown.name)
    with transaction.atomic():
        saved = shown.save(
            program, by=request.user, seen=request.POST.get("seen", "")[:32],
            own=lambda: autosaving.last(request, place),
        )  # fmt: skip
        saved.refresh_from_db(fields=["details", "rule_facts"])
        now = posting.stamp(saved, shown.name)
        if as_typed:
            autosaving.remember(request, place, now)
    return now


def keep(
    request: HttpRequest, program: Program, shown: posting.Section
) -> dict[str, Any]:
    """Save a draft as far as it has been typed. What is open to candidates is saved by its button
    alone. `state`: saved, lacking (with `lacking`, labels), elsewhere (with `elsewhere`) or button.
    """
    if program.status != Program.Status.DRAFT:
        return {"state": "button"}
    form: Any = shown.form if shown.rows is None else shown.rows
    if not shown.is_valid():
        lacking = autosaving.lacking(form)
        if shown.form is not None and shown.rows is not None:
            lacking = autosaving.lacking(shown.form) + lacking
        return {"state": "lacking", "lacking": lacking}
    try:
        now = save(request, program, shown, as_typed=True)
    except ValidationError as error:
        problems = shown.show(error)
        return {"state": "lacking", "lacking": autosaving.lacking(form), "problems": problems}
    except posting.ChangedElsewhere:
        return {"state": "elsewhere", "elsewhere": elsewhere(program, shown.name)}
    return {"state": "saved", "seen": now}


def elsewhere(program: Program, section: str) -> dict[str, Any]:
    """Who saved the program last, and when."""
    row = (
        AuditEntry.objects.filter(
            subject_type=program._meta.label, subject_id=str(program.pk), action="program.saved"
        )
        .select_related("actor")
        .first()
    )
    at: datetime | None = row.at if row else None
    who = (row.actor.name or row.actor.email) if row and row.actor else ""
    return {"who": who, "when": present.moment(at), "section": section}
