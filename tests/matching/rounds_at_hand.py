"""Small rounds to test with: drawn at random, and a second, plainer idea of what stable means."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from corridor.matching import rounds

REGIONS = ("busan", "seoul")
Assigned = Mapping[str, str | None]


@st.composite
def files(draw: st.DrawFn, people: int = 6, programs: int = 4, drawn: bool = True) -> dict:
    """A round's JSON: places and scores, ties, bars, people whom a program does not rank, limits
    by region or by kind, programs without a seat."""
    many, offered = draw(st.integers(1, people)), draw(st.integers(1, programs))
    names, offers = [f"c{n}" for n in range(many)], [f"p{n}" for n in range(offered)]
    candidates = []
    for name in names:
        chosen = draw(st.lists(st.sampled_from(offers), unique=True))
        entry = {
            "id": name, **draw(_told(chosen, "choices")),
            "groups": {"region": draw(st.sampled_from(REGIONS)),
                       "kind": draw(st.sampled_from(["student", "technician"]))},
        }  # fmt: skip
        barred = [each for each in chosen if draw(st.integers(0, 5)) == 0]
        if barred:
            entry["barred"] = {each: draw(st.sampled_from(rounds.BARS)) for each in barred}
        candidates.append(entry)
    posted = []
    for offer in offers:
        ranked = [name for name in names if draw(st.integers(0, 9))]
        entry = {
            "id": offer, "seats": draw(st.integers(0, 3)),
            **draw(_told(draw(st.permutations(ranked)), "ranking")),
        }
        by = draw(st.sampled_from([None, "region", "kind"]))
        if by:
            groups = REGIONS if by == "region" else ("student", "technician")
            limited = draw(st.lists(st.sampled_from(groups), unique=True))
            entry["limits"] = {
                "by": by, "at_most": {group: draw(st.integers(0, 2)) for group in limited}
            }
        posted.append(entry)
    data = {"format": rounds.files.FORMAT, "name": "drawn", "candidates": candidates,
            "programs": posted}  # fmt: skip
    if not drawn:
        return data
    seed = draw(st.text("abcdef", min_size=1, max_size=4))
    return rounds.files.with_lottery(data, rounds.files.read(data).drawn(seed))


@st.composite
def _told(draw: st.DrawFn, order: list[str], listed: str) -> dict[str, Any]:
    """An order as places with some ties, or as scores of which some are equal."""
    if draw(st.booleans()):
        return {"scores": {key: draw(st.integers(0, 4)) / 4 for key in order}}
    levels: list[list[str]] = []
    for key in order:
        if levels and draw(st.integers(0, 3)) == 0:
            levels[-1].append(key)
        else:
            levels.append([key])
    return {listed: [level if len(level) > 1 else level[0] for level in levels]}


def crowded(rng: random.Random, people: int = 60, programs: int = 6) -> dict:
    """Everybody wants much the same, so that people are let go again and again; every program
    limits one group and some have seats for fewer than their limits allow."""
    names, offers = [f"c{n}" for n in range(people)], [f"p{n}" for n in range(programs)]
    return {
        "format": rounds.files.FORMAT, "name": "crowded",
        "candidates": [
            {"id": name, "choices": rng.sample(offers, rng.randint(2, programs)),
             "groups": {"region": rng.choice(REGIONS), "kind": rng.choice(["student", "other"])}}
            for name in names
        ],
        "programs": [
            {"id": offer, "seats": rng.randint(2, 9), "ranking": rng.sample(names, people),
             "limits": {"by": by, "at_most": {
                 group: rng.randint(1, 5) for group in (REGIONS if by == "region" else ["student"])
             }}}
            for offer in offers
            for by in [rng.choice(["region", "kind"])]
        ],
    }  # fmt: skip


class Plain:
    """The round read from its JSON by a few loops, and stability by what programs would choose.

    A program chooses from a set of people by going down its ranking, passing over whoever's group
    is at its limit, until its seats are taken. Stable: nobody prefers a program that, choosing
    among those it has and that person, would choose that person.
    """

    def __init__(self, data: dict) -> None:
        self.people = {entry["id"]: entry for entry in data["candidates"]}
        self.programs = {entry["id"]: entry for entry in data["programs"]}
        self.lists = {
            key: _order(entry, "choices", self.programs) for key, entry in self.people.items()
        }
        self.rankings = {
            key: [
                person for person in _order(entry, "ranking", self.people)
                if key in self.lists[person] and key not in self.people[person].get("barred", {})
            ]
            for key, entry in self.programs.items()
        }  # fmt: skip

    def chooses(self, program: str, among: set[str]) -> set[str]:
        entry = self.programs[program]
        limits = entry.get("limits", {"by": "region", "at_most": {}})
        room = dict(limits["at_most"])
        taken: set[str] = set()
        for person in self.rankings[program]:
            group = self.people[person]["groups"][limits["by"]]
            if person in among and len(taken) < entry["seats"] and room.get(group, 99) > 0:
                taken.add(person)
                room[group] = room.get(group, 99) - 1
        return taken

    def place(self, person: str, program: str | None) -> int:
        """Lower is better; no program comes after every choice."""
        own = self.lists[person]
        return len(own) if program is None else own.index(program)

    def held(self, assignment: Assigned, program: str) -> set[str]:
        return {person for person, own in assignment.items() if own == program}

    def is_stable(self, assignment: Assigned) -> bool:
        if not self.is_feasible(assignment):
            return False
        return not any(
            person in self.chooses(program, self.held(assignment, program) | {person})
            for person, own in assignment.items()
            for program in self.lists[person]
            if self.place(person, program) < self.place(person, own)
        )

    def is_feasible(self, assignment: Assigned) -> bool:
        chosen = all(
            own is None or (own in self.lists[person] and person in self.rankings[own])
            for person, own in assignment.items()
        )
        return chosen and all(
            self.chooses(program, held) == held
            for program in self.programs
            for held in [self.held(assignment, program)]
        )

    def assignments(self) -> Iterator[dict[str, str | None]]:
        """Every way to give each person one of their choices or none."""
        options = [[None, *self.lists[person]] for person in self.people]
        for chosen in itertools.product(*options):
            yield dict(zip(self.people, chosen, strict=True))


def _order(entry: dict, listed: str, owners: Mapping[str, dict]) -> list[str]:
    if "scores" in entry:
        said = {key: -score for key, score in entry["scores"].items()}
    else:
        said = {
            key: place for place, level in enumerate(entry[listed])
            for key in (level if isinstance(level, list) else [level])
        }  # fmt: skip
    return sorted(said, key=lambda key: (said[key], owners[key].get("number", 0), key))


def outcome(data: dict) -> dict[str, str | None]:
    made = rounds.files.read(data)
    return rounds.assign(made).by_id(made)


def certified(data: dict, assignment: Assigned) -> list[rounds.Violation]:
    """What the check finds in a certificate that tells this assignment honestly."""
    made = rounds.files.read(data)
    return rounds.verify(made, rounds.certify(made, assignment))
