"""A round as JSON, in and out, and the hash of its content.

    {"format": "corridor-round/1", "name": "…", "seed": "…",
     "candidates": [{"id": "c1", "groups": {"region": "busan"}, "choices": ["p2", ["p1", "p3"]],
                     "barred": {"p3": "pathway_no"}, "number": 17}],
     "programs": [{"id": "p1", "seats": 2, "limits": {"by": "region", "at_most": {"busan": 1}},
                   "scores": {"c1": 0.8}, "number": 4}]}

Candidates give `choices` (a list inside the list is a tie) or `scores`; programs give `ranking` or
`scores`. `seed` and `number` are the lottery. Everything else in an entry is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from corridor.matching.rounds.model import BARS, BadRound, Limits, Lottery, Pairs, Round

FORMAT = "corridor-round/1"
MAX_SCORE = 1_000_000
_TOP = {"format", "name", "seed", "candidates", "programs"}
_CANDIDATE = {"id", "groups", "choices", "scores", "barred", "number"}
_PROGRAM = {"id", "seats", "limits", "ranking", "scores", "number"}


def read(data: Any) -> Round:
    """The round of a parsed JSON file. Raises BadRound, which names the entry."""
    top = _map(data, "round", _TOP)
    if top.get("format") != FORMAT:
        raise BadRound("format", f"must be {FORMAT!r}.")
    candidates = _entries(top, "candidates", _CANDIDATE)
    programs = _entries(top, "programs", _PROGRAM)
    place_of = {key: at for at, key in enumerate(programs)}
    standings = [
        _values(entry, "ranking", f"program {key}", candidates)
        for key, entry in programs.items()
    ]
    rows: list[tuple[int, int, float, float, int]] = []
    for at, (key, entry) in enumerate(candidates.items()):
        where = f"candidate {key}"
        wishes = _values(entry, "choices", where, place_of)
        barred = _barred(entry, where, wishes)
        for program, wish in wishes.items():
            column = place_of[program]
            standing = standings[column].get(key, math.nan)
            rows.append((at, column, wish, standing, barred.get(program, 0)))
    table = np.array(rows, np.float64).reshape(-1, 5)
    return Round.of(
        name=_text(top.get("name", ""), "name"),
        candidates=list(candidates), programs=list(programs),
        seats=[_whole(entry.get("seats"), f"program {key}: seats")
               for key, entry in programs.items()],
        limits=[_limits(entry, f"program {key}") for key, entry in programs.items()],
        groups=[_groups(entry, f"candidate {key}") for key, entry in candidates.items()],
        pairs=Pairs(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64),
                    table[:, 2], table[:, 3], table[:, 4].astype(np.int64)),
        wish_scored=np.array(["scores" in entry for entry in candidates.values()], bool),
        standing_scored=np.array(["scores" in entry for entry in programs.values()], bool),
        lottery=_lottery(top, candidates, programs),
    )  # fmt: skip


def lines(made: Round) -> Iterator[str]:
    """The canonical form: what is said of the whole, then one line a candidate and one a program,
    by id; compact JSON with sorted keys, UTF-8. What no pair needs is left out."""
    yield _line(_head(made))
    for entry in (*_candidates(made), *_programs(made)):
        yield _line(entry)


def digest(made: Round) -> str:
    """SHA-256 over the canonical lines, each ended by a line feed."""
    found = hashlib.sha256()
    for line in lines(made):
        found.update(line.encode())
        found.update(b"\n")
    return f"sha256:{found.hexdigest()}"


def write(made: Round) -> dict[str, Any]:
    """JSON of the round; reading it again gives the same digest."""
    return {
        **_head(made), "candidates": list(_candidates(made)), "programs": list(_programs(made))
    }


def with_lottery(data: Mapping[str, Any], made: Round) -> dict[str, Any]:
    """The file as it was read, with the seed and numbers of `made` added to its entries."""
    if not made.lottery:
        raise BadRound("lottery", "is not drawn.")
    lots = {
        "candidates": dict(zip(made.candidates, made.lottery.candidates.tolist(), strict=True)),
        "programs": dict(zip(made.programs, made.lottery.programs.tolist(), strict=True)),
    }
    return {**data, "seed": made.lottery.seed} | {
        side: [{**entry, "number": numbers[entry["id"]]} for entry in data[side]]
        for side, numbers in lots.items()
    }


def _head(made: Round) -> dict[str, Any]:
    head = {"format": FORMAT, "name": made.name}
    return {**head, "seed": made.lottery.seed} if made.lottery else head


def _candidates(made: Round) -> Iterator[dict[str, Any]]:
    pairs = made.pairs
    start = np.searchsorted(pairs.candidate, np.arange(len(made.candidates) + 1)).tolist()
    program, wish, bar = pairs.program.tolist(), pairs.wish.tolist(), pairs.bar.tolist()
    numbers = made.lottery.candidates.tolist() if made.lottery else None
    for at, key in enumerate(made.candidates):
        span = range(start[at], start[at + 1])
        told = {made.programs[program[pair]]: wish[pair] for pair in span}
        entry: dict[str, Any] = {"id": key, **_told(told, bool(made.wish_scored[at]), "choices")}
        if made.groups[at]:
            entry["groups"] = dict(made.groups[at])
        barred = {made.programs[program[pair]]: BARS[bar[pair] - 1] for pair in span if bar[pair]}
        if barred:
            entry["barred"] = barred
        if numbers:
            entry["number"] = numbers[at]
        yield entry


def _programs(made: Round) -> Iterator[dict[str, Any]]:
    pairs = made.pairs
    order = np.argsort(pairs.program, kind="stable")
    order = order[~np.isnan(pairs.standing[order])]
    start = np.searchsorted(pairs.program[order], np.arange(len(made.programs) + 1)).tolist()
    candidate, standing = pairs.candidate[order].tolist(), pairs.standing[order].tolist()
    numbers = made.lottery.programs.tolist() if made.lottery else None
    for at, key in enumerate(made.programs):
        told = {
            made.candidates[candidate[pair]]: standing[pair]
            for pair in range(start[at], start[at + 1])
        }
        entry: dict[str, Any] = {
            "id": key, "seats": int(made.seats[at]),
            **_told(told, bool(made.standing_scored[at]), "ranking"),
        }  # fmt: skip
        limits = made.limits[at]
        if limits:
            entry["limits"] = {"by": limits.by, "at_most": dict(limits.at_most)}
        if numbers:
            entry["number"] = numbers[at]
        yield entry


def _told(values: dict[str, float], scored: bool, listed: str) -> dict[str, Any]:
    if scored:
        return {"scores": values}
    if len({*values.values()}) == len(values):  # no tie
        return {listed: sorted(values, key=values.__getitem__)}
    levels: dict[float, list[str]] = {}
    for key, place in values.items():  # ids come in their order, so those of a tie do too
        levels.setdefault(place, []).append(key)
    ranked = [levels[place] for place in sorted(levels)]
    return {listed: [level[0] if len(level) == 1 else level for level in ranked]}


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# --- reading ------------------------------------------------------------------------------------
def _map(value: Any, where: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRound(where, "must be a map of names to values.")
    for name in value:
        if name not in known:
            raise BadRound(where, f"{name!r} is none of {', '.join(sorted(known))}.")
    return value


def _within(value: Any, where: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRound(where, "must be a map of ids to values.")
    for key in value:
        if key not in known:
            raise BadRound(where, f"{key!r} is not in this round, or not among the choices.")
    return value


def _entries(top: Mapping[str, Any], side: str, known: set[str]) -> dict[str, Mapping[str, Any]]:
    entries = top.get(side)
    if not isinstance(entries, list):
        raise BadRound(side, "must be a list.")
    found: dict[str, Mapping[str, Any]] = {}
    for at, entry in enumerate(entries, start=1):
        made = _map(entry, f"{side}, entry {at}", known)
        key = _text(made.get("id"), f"{side}, entry {at}: id")
        if key in found:
            raise BadRound(side, f"the id {key!r} stands twice.")
        found[key] = made
    return found


def _values(
    entry: Mapping[str, Any], listed: str, where: str, known: Mapping[str, Any]
) -> dict[str, float]:
    """id -> place or score, of one entry's list or map."""
    if ("scores" in entry) == (listed in entry):
        raise BadRound(where, f"needs '{listed}' or 'scores', and not both.")
    found: dict[str, float] = {}
    if "scores" in entry:
        for key, score in _within(entry["scores"], f"{where}: scores", known).items():
            found[key] = _score(score, f"{where}: score of {key}")
        return found
    ranked = entry[listed]
    if not isinstance(ranked, list):
        raise BadRound(f"{where}: {listed}", "must be a list.")
    for place, level in enumerate(ranked, start=1):
        for key in level if isinstance(level, list) else [level]:
            if not isinstance(key, str) or key not in known:
                raise BadRound(f"{where}: {listed}", f"{key!r} is not in this round.")
            if key in found:
                raise BadRound(f"{where}: {listed}", f"{key!r} stands twice. Keep one.")
            found[key] = float(place)
    return found


