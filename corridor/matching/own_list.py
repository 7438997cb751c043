"""One person's list of programs as their pages show it: scored, ranked and explained.

What was found for one page is what is found for the next while nothing that it is made of has
changed: the person's row and facts, the very programs near them (`posting` keeps a program's row
while it stands) and how near they are, the yardstick, the hubs' states, the rules and the day. So
a process keeps the lists that it served last. All of these are read anew for every page, and so is
what stands around a list: names, titles, verdicts.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from corridor import rules
from corridor.matching import explain, facts, pathways, scoring, yardstick
from corridor.matching.climbing import Climbs
from corridor.matching.explain import Point
from corridor.matching.pairs import Scored, scored
from corridor.matching.posting import Post
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.yardstick import Measures

MOST_LISTS = 300  # about 50 kB each
_kept: dict[Hashable, OwnList] = {}


@dataclass(frozen=True, slots=True)
class Listed:
    """One program of the list; reasons and gaps as `explain` has them, `climb` as `climbing`."""

    post: Post
    score: float
    points: dict[str, float]
    is_compared: bool  # both texts have a vector
    needs_pathway: bool
    unmet: tuple[Point, ...]
    reasons: tuple[Point, ...]
    gaps: tuple[Point, ...]
    climb: Point | None


@dataclass(frozen=True, slots=True)
class ListedHub:
    """`programs`: those that may be applied to; `sectors`: theirs that the person wishes for."""

    slug: str
    fit: float
    best: int  # id of its best program
    programs: int
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnList:
    programs: tuple[Listed, ...]
    hubs: tuple[ListedHub, ...]
    made_of: Sequence[Post]  # held, so that no later program takes the identity of one of them


class Person:
    """What a list reads of its person. The score reads `row` and `side`, a verdict all of `known`;
    what the rules say of a program is asked once for a page, and not kept beyond it: it tells age,
    sex or military service."""

    def __init__(
        self, row: CandidateRow, side: pathways.CandidateSide, known: facts.Facts, day: date
    ) -> None:
        self.row, self.side, self.known, self.day = row, side, known, day
        self._facts: dict[int, facts.Facts] = {}
        self._judged: dict[int, rules.Assessment] = {}

    def facts_with(self, post: Post) -> facts.Facts:
        found = self._facts.get(post.row.id)
        if found is None:
            past, side = self.side.past, post.side
            found = facts.joined(self.known, past, side.known, side.majors, day=self.day)
            self._facts[post.row.id] = found
        return found

    def judged(self, post: Post) -> rules.Assessment:
        found = self._judged.get(post.row.id)
        if found is None:
            found = rules.assess(self.facts_with(post), day=self.day, kind=post.row.kind)
            self._judged[post.row.id] = found
        return found


def of(person: Person, posts: Sequence[Post], *, limit: int, hubs: int) -> OwnList:
    """The best `limit` of `posts`, best first, those without any pathway last; and the `hubs` that
    fit best. One small query."""
    measures = yardstick.current()
    key = (
        person.row, person.side.past, hash(frozenset(person.known.items())), person.day,
        tuple((id(post.row), id(post.side), post.distance) for post in posts),
        measures.made_at, tuple(measures.hub_state.items()), rules.standing().number,
        limit, hubs,
    )  # fmt: skip
    found = _kept.get(key)
    if found is None:
        found = _made(person, posts, measures, limit, hubs)
        if len(_kept) >= MOST_LISTS:
            _kept.clear()
        _kept[key] = found
    return found


def one(person: Person, post: Post) -> Listed:
    """How one program fits, whether or not its musts are met; not kept."""
    return _listed(person, [post], _against(person, [post], None), [0])[0]


def _made(
    person: Person, posts: Sequence[Post], measures: Measures, limit: int, hubs: int
) -> OwnList:
    against = _against(person, posts, measures)
    ranked = against.programs_ranked(0)
    return OwnList(
        _listed(person, posts, against, ranked[:limit]),
        _hubs(person.row, posts, against, ranked)[:hubs],
        posts,
    )


def _against(person: Person, posts: Sequence[Post], measures: Measures | None) -> Scored:
    return scored(
        [(person.row, person.side)],
        [(post.row, post.side) for post in posts],
        cosine=np.array([[cosine(post.distance) for post in posts]], np.float32),
        day=person.day,
        measures=measures,
    )


def _listed(
    person: Person, posts: Sequence[Post], against: Scored, order: Sequence[int]
) -> tuple[Listed, ...]:
    needed = [against.best.of(0, at) != pathways.NOT_NEEDED for at in order]
    pairs = []
    for at, needs_pathway in zip(order, needed, strict=True):
        best = person.judged(posts[at]).best if needs_pathway else None
        pairs.append(against.pair(0, at, len(open_questions(best)), _once_answered(best)))
    told = explain.told(pairs, against.scale, against.programs.at(order))
    climbs = Climbs(against, order, [telling.changes for telling in told])
    return tuple(
        Listed(
            post=posts[at],
            score=against.score(0, at),
            points=against.points(0, at),
            is_compared=not np.isnan(against.pairs.cosine[0, at]),
            needs_pathway=needs_pathway,
            unmet=_unmet(person.row, posts[at].row),
            reasons=telling.reasons,
            gaps=telling.gaps,
            climb=climbs.of(at),
        )
        for at, needs_pathway, telling in zip(order, needed, told, strict=True)
    )


def _hubs(
    mine: CandidateRow, posts: Sequence[Post], against: Scored, ranked: Sequence[int]
) -> tuple[ListedHub, ...]:
    """Best first. A hub's fit is three fifths its best program's shown score and two fifths the
    mean of its best three (a missing one counts as nothing)."""
    at_hub: dict[str, list[int]] = {}
    for at in ranked:
        if posts[at].row.hub and not against.is_blocked(0, at):
            at_hub.setdefault(posts[at].row.hub, []).append(at)
    found = []
    for slug, places in at_hub.items():
        scores = [scoring.shown(against.score(0, at)) for at in places[:3]]
        sectors = {posts[at].row.sector for at in places} & mine.sectors
        found.append(ListedHub(
            slug, 0.6 * scores[0] + 0.4 * sum(scores) / 3, posts[places[0]].row.id, len(places),
            tuple(sorted(sectors)),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda hub: (-hub.fit, hub.slug)))


def open_questions(best: rules.Verdict | None) -> list[str]:
    """The facts that keep the best pathway from a verdict; empty unless it is not known."""
    if best is None or best.display != "unknown":
        return []
    return list(dict.fromkeys(r.fact for r in best.reasons if r.outcome == "unknown"))


def _once_answered(best: rules.Verdict | None) -> int:
    """The best that answers can make of the verdict: a condition that fails stays one."""
    fails = best is not None and any(reason.outcome == "fails" for reason in best.reasons)
    return scoring.VERDICTS.index("works_if" if fails else "works")


def _unmet(mine: CandidateRow, program: ProgramRow) -> tuple[Point, ...]:
    """The gates of `scoring.gates` that are shut for this pair."""
    points = []
    if program.walks and mine.walk not in program.walks:
        points.append(Point("unmet_walk", {"walks": sorted(program.walks)}))
    if program.degree_must and _short(mine.reach, program.degree):
        points.append(Point("unmet_degree", {"degree": program.degree}))
    if program.experience_must and _short(mine.experience, program.experience):
        points.append(Point("unmet_experience", {"need_months": program.experience}))
    return tuple(points)


def _short(held: float | None, asked: float | None) -> bool:
    return held is not None and asked is not None and held < asked


def cosine(distance: float | None) -> float:
    return float("nan") if distance is None else 1.0 - float(distance)
