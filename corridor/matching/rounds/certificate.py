"""A certificate of stability, and the check of it that anybody can follow.

The check shares no code with the assignment: it goes through people and programs one by one, with
nothing but comparisons. **Stable** means (Abdulkadiroğlu & Sönmez 2003, fairness and no waste under
controlled choice; Roth 2008 without limits): every pair was chosen, ranked and not barred, seats
and limits hold, and no candidate c has a program p that c put before their own and that ranked c,
the pair not being barred, where

1. c's group is at its limit at p, and p admitted somebody of that group ranked after c; or
2. the group is not at its limit, and p has a free seat or admitted anybody ranked after c.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import Any

from corridor.matching.rounds.files import digest
from corridor.matching.rounds.model import BadRound, Round, number

FORMAT = "corridor-round-certificate/1"
METHOD = "candidate-proposing deferred acceptance"
Assigned = Mapping[str, str | None]


@dataclass(frozen=True)
class Last:
    """Who was admitted last, and their rank among all whom the program could have taken."""

    candidate: str
    rank: int


@dataclass(frozen=True)
class Closing:
    """How a program, or one limited group in it, closed: with `filled` of `most` taken."""

    most: int
    filled: int
    last: Last | None
    groups: Mapping[str, Closing] = field(default_factory=dict)


@dataclass(frozen=True)
class Certificate:
    """The outcome and what makes it checkable. Every candidate stands in `assignment`."""

    inputs: str
    assignment: Assigned
    programs: Mapping[str, Closing]


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong; `code` is a message id of `round_wording`."""

    code: str
    candidate: str = ""
    program: str = ""
    other: str = ""  # the candidate who was admitted instead
    group: str = ""


class Book:
    """The round as plain look-ups by id, for reading one by one."""

    def __init__(self, made: Round) -> None:
        self.made = made
        self.candidate_at = {key: at for at, key in enumerate(made.candidates)}
        self.program_at = {key: at for at, key in enumerate(made.programs)}
        # What each candidate chose and each program ranked: id -> value, the lower the better.
        self.wishes: list[dict[str, float]] = [{} for _ in made.candidates]
        self.standings: list[dict[str, float]] = [{} for _ in made.programs]
        self.barred: set[tuple[str, str]] = set()
        pairs = made.pairs
        for candidate, program, wish, standing, bar in zip(
            pairs.candidate.tolist(), pairs.program.tolist(), pairs.wish.tolist(),
            pairs.standing.tolist(), pairs.bar.tolist(), strict=True,
        ):  # fmt: skip
            who, where = made.candidates[candidate], made.programs[program]
            self.wishes[candidate][where] = -wish if made.wish_scored[candidate] else wish
            if not isnan(standing):
                scored = made.standing_scored[program]
                self.standings[program][who] = -standing if scored else standing
            if bar:
                self.barred.add((who, where))
        drawn = made.lottery
        self.candidate_lots = drawn.candidates.tolist() if drawn else [0] * len(made.candidates)
        self.program_lots = drawn.programs.tolist() if drawn else [0] * len(made.programs)

    @cached_property
    def inputs(self) -> str:
        return digest(self.made)

    def takes(self, program: str, candidate: str) -> bool:
        """The program ranked the candidate and nothing bars the pair."""
        ranked = candidate in self.standings[self.program_at[program]]
        return ranked and (candidate, program) not in self.barred

    def standing(self, program: str, candidate: str) -> tuple[float, int, str]:
        """Compares as the program ranks: what it said, the lottery, the id."""
        said = self.standings[self.program_at[program]][candidate]
        return said, self.candidate_lots[self.candidate_at[candidate]], candidate

    def wish(self, candidate: str, program: str) -> tuple[float, int, str]:
        said = self.wishes[self.candidate_at[candidate]][program]
        return said, self.program_lots[self.program_at[program]], program

    def before(self, candidate: str, own: str | None) -> Iterable[str]:
        """The programs that the candidate put before their own (all, where they have none)."""
        chosen = self.wishes[self.candidate_at[candidate]]
        if own is None:
            return chosen
        mine = self.wish(candidate, own)
        # Most differ in what was said; the lottery is asked only where that is equal.
        return [
            program for program, said in chosen.items()
            if said <= mine[0] and self.wish(candidate, program) < mine
        ]  # fmt: skip

    def group(self, candidate: str, program: str) -> str | None:
        """The limited group as which the program counts the candidate; None: no limit."""
        limits = self.made.limits[self.program_at[program]]
        if not limits:
            return None
        group = self.made.groups[self.candidate_at[candidate]].get(limits.by)
        return group if group in limits.at_most else None

    def fault(self, candidate: str, program: str | None) -> str | None:
        """Why this pair may not be in an assignment at all."""
        if candidate not in self.candidate_at:
            return "unknown_candidate"
        if program is None:
            return None
        if program not in self.program_at:
            return "unknown_program"
        if program not in self.wishes[self.candidate_at[candidate]]:
            return "not_chosen"
        if candidate not in self.standings[self.program_at[program]]:
            return "not_ranked"
        return "barred" if (candidate, program) in self.barred else None

    def closings(self, assignment: Assigned) -> dict[str, Closing]:
        """How each program closed. A pair that is at fault takes no seat."""
        admitted: dict[str, list[str]] = {program: [] for program in self.made.programs}
        for candidate, program in assignment.items():
            if program is not None and self.fault(candidate, program) is None:
                admitted[program].append(candidate)
        found = {}
        for program, people in admitted.items():
            at = self.program_at[program]
            limits = self.made.limits[at]
            at_most = limits.at_most if limits else {}
            of_group: dict[str, list[str]] = {group: [] for group in at_most}
            for candidate in people:
                group = self.group(candidate, program)
                if group is not None:
                    of_group[group].append(candidate)
            found[program] = Closing(
                int(self.made.seats[at]), len(people), self._last(program, people),
                {group: Closing(at_most[group], len(some), self._last(program, some))
                 for group, some in of_group.items()},
            )  # fmt: skip
        return found

    def _last(self, program: str, people: list[str]) -> Last | None:
        if not people:
            return None
        last = max(people, key=lambda each: self.standing(program, each))
        bound = self.standing(program, last)
        ranked = self.standings[self.program_at[program]]
        ahead = sum(
            1 for each, said in ranked.items()
            if said <= bound[0] and (each, program) not in self.barred
            and self.standing(program, each) < bound
        )  # fmt: skip
        return Last(last, ahead + 1)