def _barred(
    entry: Mapping[str, Any], where: str, wishes: Mapping[str, float]
) -> Mapping[str, int]:
    found = {}
    for program, why in _within(entry.get("barred", {}), f"{where}: barred", wishes).items():
        if why not in BARS:
            raise BadRound(f"{where}: barred", f"{why!r} is none of {', '.join(BARS)}.")
        found[program] = 1 + BARS.index(why)
    return found


def _limits(entry: Mapping[str, Any], where: str) -> Limits | None:
    if "limits" not in entry:
        return None
    said = _map(entry["limits"], f"{where}: limits", {"by", "at_most"})
    by, at_most = said.get("by"), said.get("at_most")
    if not isinstance(at_most, dict):
        raise BadRound(f"{where}: limits", "'at_most' must be a map of groups to numbers.")
    if not isinstance(by, str) or not by:
        raise BadRound(
            f"{where}: limits",
            "'by' names the one kind of group that is counted. To limit two at once, make one "
            "kind of both: where limits overlap, no stable assignment is promised.",
        )
    return Limits(
        by, {_text(group, f"{where}: limits"): _whole(most, f"{where}: at most of {group}")
             for group, most in at_most.items()}
    )  # fmt: skip


def _groups(entry: Mapping[str, Any], where: str) -> Mapping[str, str]:
    groups = entry.get("groups", {})
    if not isinstance(groups, dict):
        raise BadRound(f"{where}: groups", "must be a map, as {\"region\": \"busan\"}.")
    return {by: _text(group, f"{where}: group {by}") for by, group in groups.items()}


def _lottery(
    top: Mapping[str, Any], candidates: Mapping[str, Any], programs: Mapping[str, Any]
) -> Lottery | None:
    entries = [*candidates.values(), *programs.values()]
    if "seed" not in top:
        if any("number" in entry for entry in entries):
            raise BadRound("seed", "is lacking, though numbers are given. Keep both or neither.")
        return None

    def numbers(side: str, known: Mapping[str, Any]) -> Sequence[int]:
        return [_whole(entry.get("number"), f"{side} {key}: number")
                for key, entry in known.items()]  # fmt: skip

    return Lottery(
        _text(top["seed"], "seed"),
        np.array(numbers("candidate", candidates), np.int64),
        np.array(numbers("program", programs), np.int64),
    )


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise BadRound(where, "must be one line of printable text.")
    return value


def _whole(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise BadRound(where, "must be a whole number from 0.")
    return value


def _score(value: Any, where: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not -MAX_SCORE <= value <= MAX_SCORE:
        raise BadRound(where, f"must be a number between ±{MAX_SCORE:,}.")
    return float(value)
