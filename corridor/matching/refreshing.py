"""The last finished run's lists, kept true without a run: one row, or one column, computed anew.

Asked for by the outbox in the transaction of the save. The same scoring as pages and runs. What
is not redone: the run's day, and other people's lists after a place in them has become free (the
next one below a list's `floor` is not known before somebody's row is computed, or the next run).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from pgvector.django import CosineDistance, HalfVectorField

from corridor.candidates.models import Candidate
from corridor.matching import blocks, lists, pathways, people, pinned, posting, scoring, snapshot
from corridor.matching.lists import PAIR, Packed
from corridor.matching.models import BestCandidates, BestPrograms, Run
from corridor.matching.pairs import Scored, scored
from corridor.matching.people import Person
from corridor.matching.posting import Post
from corridor.matching.rows import candidate_row
from corridor.matching.tables import unit_rows
from corridor.programs import queries as programs
from corridor.programs.models import Program

EXACT = 1_000  # people up to whom a program's column is computed whole
NEAREST = 400  # else: these by text, and all who have the program in a list already


class NotYet(Exception):
    """The text has no fresh vector yet: its own task is under way."""


def candidate_changed(pk: int, *, wait: bool = False) -> int:
    """Compute a candidate's list anew, exactly, and their place in programs' lists. Returns the
    number of lists written. `wait`: raise NotYet while the vector is older than the text."""
    run = _standing()
    if run is None:
        return 0
    active = Candidate.objects.filter(pk=pk, user__is_active=True)
    person = active.only("text_hash", "vector", "vector_hash", "vector_revision").first()
    if person is None:
        return _put(BestCandidates, run, pk, np.zeros(0, PAIR))
    if wait and person.text_hash and not person.vector_is_fresh:
        raise NotYet
    posts = _posts(run, person)
    profile = people.read(Candidate.objects.filter(pk=pk))
    distances = [[post.distance for post in posts]]
    theirs = _pairs(run, profile, posts, distances)
    mine = _by_own_wishes(run, profile, posts, distances, theirs)
    own = Program.objects.filter(external_host="", pk__in=theirs["program"].tolist())
    with transaction.atomic():
        _write(BestPrograms, run, pk, mine)
        ours = theirs[np.isin(theirs["program"], list(own.values_list("pk", flat=True)))]
        return 1 + _put(BestCandidates, run, pk, ours)


@blocks.uncollected()
def program_changed(pk: int, *, wait: bool = False) -> int:
    """Compute a program's list anew, and its place in candidates' lists; where it is not open any
    more it leaves them all. Exact up to EXACT people, then over the NEAREST and all whose list it
    is in. Returns the number of lists written."""
    run = _standing()
    if run is None:
        return 0
    posted = programs.published(run.day).filter(pk=pk)
    program = posted.first()
    column = mine = np.zeros(0, PAIR)
    if program is not None:
        if wait and program.text_hash and not program.vector_is_fresh:
            raise NotYet
        (post,) = posting.read(posted)
        found = _people(run, program)
        distances = _distances(found, program, run)
        column = _pairs(run, found, [post], distances)
        mine = _by_own_wishes(run, found, [post], distances, column)
    with transaction.atomic():
        if program is not None and not program.external_host:
            _write(BestCandidates, run, pk, column)
        else:
            BestCandidates.objects.filter(run=run, program=pk).delete()
        return 1 + _put(BestPrograms, run, pk, mine)


def _standing() -> Run | None:
    """The run whose lists are read, if they can still be added to."""
    run = snapshot.latest()
    if run is None:
        return None
    try:
        pinned.check_scores(run)
    except pinned.Moved:
        return None  # its lists stay as they were made; the next run makes new ones
    return run


# --- scoring --------------------------------------------------------------------------------------


def _posts(run: Run, person: Candidate) -> list[Post]:
    found = programs.published(run.day).order_by("pk")  # one order, so that they stay laid out
    if not _has_vector(person, run):
        return posting.read(found)
    of_space = Q(vector_revision=run.vector_revision)
    near = found.filter(of_space).annotate(distance=_distance(person))
    return posting.read(near) + posting.read(found.exclude(of_space))


def _people(run: Run, program: Program) -> list[Person]:
    active = Candidate.objects.filter(user__is_active=True)
    ids = list(active.order_by().values_list("pk", flat=True)[: EXACT + 1])
    wanted = active
    if len(ids) > EXACT:
        having = BestPrograms.objects.filter(run=run, programs__contains=[program.pk])
        chosen = {*having.values_list("candidate_id", flat=True)}
        chosen.update(snapshot.best_candidate_ids(program.pk))
        if _has_vector(program, run):
            near = active.filter(vector_revision=run.vector_revision)
            near = near.order_by(_distance(program)).values_list("pk", flat=True)[:NEAREST]
            chosen.update(near)
        wanted = active.filter(pk__in=chosen)
    return people.read(wanted, revision=run.vector_revision)


def _distances(found: Sequence[Person], program: Program, run: Run) -> list[list[float | None]]:
    """Each person's cosine distance to the program; None where a vector of the space is missing."""
    if not _has_vector(program, run):
        return [[None] for _person in found]
    mine = unit_rows([person.vector for person in found])
    (theirs,) = unit_rows([program.vector])
    if mine.shape[1] != len(theirs):  # nobody has one
        return [[None] for _person in found]
    near = (mine @ theirs).tolist()
    return [[None if cosine != cosine else 1.0 - cosine] for cosine in near]


