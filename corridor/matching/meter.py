"""What each missing fact of a profile would change, computed from the candidate's own programs.

Scores: the nearest programs are scored again with a low and a high answer in the place of what is
missing; a program counts where its percent moves. Verdicts: among the best programs, the routes
that are not known yet and hang on a fact of that part; "settled" where they hang on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from corridor.candidates.models import Candidate
from corridor.matching import own_list, pathways, queries, scoring
from corridor.matching.facts import RANK
from corridor.matching.pairs import scored
from corridor.matching.posting import Post
from corridor.matching.rows import CandidateRow
from corridor.matching.views import MatchView
from corridor.rules.checks import undecided_by
from corridor.rules.verdicts import Verdict

BEST = 10  # programs whose routes are looked at
# The rules' facts that follow from a part of the profile.
FACTS: dict[str, frozenset[str]] = {
    "basics": frozenset({"candidate.nationality", "candidate.us_status"}),
    "education": frozenset({
        "candidate.intern_track", "candidate.graduation_date", "candidate.degree",
        "candidate.enrolled_degree_outside_us", "candidate.has_degree_bachelor_or_higher",
        "program.field_matches_academic_field", "program.related_to_major",
    }),
    "work": frozenset({
        "candidate.related_experience_outside_us_months", "candidate.trainee_track",
    }),
    "languages": frozenset({"candidate.toeic"}),
    "private": frozenset({
        "candidate.birth_year", "candidate.sex", "candidate.military_status",
    }),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """Of one missing part: `scores` of `looked_at` programs would move; `settled` and `clearer`
    name routes, `facts` what they hang on (all in the language asked for), `at` tells in how many
    of the best programs."""

    part: str
    scores: int
    looked_at: int
    settled: tuple[str, ...] = ()
    clearer: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    at: int = 0


def what_would_change(candidate: Candidate, *, day: date, lang: str) -> list[Change]:
    """The missing parts whose answer changes something, those that change most first."""
    person, posts = queries.nearest(candidate, day=day)
    if not posts:
        return []
    mine = person.row
    probes = _probes(mine, posts, day)
    moved = _moved(candidate, mine, posts, probes, day)
    views, _hubs = queries.best_of(candidate, person, posts, limit=BEST)
    routes = _routes(views, lang, with_major=bool(mine.majors))
    found = [
        replace(
            routes.get(part, Change(part, 0, 0)), scores=moved.get(part, 0), looked_at=len(posts)
        )
        for part in {**probes, **routes}
        if moved.get(part) or part in routes
    ]
    return sorted(found, key=lambda each: (-len(each.settled), -each.scores, -each.at, each.part))


def _probes(mine: CandidateRow, posts: Sequence[Post], day: date) -> dict[str, list[CandidateRow]]:
    """For each part that the profile lacks, rows with a low and a high answer in its place."""
    rows = [post.row for post in posts]
    found: dict[str, list[CandidateRow]] = {}
    if mine.english is None:
        found["languages"] = [replace(mine, english=score) for score in (550.0, 900.0)]
    if mine.reach is None:
        majors = frozenset().union(*(row.majors for row in rows))
        found["education"] = [
            replace(mine, attained=RANK["associate"]),
            replace(mine, attained=RANK["master"], majors=majors),
        ]
    if mine.experience is None:
        found["work"] = [replace(mine, experience=months) for months in (12.0, 60.0)]
    if not mine.skills:
        asked = frozenset().union(*(row.asked_skills for row in rows))
        found["skills"] = [replace(mine, skills=asked)]
    if not mine.credentials:
        named = tuple(sorted({name for row in rows for name, _must in row.credentials}))
        found["credentials"] = [replace(mine, credentials=named)] if named else []
    wishes = []
    if not mine.kinds:
        wishes += [replace(mine, kinds=frozenset({kind})) for kind in {row.kind for row in rows}]
    if mine.available_from is None:
        wishes += [replace(mine, available_from=day.toordinal() + days) for days in (0, 540)]
    if wishes:
        found["preferences"] = wishes
    return {part: given for part, given in found.items() if given}


def _moved(
    candidate: Candidate,
    mine: CandidateRow,
    posts: Sequence[Post],
    probes: Mapping[str, Sequence[CandidateRow]],
    day: date,
) -> dict[str, int]:
    """How many programs' percents move under any of a part's answers."""
    rows = [mine, *(row for given in probes.values() for row in given)]
    side = pathways.candidate_side(candidate, day=day)
    cosine = np.array([own_list.cosine(post.distance) for post in posts], np.float32)
    against = scored(
        [(row, side) for row in rows],
        [(post.row, post.side) for post in posts],
        cosine=np.repeat(cosine[None, :], len(rows), axis=0),
        day=day,
    )
    shown = np.vectorize(lambda score: round(100 * scoring.shown(float(score))))
    percent = shown(np.asarray(against.total))
    moved: dict[str, int] = {}
    at = 1
    for part, given in probes.items():
        moves = (percent[at : at + len(given)] != percent[0]).any(axis=0)
        moved[part] = int(moves.sum())
        at += len(given)
    return moved


def _routes(views: Iterable[MatchView], lang: str, *, with_major: bool) -> dict[str, Change]:
    """Per part: routes that it alone settles, routes that it brings nearer, and by which facts."""
    settled: dict[str, dict[str, None]] = {}
    clearer: dict[str, dict[str, None]] = {}
    facts: dict[str, dict[str, None]] = {}
    at: dict[str, set[Any]] = {}
    for view in views:
        if not view.needs_pathway:
            continue
        for verdict in view.assessment.verdicts:
            if verdict.display != "unknown" or verdict.record.role == "process":
                continue
            for part, by, alone in hangs_on(verdict, with_major=with_major):
                (settled if alone else clearer).setdefault(part, {})[verdict.name(lang)] = None
                at.setdefault(part, set()).add(view.program.pk)
                for fact in by:
                    facts.setdefault(part, {})[verdict.registry[fact].label(lang)] = None
    return {
        part: Change(
            part,
            scores=0,
            looked_at=0,
            settled=tuple(settled.get(part, {})),
            clearer=tuple(n for n in clearer.get(part, {}) if n not in settled.get(part, {})),
            facts=tuple(facts[part]),
            at=len(programs_),
        )
        for part, programs_ in at.items()
    }


def hangs_on(verdict: Verdict, *, with_major: bool) -> list[tuple[str, list[str], bool]]:
    """The parts that an open verdict hangs on, by which facts, and whether on that part alone.

    `with_major`: a major is stated, so that what the host asks of it is not the profile's to say.
    """
    open_bars = [
        frozenset(undecided_by(requirement.check, verdict.facts))
        for requirement, outcome in zip(verdict.requirements, verdict.outcomes, strict=True)
        if outcome is None and requirement.bars
    ]
    found = []
    for part, read in FACTS.items():
        mine = frozenset(f for f in read if not (with_major and f.startswith("program.")))
        if by := sorted(frozenset().union(*open_bars) & mine):
            found.append((part, by, all(asked <= mine for asked in open_bars)))
    return found
