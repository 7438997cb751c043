"""How much an answer to an open question would settle.

For one pathway: the share of its open requirements that one answer decides, averaged over the
answers that the law tells apart; an answer that closes the pathway settles all of it. A must
weighs five times as much as a condition that can still be put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corridor.rules.changing import patterns
from corridor.rules.checks import Check, Outcome, outcome
from corridor.rules.facts import FactSpec
from corridor.rules.model import Requirement

MUST, CONDITION = 1.0, 0.2


class Readers:
    """Who reads which fact, and the answers that the law tells apart, for some pathways."""

    def __init__(
        self, requirements: Sequence[Sequence[Requirement]], registry: Mapping[str, FactSpec]
    ) -> None:
        self._registry = registry
        self._checks: dict[str, list[Check]] = {}
        self._answers: dict[str, tuple[Any, ...]] = {}
        for each in requirements:
            for requirement in each:
                for fact in requirement.facts:
                    self._checks.setdefault(fact, []).append(requirement.check)

    def answers(self, fact: str) -> tuple[Any, ...]:
        found = self._answers.get(fact)
        if found is None:
            checks = list(dict.fromkeys(self._checks.get(fact, ())))
            found = self._answers[fact] = patterns(self._registry[fact], checks)
        return found

    def settled(
        self,
        requirements: Sequence[Requirement],
        outcomes: Sequence[Outcome],
        facts: Mapping[str, Any],
    ) -> dict[str, float]:
        """Each unknown fact that keeps a requirement open, with the share (0 to 1) it settles."""
        open_ = [r for r, found in zip(requirements, outcomes, strict=True) if found is None]
        whole = sum(MUST if each.bars else CONDITION for each in open_)
        reading: dict[str, list[Requirement]] = {}
        for requirement in open_:
            for fact in requirement.facts:
                if facts.get(fact) is None:
                    reading.setdefault(fact, []).append(requirement)
        found: dict[str, float] = {}
        told = dict(facts)
        for fact, readers in reading.items():
            answers = self.answers(fact)
            total = 0.0
            for answer in answers:
                told[fact] = answer
                part = 0.0
                for requirement in readers:
                    then = outcome(requirement.check, told)
                    if then is False and requirement.bars:
                        part = whole
                        break
                    if then is not None:
                        part += MUST if requirement.bars else CONDITION
                total += part
            told.pop(fact, None)
            if total:
                found[fact] = total / whole / len(answers)
        return found
