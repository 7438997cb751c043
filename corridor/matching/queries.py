"""Programs for a candidate, candidates for a program, hubs for a candidate: live, nothing cached.

Each costs a constant number of SQL queries. The database picks the nearest rows that pass the
hosts' musts; scoring, rules and explanation happen in memory (see scoring, pathways, explain).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    prefetch_related_objects,
)  # fmt: skip
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from pgvector.django import CosineDistance, HalfVectorField

from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.candidates.texts import PREFETCH as CANDIDATE_PREFETCH
from corridor.common import vectors
from corridor.common.models import VectorSpace
from corridor.matching import explain, facts, own_list, pathways, posting, scoring, snapshot
from corridor.matching.facts import DEGREES
from corridor.matching.models import BestCandidates, Run
from corridor.matching.own_list import Listed, Person
from corridor.matching.pairs import scored
from corridor.matching.people import read
from corridor.matching.posting import Post
from corridor.matching.rows import CandidateRow, candidate_row, program_row
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
    """The best open programs and the hubs that fit best, from one reading and one scoring (see
    `own_list`)."""
    person, posts = nearest(candidate, day=day, kinds=kinds)
    return best_of(candidate, person, posts, limit=limit, hubs=hubs)


def nearest(
    candidate: Candidate, *, day: date, kinds: Iterable[str] | None = None
) -> tuple[Person, list[Post]]:
    """The person as their list reads them, and the open programs among which it is made; those
    put aside are not."""
    person = _person(candidate, day)
    found = _passing(programs.published(day), person.row).filter(_not_put_aside(candidate))
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return person, _nearest_posts(found, candidate)


def best_of(
    candidate: Candidate, person: Person, posts: list[Post], *, limit: int, hubs: int = 0
) -> tuple[list[MatchView], list[HubFit]]:
    """The best of `posts`, and the hubs that fit best (see `best_for`)."""
    if not posts:
        return [], []
    mine = own_list.of(person, posts, limit=limit, hubs=hubs)
    shown = _shown(
        {*(each.post.row.id for each in mine.programs), *(hub.best for hub in mine.hubs)}
    )
    views = [_view(candidate, shown[each.post.row.id], person, each) for each in mine.programs]
    return views, [
        HubFit(
            hub=shown[hub.best].hub,
            score=hub.fit,
            best=shown[hub.best],
            programs=hub.programs,
            sectors=hub.sectors,
            is_wish=hub.slug in person.row.hubs,
        )
        for hub in mine.hubs
    ]


def match(candidate: Candidate, program: Program, *, day: date) -> MatchView:
    """How this one program fits, whether or not it is open or its musts are met."""
    person = _person(candidate, day)
    prefetch_related_objects([program], *PROGRAM_PREFETCH)
    distance = None
    if (space := _space_of(candidate)) is not None:
        same = Program.objects.filter(pk=program.pk, vector_revision=space.revision)
        distance = same.values_list(_distance(candidate, space), flat=True).first()
    return _view(candidate, program, person, own_list.one(person, posting.of(program, distance)))


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
        chosen |= dict(near.values_list("pk", _distance(program, space)))
    wanted = found.filter(pk__in=chosen.keys() | missed)
    people = read(wanted.order_by("pk"), "card_code")
    if not people:
        return []
    row = program_row(program)
    against = scored(
        [(candidate_row(p, day=day), pathways.candidate_side(p, day=day)) for p in people],
        [(row, pathways.program_side(program))],
        cosine=np.array([[own_list.cosine(chosen.get(p.pk))] for p in people], np.float32),
        day=day,
    )
    order = against.candidates_ranked(0)[:limit]
    told = explain.told(
        [against.pair(at, 0) for at in order], against.scale, against.programs.at([0] * len(order))
    )
    return [
        CandidateCard(
            card_code=people[at].more["card_code"],
            score=against.score(at, 0),
            points=against.points(at, 0),
            kind=program.kind,
            is_provisional=bool(np.isnan(against.pairs.cosine[at, 0])),
            row=against.candidates.rows[at],
            asked=row.asked_skills | row.other_skills,
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


_WORKABLE = {scoring.VERDICTS.index(name) for name in ("works", "works_if", "not_needed")}


# --- in memory ------------------------------------------------------------------------------------


def _row_of(candidate: Candidate, day: date) -> CandidateRow:
    prefetch_related_objects([candidate], *CANDIDATE_PREFETCH)
    return replace(candidate_row(candidate, day=day), avoided=frozenset(candidate.avoided))


def _person(candidate: Candidate, day: date) -> Person:
    row = _row_of(candidate, day)
    known = facts.candidate_facts(candidate, day=day)
    return Person(row, pathways.candidate_side(candidate, day=day), known, day)


def _view(candidate: Candidate, program: Program, person: Person, listed: Listed) -> MatchView:
    view = MatchView(
        candidate=candidate,
        program=program,
        day=person.day,
        score=listed.score,
        points=listed.points,
        is_provisional=not candidate.vector_is_fresh or not listed.is_compared,
        needs_pathway=listed.needs_pathway,
        unmet=listed.unmet,
        asked=[name for name, _words in listed.post.row.credential_words],
        known=person.facts_with(listed.post),
        judged=partial(person.judged, listed.post),
    )
    held = _by_name(
        (each.credential_id or each.name, each.name) for each in candidate.credentials.all()
    )
    asked = _by_name(listed.post.row.credential_words)
    view.reasons = tuple(as_written(reason, held) for reason in listed.reasons)
    view.gaps = tuple(as_written(gap, asked) for gap in listed.gaps)
    view.climb = as_written(listed.climb, asked) if listed.climb else None
    return view


def _by_name(called: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What these two people call each credential: "용접사 / Welder"."""
    names: dict[str, list[str]] = {}
    for name, words in called:
        names.setdefault(name, []).append(words)
    return names


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