def certify(made: Round, assignment: Assigned, book: Book | None = None) -> Certificate:
    """The certificate of an assignment by id. It vouches for nothing: `verify` does."""
    book = book or Book(made)
    return Certificate(book.inputs, dict(assignment), book.closings(assignment))


def verify(made: Round, certificate: Certificate, book: Book | None = None) -> list[Violation]:
    """Everything that is wrong with a certificate for these inputs; empty: it is stable."""
    book = book or Book(made)
    found = [] if certificate.inputs == book.inputs else [Violation("inputs_differ")]
    found += _lots(made)
    for candidate in made.candidates:
        if candidate not in certificate.assignment:
            found.append(Violation("left_out", candidate))
    sound: dict[str, str | None] = dict.fromkeys(made.candidates)
    for candidate, program in certificate.assignment.items():
        fault = book.fault(candidate, program)
        if fault:
            found.append(Violation(fault, candidate, program or ""))
        else:
            sound[candidate] = program
    closings = book.closings(sound)
    for program, closing in closings.items():
        if closing.filled > closing.most:
            found.append(Violation("over_seats", program=program))
        for group, limited in closing.groups.items():
            if limited.filled > limited.most:
                found.append(Violation("over_limit", program=program, group=group))
        if certificate.programs.get(program) != closing:
            found.append(Violation("closing_differs", program=program))
    for program in certificate.programs:
        if program not in closings:
            found.append(Violation("unknown_program", program=program))
    return [*found, *blocking(book, sound, closings)]


def blocking(
    book: Book, assignment: Assigned, closings: Mapping[str, Closing] | None = None
) -> Iterator[Violation]:
    """Pairs that would rather have each other: the two cases at the head of this module."""
    closings = closings if closings is not None else book.closings(assignment)
    for candidate, own in assignment.items():
        for program in book.before(candidate, own):
            if not book.takes(program, candidate):
                continue
            closing = closings[program]
            group = book.group(candidate, program)
            limited = closing.groups[group] if group is not None else None
            if limited and limited.filled >= limited.most:
                code, last = "passed_over_in_group", limited.last
            elif closing.filled < closing.most:
                yield Violation("free_seat", candidate, program)
                continue
            else:
                code, last = "passed_over", closing.last
            if last and book.standing(program, candidate) < book.standing(program, last.candidate):
                yield Violation(code, candidate, program, last.candidate, group or "")


def _lots(made: Round) -> Iterator[Violation]:
    """Lottery numbers that do not follow from the seed."""
    if not made.lottery:
        return
    seed = made.lottery.seed
    for candidate, lot in zip(made.candidates, made.lottery.candidates.tolist(), strict=True):
        if lot != number(seed, "candidate", candidate):
            yield Violation("wrong_lot", candidate=candidate)
    for program, lot in zip(made.programs, made.lottery.programs.tolist(), strict=True):
        if lot != number(seed, "program", program):
            yield Violation("wrong_lot", program=program)


# --- JSON ---------------------------------------------------------------------------------------
def write(certificate: Certificate) -> dict[str, Any]:
    return {
        "format": FORMAT, "method": METHOD, "inputs": certificate.inputs,
        "assignment": dict(certificate.assignment),
        "programs": {
            key: {"seats": closing.most, **_closed(closing), "groups": {
                group: {"at_most": limited.most, **_closed(limited)}
                for group, limited in closing.groups.items()
            }}
            for key, closing in certificate.programs.items()
        },
    }  # fmt: skip


def _closed(closing: Closing) -> dict[str, Any]:
    last = closing.last
    return {
        "filled": closing.filled,
        "last": {"candidate": last.candidate, "rank": last.rank} if last else None,
    }


def read(data: Any) -> Certificate:
    """Raises BadRound where this is not a certificate."""
    try:
        if data["format"] != FORMAT:
            raise BadRound("certificate: format", f"must be {FORMAT!r}.")
        assignment = {str(key): program for key, program in data["assignment"].items()}
        if not all(program is None or isinstance(program, str) for program in assignment.values()):
            raise BadRound("certificate: assignment", "names something that is no program.")
        return Certificate(
            str(data["inputs"]), assignment,
            {key: _closing(entry, "seats") for key, entry in data["programs"].items()},
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRound("certificate", f"is not complete: {error}.") from error


def _closing(entry: Any, most: str) -> Closing:
    last = entry["last"]
    return Closing(
        entry[most], entry["filled"],
        Last(last["candidate"], last["rank"]) if last else None,
        {group: _closing(limited, "at_most")
         for group, limited in entry.get("groups", {}).items()},
    )  # fmt: skip
