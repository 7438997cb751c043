"""Which route is shown first where a host says who sponsors the visa. An order of display, and of
which route is planned with first: scores and runs go by `rules.assess`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from corridor.programs.models import Program
from corridor.rules import Assessment, Verdict

# The visa class of a stated sponsor, as the rules name families. A designated sponsor and a U.S.
# university issue the form DS-2019 (see `program.us_university_sponsor`); others name no class.
_CLASSES = {Program.Sponsor.DESIGNATED: "J-1", Program.Sponsor.UNIVERSITY: "J-1"}


def first(assessment: Assessment, program: Program) -> Assessment:
    """The same verdicts, those of the class that the program's host says is sponsored before
    others that look the same (works, works if, not known), never before a better one. Closed
    routes stay as they are, and so do those that only a selection not yet made would open."""
    sponsored = _CLASSES.get(program.sponsor)  # type: ignore[call-overload]
    if sponsored is None:
        return assessment
    return replace(assessment, verdicts=list(_ordered(assessment.verdicts, sponsored)))


def _ordered(verdicts: list[Verdict], sponsored: str) -> Iterator[Verdict]:
    for (_process, display), alike in groupby(
        verdicts, lambda each: (each.record.role == "process", each.display)
    ):
        if display == "no":
            yield from alike
        else:
            yield from sorted(alike, key=lambda each: not _is_of(each, sponsored))


def _is_of(verdict: Verdict, sponsored: str) -> bool:
    if verdict.record.family != sponsored:
        return False
    return verdict.record.role != "by_selection" or any(
        outcome is True and requirement.id == verdict.record.selected_by
        for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True)
    )
