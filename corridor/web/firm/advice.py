"""What the rules say of a program as it is written, before anybody applies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from corridor import rules
from corridor.matching import facts
from corridor.programs.models import Program
from corridor.web import present


def advice(program: Program, *, day: date) -> dict[str, Any]:
    """Routes that the program leaves `open` and those it has `closed`, with what would open them.

    An open route still depends on the candidate. `asks` counts the questions that only the host
    can answer.
    """
    lang = present.language()
    registry = rules.facts()
    assessment = rules.assess(facts.program_facts(program), day=day, kind=program.kind)
    still_open, closed = [], []
    for verdict in assessment.verdicts:
        if verdict.record.role == "process":
            continue
        row = {
            "name": verdict.name(lang),
            "url": reverse("public:pathway", args=[verdict.pathway]),
            "state": present.STATES[verdict.display],
        }
        if row["state"] == "not_eligible":
            row["why"] = verdict.why(lang)
            row["changes"] = [
                change.text(lang) for change in verdict.changes() if change.who == "host"
            ]
            closed.append(row)
        else:
            row["asks"] = sum(
                registry[fact].who == "host" and fact.startswith("program.")
                for fact in verdict.missing
            )
            still_open.append(row)
    return {
        "open": still_open,
        "closed": closed,
        "day": present.day(day),
        "revision": assessment.revision,
    }
