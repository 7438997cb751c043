"""The task-level check of a dispatch program: its duties and facts, judged by the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from corridor import rules
from corridor.matching import facts
from corridor.programs.kinds import Kind


def duty_check(program: Any, *, day: date, candidate: Any = None) -> rules.DutyCheck | None:
    """Each duty on each route that a dispatch can use; None for any other kind of program.

    Without a `candidate` what depends on the traveler is unknown. Reads the prefetched duties.
    """
    if program.kind != Kind.DISPATCH:
        return None
    known = facts.program_facts(program, with_duties=False)
    if candidate is not None:
        person, past = facts.candidate_facts(candidate, day=day), facts.history(candidate)
        known = facts.joined(person, past, known, facts.asked_majors(program), day=day)
    return rules.judge_duties(facts.duties(program), known, day=day)
