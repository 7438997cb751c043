"""Programs for a candidate, candidates for a program, hubs for a candidate: live, nothing cached.

Each costs a constant number of SQL queries. The database picks the nearest rows that pass the
hosts' musts; scoring, rules and explanation happen in memory (see scoring, pathways, explain).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    prefetch_related_objects,
)  # fmt: skip
from django.db.models.functions import Cast
from pgvector.django import CosineDistance, HalfVectorField

from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH as CANDIDATE_PREFETCH
from corridor.common import vectors
from corridor.common.models import VectorSpace
from corridor.matching import explain, facts, pathways, posting, scoring, snapshot
from corridor.matching.climbing import Climbs
from corridor.matching.explain import Point
from corridor.matching.facts import DEGREES
from corridor.matching.models import BestCandidates, Run
from corridor.matching.pairs import Scored, scored
from corridor.matching.people import read
from corridor.matching.posting import Post
from corridor.matching.rows import CandidateRow, ProgramRow, candidate_row, program_row
from corridor.matching.views import CandidateCard, HubFit, MatchView, as_written
from corridor.programs import queries as programs
from corridor.programs.models import Program
from corridor.programs.texts import PREFETCH as PROGRAM_PREFETCH

POOL = 200  # nearest programs that are scored for one candidate
CARD_POOL = 400  # nearest findable candidates that are scored for one program


def programs_for(
    candidate: Candidate, *, day: date, limit: int = 20, kinds: Iterable[str] | None = None
) -> list[MatchView]:
    """The candidate's best open programs, best first; those without any pathway come last.

    Until the candidate's text has a vector, programs are found by shared skills, and every view
    says `is_provisional`.
    """
    return best_for(candidate, day=day, limit=limit, hubs=0, kinds=kinds)[0]


def best_for(
    candidate: Candidate,
    *,
    day: date,
    limit: int = 20,
    hubs: int = 5,
    kinds: Iterable[str] | None = None,
) -> tuple[list[MatchView], list[HubFit]]:
    """The best open programs and the hubs that fit best, from one reading and one scoring.

    A hub's fit is three fifths its best program's shown score and two fifths the mean of its best
    three (a missing one counts as nothing).
    """
    mine = _row_of(candidate, day)
    found = _passing(programs.published(day), mine).exclude(put_aside__candidate=candidate)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    posts = _nearest_posts(found, candidate)
    if not posts:
        return [], []
    against = _against(candidate, mine, posts, day=day)
    order = against.programs_ranked(0)[:limit]
    fits = _hub_fits(posts, against)[:hubs]
    wanted = {*order, *(places[0] for _fit, _slug, places in fits)}
    shown = _shown([posts[at].row.id for at in sorted(wanted)])
    views = _views(candidate, posts, shown, against, order, day=day)
    return views, [
        _hub_fit(fit, slug, places, posts, shown, against, mine) for fit, slug, places in fits
    ]


def match(candidate: Candidate, program: Program, *, day: date) -> MatchView:
    """How this one program fits, whether or not it is open or its musts are met."""
    mine = _row_of(candidate, day)
    prefetch_related_objects([program], *PROGRAM_PREFETCH)
    distance = None
    if (space := _space_of(candidate)) is not None:
        same = Program.objects.filter(pk=program.pk, vector_revision=space.revision)
        distance = same.values_list(_distance(candidate.vector, space), flat=True).first()
    posts = [posting.of(program, distance)]
    against = _against(candidate, mine, posts, day=day)
    return _views(candidate, posts, {program.pk: program}, against, [0], day=day)[0]


def listed_by(program: Program) -> Run | None:
    """The run whose best for the program `candidates_for` begins from; None where there is none."""
    run = snapshot.latest()
    found = run is not None and BestCandidates.objects.filter(run=run, program=program).exists()
    return run if found else None


def candidates_for(program: Program, *, day: date, limit: int = 50) -> list[CandidateCard]:
    """Findable candidates as pseudonymous cards, best first: never a name, contact or school.

    Scored anew, as they are now: those whom the last finished run found best among everybody
    (`listed_by`), and those nearest to the program by text. An index finds not all of the latter.
    """
    prefetch_related_objects([program], *PROGRAM_PREFETCH)
    found = candidates.findable()
    if program.walks:
        found = found.filter(walk__in=program.walks)
    listed = snapshot.best_candidate_ids(program.pk)
    chosen: dict[int, float | None] = {}
    for nearest in _nearest(found, program):
        names = [name for name in ("distance",) if name in nearest.query.annotations]
        for pk, *distance in nearest.values_list("pk", *names)[: CARD_POOL - len(chosen)]:
            chosen[pk] = distance[0] if distance else None
        if len(chosen) >= CARD_POOL:
            break
    missed = set(listed) - chosen.keys()
    if missed and (space := _space_of(program)) is not None:
        near = found.filter(pk__in=missed, vector_revision=space.revision)
        chosen |= dict(near.values_list("pk", _distance(program.vector, space)))
    wanted = found.filter(pk__in=chosen.keys() | missed)
    people = read(wanted.order_by("pk"), "card_code")
    if not people:
        return []
    row = program_row(program)
    against = scored(
        [(candidate_row(p, day=day), pathways.candidate_side(p, day=day)) for p in people],
        [(row, pathways.program_side(program))],
        cosine=np.array([[_cosine(chosen.get(p.pk))] for p in people], np.float32),
        day=day,
    )
    order = against.candidates_ranked(0)[:limit]
    told = explain.told(
        [against.pair(at, 0) for at in order], against.scale, against.programs.axes.hub_state
    )
    return [
        CandidateCard(
            card_code=people[at].more["card_code"],
            score=against.score(at, 0),
            points=against.points(at, 0),
            kind=program.kind,
            is_provisional=bool(np.isnan(against.pairs.cosine[at, 0])),
            row=against.candidates.rows[at],
            asked=row.must_skills | row.wish_skills | row.other_skills,
            reasons=telling.reasons,
            lacking=telling.gaps,
        )
        for at, telling in zip(order, told, strict=True)
    ]


def workable_programs(candidate: Candidate, *, day: date) -> list[int]:
    """Ids of the open programs for which a pathway works, perhaps on a condition, or none is
    needed. The programs' sides are remembered until their rows change."""
    prefetch_related_objects([candidate], *CANDIDATE_PREFETCH)
    posts = posting.read(programs.published(day))
    if not posts:
        return []
    mine = pathways.candidate_side(candidate, day=day)
    codes = pathways.best([mine], [post.side for post in posts], day=day).codes[0]
    return [
        post.row.id for post, code in zip(posts, codes, strict=True) if int(code) in _WORKABLE
    ]