def _has_vector(row: Any, run: Run) -> bool:
    return bool(
        run.vector_revision
        and row.vector is not None
        and row.vector_revision == run.vector_revision
    )


def _distance(row: Any) -> Any:
    """In the very expression that the index is made on (see spaces)."""
    field = HalfVectorField(dimensions=len(row.vector))
    return CosineDistance(Cast("vector", field), row.vector)


def _by_own_wishes(
    run: Run,
    found: Sequence[Person],
    posts: Sequence[Post],
    distances: Sequence[Sequence[float | None]],
    pairs: Packed,
) -> Packed:
    """The same pairs as they count in the people's own lists: what they put aside left out, and
    what it taught weighed. (A program's list knows nothing of it.)"""
    aside = people.aside_of(Candidate.objects.filter(pk__in=[person.pk for person in found]))
    choosy = [at for at, person in enumerate(found) if person.pk in aside]
    if not choosy:
        return pairs
    own = _pairs(
        run, [found[at] for at in choosy], posts, [distances[at] for at in choosy], own=True
    )
    named = zip(own["candidate"].tolist(), own["program"].tolist(), strict=True)
    own = own[np.array([post not in aside[who] for who, post in named], np.bool_)]
    return np.concatenate([pairs[~np.isin(pairs["candidate"], list(aside))], own])


def _pairs(
    run: Run,
    found: Sequence[Person],
    posts: Sequence[Post],
    distances: Iterable[Iterable[float | None]],
    *,
    own: bool = False,
) -> Packed:
    """The pairs that may meet. `own`: for the people's own lists."""
    if not found or not posts:
        return np.zeros(0, PAIR)
    cosine = np.array(
        [[np.nan if d is None else 1.0 - float(d) for d in row] for row in distances], np.float32
    )
    rows = [candidate_row(person, day=run.day) for person in found]
    if own:
        rows = [
            replace(row, avoided=frozenset(person.avoided))
            for row, person in zip(rows, found, strict=True)
        ]
    against = scored(
        [
            (row, pathways.candidate_side(person, day=run.day))
            for row, person in zip(rows, found, strict=True)
        ],
        [(post.row, post.side) for post in posts],
        cosine=cosine,
        day=run.day,
    )
    return _packed(run, against)


def _packed(run: Run, against: Scored) -> Packed:
    rows, posts = np.nonzero(against.open & (against.pairs.verdict != scoring.NO))
    pairs = np.zeros(len(rows), PAIR)
    pairs["candidate"] = np.array([row.id for row in against.candidates.rows])[rows]
    pairs["program"] = np.array([row.id for row in against.programs.rows])[posts]
    pairs["score"] = against.total[rows, posts]
    pairs["verdict"] = against.pairs.verdict[rows, posts]
    place = {name: at for at, name in enumerate(run.pathways)}
    named = np.array([place[name] for name in against.best.names], np.int16)
    pairs["pathway"] = named[against.best.pathways[rows, posts]]
    points = np.stack([against.parts[name][rows, posts] for name in run.parts], axis=1)
    pairs["points"] = lists.whole(points, pairs["score"])
    return pairs


# --- lists ----------------------------------------------------------------------------------------

# of each list, whose it is, what stands in it, and how many
_SIDES: dict[Any, tuple[str, str, int]] = {
    BestPrograms: ("candidate", "program", blocks.BEST_PROGRAMS),
    BestCandidates: ("program", "candidate", blocks.BEST_CANDIDATES),
}
_SAME = 1e-5  # two ways to compute one score differ by less


def _write(model: Any, run: Run, pk: int, pairs: Packed) -> None:
    """The whole list of `pk`."""
    of, by, most = _SIDES[model]
    values = _values(lists.best(pairs, of, by, most), model)
    model.objects.update_or_create(**{f"{of}_id": pk}, run=run, defaults=values)


def _values(pairs: Packed, model: Any) -> dict[str, Any]:
    _of, by, most = _SIDES[model]
    names = (f"{by}s", *lists.COLUMNS, "floor")
    values = dict(zip(names, lists.columns(pairs, by, most), strict=True))
    return {**values, "changed_at": timezone.now()}


def _put(model: Any, run: Run, pk: int, pairs: Packed) -> int:
    """Put `pk`'s pairs in their places in the other side's lists, and take it out of the rest."""
    of, by, most = _SIDES[model]
    mine = {int(pair[of]): at for at, pair in enumerate(pairs)}
    there = model.objects.filter(run=run)
    floors = dict(there.filter(**{f"{of}__in": mine}).values_list(f"{of}_id", "floor"))
    new = sorted(mine.keys() - floors.keys())
    for other in new:
        _write(model, run, other, pairs[mine[other]][None])
    reached = [other for other, floor in floors.items() if pairs["score"][mine[other]] >= floor]
    touched = {*there.filter(**{f"{by}s__contains": [pk]}).values_list("pk", flat=True)}
    touched.update(there.filter(**{f"{of}__in": reached}).values_list("pk", flat=True))
    written = []
    for row in there.filter(pk__in=touched).select_for_update().order_by("pk"):
        before, floor = lists.pairs_of(row, of, by), row.floor
        kept = before[before[by] != pk]
        at = mine.get(getattr(row, f"{of}_id"))
        if at is not None and pairs["score"][at] >= floor - _SAME:
            kept = lists.best(np.append(kept, pairs[at]), of, by, most + 1)
            if len(kept) > most:
                floor = max(floor, float(kept["score"][most]))
        written.append((row.pk, kept[:most], floor))
    lists.rewrite(model, written, by)
    return len(new) + len(written)
