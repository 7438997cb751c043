"""A decided round in the reader's language: to a student, of a program, and whether its
certificate holds for its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from corridor.matching import round_wording as wording
from corridor.matching import rounds
from corridor.matching.cohorts import groups
from corridor.matching.cohorts.models import CohortRound


@dataclass(eq=False)
class Outcome:
    """Read anew from the kept inputs and certificate; `titles`: the file's program id → title."""

    made: CohortRound
    titles: Mapping[str, str]

    @cached_property
    def _round(self) -> rounds.Round:
        return rounds.files.read(self.made.inputs)

    @cached_property
    def _certificate(self) -> rounds.Certificate:
        return rounds.certificate.read(self.made.certificate)

    @cached_property
    def holds(self) -> bool:
        """Whether the independent check finds nothing wrong, done now."""
        return not rounds.verify(self._round, self._certificate)

    @cached_property
    def _why(self) -> rounds.Explainer:
        return rounds.Explainer(self._round, self._certificate)

    def program_of(self, code: str) -> str | None:
        """The file's id of the program that this entrant got."""
        return self._certificate.assignment.get(code)

    def to_entrant(self, code: str) -> list[str]:
        """The result, then why each wish before it did not come true."""
        if code not in self._round.candidates:
            return []
        told = self._why.candidate(self._round.candidates.index(code))
        return wording.to_candidate(
            replace(
                told,
                program=self.titles.get(told.program, told.program) if told.program else None,
                reasons=tuple(self._named(reason) for reason in told.reasons),
            )
        )

    def of_program(self, key: str) -> tuple[list[str], list[tuple[str, int]]]:
        """(how it filled, in sentences; the admitted as (code, rank))."""
        told = self._why.program(self._round.programs.index(key))
        said = replace(told, reasons=tuple(self._named(reason) for reason in told.reasons))
        return wording.of_program(said), list(told.admitted)

    def figures(self) -> dict[str, Any]:
        given = [each for each in self._certificate.assignment.values() if each]
        return {
            "entrants": len(self._round.candidates), "matched": len(given),
            "hash": self._certificate.inputs,
            "seed": self._round.lottery.seed if self._round.lottery else "",
        }  # fmt: skip

    def _named(self, reason: rounds.Reason) -> rounds.Reason:
        """With a program's title and a group's name in place of their ids."""
        named = dict(reason.values)
        if isinstance(program := named.get("program"), str):
            named["program"] = self.titles.get(program, program)
        if isinstance(group := named.get("group"), str):
            named["group"] = groups.name(self.made.limit_by, group)
        return replace(reason, values=named)