def hubs_for(candidate: Candidate, *, day: date, limit: int = 5) -> list[HubFit]:
    """The hubs whose open programs fit best (see `best_for`)."""
    return best_for(candidate, day=day, limit=0, hubs=limit)[1]


def _hub_fits(posts: Sequence[Post], against: Scored) -> list[tuple[float, str, list[int]]]:
    """(fit, hub slug, places of its open programs, best first), best hub first."""
    at_hub: dict[str, list[int]] = {}
    for at in against.programs_ranked(0):
        if posts[at].row.hub and not against.is_blocked(0, at):
            at_hub.setdefault(posts[at].row.hub, []).append(at)
    fits = []
    for slug, places in at_hub.items():
        scores = [scoring.shown(against.score(0, at)) for at in places[:3]]
        fits.append((0.6 * scores[0] + 0.4 * sum(scores) / 3, slug, places))
    fits.sort(key=lambda fit: (-fit[0], fit[1]))
    return fits


def _hub_fit(
    fit: float,
    slug: str,
    places: Sequence[int],
    posts: Sequence[Post],
    shown: dict[int, Program],
    against: Scored,
    mine: CandidateRow,
) -> HubFit:
    best = shown[posts[places[0]].row.id]
    sectors = {against.programs.rows[at].sector for at in places} & mine.sectors
    return HubFit(
        hub=best.hub,
        score=fit,
        best=best,
        programs=len(places),
        sectors=tuple(sorted(sectors)),
        is_wish=slug in mine.hubs,
    )


_WORKABLE = {scoring.VERDICTS.index(name) for name in ("works", "works_if", "not_needed")}


# --- in memory ------------------------------------------------------------------------------------


def _row_of(candidate: Candidate, day: date) -> CandidateRow:
    prefetch_related_objects([candidate], *CANDIDATE_PREFETCH)
    return replace(candidate_row(candidate, day=day), avoided=frozenset(candidate.avoided))


def _against(
    candidate: Candidate, mine: CandidateRow, posts: Sequence[Post], *, day: date
) -> Scored:
    return scored(
        [(mine, pathways.candidate_side(candidate, day=day))],
        [(post.row, post.side) for post in posts],
        cosine=np.array([[_cosine(post.distance) for post in posts]], np.float32),
        day=day,
    )