def _shown(ids: Iterable[int]) -> dict[int, Program]:
    """The few programs that a page shows, with what a card says of them: what the score and the
    rules read of a program is in its post. Whoever tells more of them reads it."""
    return {program.pk: program for program in programs.cards().filter(pk__in=ids)}


def _nearest(found: QuerySet[Any], other: Any) -> Iterator[QuerySet[Any]]:
    """Two queries in turn: rows by cosine distance to `other`'s vector, then those without a
    vector of the space in use (or all of them, where `other` has none) by shared skills. A vector
    of another revision never meets one of the space."""
    space = _space_of(other)
    if space is not None:
        near = vectors.looking_at(found.filter(vector_revision=space.revision))
        yield near.annotate(distance=_distance(other, space)).order_by("distance", "pk")
        found = found.exclude(vector_revision=space.revision)
    yield found.annotate(shared=_shared_skills(other.skill_ids)).order_by("-shared", "-pk")


def _space_of(row: Any) -> VectorSpace | None:
    """The space in use, if the row's vector lies in it."""
    space = vectors.space()
    if space is None or row.vector is None or row.vector_revision != space.revision:
        return None
    return space


def _distance(row: Any, space: VectorSpace) -> Any:
    """Cosine distance to the row, in the very expression that the index is made on (see spaces).

    The row's vector is left where it is stored: sent there and back as text it would cost a
    millisecond of every search. Of a row that is not stored it is the vector itself."""
    half = HalfVectorField(dimensions=space.dimensions)
    mine = row.vector
    if row.pk is not None:  # in SQL: made of expressions it costs more than half a millisecond
        mine = RawSQL(  # noqa: S611
            f'(SELECT "vector"::halfvec({space.dimensions}) FROM "{row._meta.db_table}"'  # noqa: S608
            ' WHERE "id" = %s)',
            [row.pk],
            output_field=half,
        )
    return CosineDistance(Cast("vector", half), mine)


def _not_put_aside(candidate: Candidate) -> RawSQL:
    """Of programs; in SQL for the same reason."""
    return RawSQL(
        'NOT EXISTS (SELECT FROM "candidates_putaside" AS aside WHERE aside."candidate_id" = %s'
        ' AND aside."program_id" = "programs_program"."id")',
        [candidate.pk],
        output_field=BooleanField(),
    )


def _shared_skills(skill_ids: Sequence[str]) -> Any:
    return Func(
        F("skill_ids"),
        Value(list(skill_ids), output_field=ArrayField(TextField())),
        template="CARDINALITY(ARRAY(SELECT UNNEST(%(expressions)s::text[])))",
        arg_joiner="::text[]) INTERSECT SELECT UNNEST(",
        output_field=IntegerField(),
    )
