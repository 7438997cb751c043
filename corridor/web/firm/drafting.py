"""A section of a posting that keeps itself in the draft while it is typed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from corridor.common import versions
from corridor.programs.models import Program
from corridor.web import autosaving
from corridor.web.firm import posting


def keep(
    request: HttpRequest, program: Program, shown: posting.Section
) -> dict[str, Any]:
    """Save a draft as far as it has been typed. What is open to candidates is saved by its button
    alone. `state`: saved, lacking (with `lacking`, labels), elsewhere or button.
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
        saved = shown.save(request, as_typed=True)
    except versions.Outdated:
        return {"state": "elsewhere"}
    except ValidationError as error:
        problems = shown.show(error)
        return {"state": "lacking", "lacking": autosaving.lacking(form), "problems": problems}
    return {"state": "saved", "opened": shown.opened(saved)}