def _views(
    candidate: Candidate,
    posts: Sequence[Post],
    shown: Mapping[int, Program],
    against: Scored,
    order: Sequence[int],
    *,
    day: date,
) -> list[MatchView]:
    stale = not candidate.vector_is_fresh
    climbs = Climbs(against, order)
    known, past = facts.candidate_facts(candidate, day=day), facts.history(candidate)
    views = [
        MatchView(
            candidate=candidate,
            program=shown[against.programs.rows[at].id],
            day=day,
            score=against.score(0, at),
            points=against.points(0, at),
            known=facts.joined(known, past, posts[at].side.known, posts[at].side.majors, day=day),
            is_provisional=stale or bool(np.isnan(against.pairs.cosine[0, at])),
            needs_pathway=against.best.of(0, at) != pathways.NOT_NEEDED,
            unmet=_unmet(against.candidates.rows[0], against.programs.rows[at]),
            seek_climb=partial(climbs.of, at),
        )
        for at in order
    ]
    pairs = [
        against.pair(0, at, len(view.open_questions), _once_answered(view))
        for at, view in zip(order, views, strict=True)
    ]
    told = explain.told(pairs, against.scale, against.programs.axes.hub_state)
    for view, telling in zip(views, told, strict=True):
        held, asked = view.held_credentials, view.asked_credentials
        view.reasons = tuple(as_written(reason, held) for reason in telling.reasons)
        view.gaps = tuple(as_written(gap, asked) for gap in telling.gaps)
    return views


def _once_answered(view: MatchView) -> int:
    """The best that answers can make of the verdict: a condition that fails stays one."""
    best = view.best_verdict
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


# --- from the database ----------------------------------------------------------------------------


def _passing(found: QuerySet[Program], mine: CandidateRow) -> QuerySet[Program]:
    """The hosts' musts, as `scoring.gates` has them: what the candidate does not state passes."""
    found = found.filter(Q(walks=[]) | Q(walks__contains=[mine.walk]))
    if mine.reach is not None:
        found = found.exclude(degree_is_required=True, min_degree__in=DEGREES[mine.reach + 1 :])
    if mine.experience is not None:
        found = found.exclude(
            experience_is_required=True, min_experience_months__gt=mine.experience
        )
    return found


def _nearest_posts(found: QuerySet[Program], candidate: Candidate) -> list[Post]:
    posts: list[Post] = []
    for nearest in _nearest(found, candidate):
        posts += posting.read(nearest[: POOL - len(posts)])
        if len(posts) >= POOL:
            break
    return posts


def _shown(ids: Sequence[int]) -> dict[int, Program]:
    """The few programs that a page shows, with what a card and a ladder say of them: what the
    score and the rules read of a program is in its post."""
    found = programs.cards().filter(pk__in=ids).prefetch_related("requirements")
    return {program.pk: program for program in found}


def _nearest(found: QuerySet[Any], other: Any) -> Iterator[QuerySet[Any]]:
    """Two queries in turn: rows by cosine distance to `other`'s vector, then those without a
    vector of the space in use (or all of them, where `other` has none) by shared skills. A vector
    of another revision never meets one of the space."""
    space = _space_of(other)
    if space is not None:
        near = found.filter(vector_revision=space.revision)
        yield near.annotate(distance=_distance(other.vector, space)).order_by("distance", "pk")
        found = found.exclude(vector_revision=space.revision)
    yield found.annotate(shared=_shared_skills(other.skill_ids)).order_by("-shared", "-pk")


def _space_of(row: Any) -> VectorSpace | None:
    """The space in use, if the row's vector lies in it."""
    space = vectors.space()
    if space is None or row.vector is None or row.vector_revision != space.revision:
        return None
    return space


def _distance(vector: Any, space: VectorSpace) -> Any:
    """Cosine distance, in the very expression that the index is made on (see spaces)."""
    return CosineDistance(Cast("vector", HalfVectorField(dimensions=space.dimensions)), vector)


def _shared_skills(skill_ids: Sequence[str]) -> Any:
    return Func(
        F("skill_ids"),
        Value(list(skill_ids), output_field=ArrayField(TextField())),
        template="CARDINALITY(ARRAY(SELECT UNNEST(%(expressions)s::text[])))",
        arg_joiner="::text[]) INTERSECT SELECT UNNEST(",
        output_field=IntegerField(),
    )


def _cosine(distance: float | None) -> float:
    return float("nan") if distance is None else 1.0 - float(distance)

