"""Candidates as matching reads them: a few columns of each, in plain objects.

`facts` and `rows` read these as they read a profile with its evidence prefetched, and find the
same; but no model instance is made for a person, a job or a degree, and nothing is decrypted. What
tells age, sex or military service is read for a verdict that its owner is shown, never for a score
(`pathways.candidate_side`), so it is not read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from django.db.models import BinaryField, F, Func, QuerySet

from corridor.candidates.models import (
    Candidate,
    Education,
    HeldCredential,
    LanguageScore,
    PutAside,
    Work,
)
from corridor.matching.tables import Array

AT_ONCE = 2_000  # people whose evidence is read together


@dataclass(slots=True)
class Study:
    degree: str
    country: str
    major: str
    status: str
    started_on: date | None
    ended_on: date | None


@dataclass(slots=True)
class Job:
    country: str
    started_on: date
    ended_on: date | None
    related: bool | None


@dataclass(slots=True)
class Held:
    name: str
    credential_id: str


@dataclass(slots=True)
class Tested:
    test: str
    score: Decimal | None
    level: str
    taken_on: date | None


class Rows(list[Any]):
    """Evidence, read as a model's relation is."""

    def all(self) -> Rows:
        return self


_EVIDENCE: tuple[tuple[str, Any, Any], ...] = (
    ("educations", Education, Study), ("works", Work, Job), ("credentials", HeldCredential, Held),
    ("languages", LanguageScore, Tested),
)  # fmt: skip
_NONE = Rows()  # shared by all who have none of a kind; nobody writes to it
_COLUMNS = (
    "pk", "walk", "nationality", "us_status", "kinds", "sectors", "hubs", "available_from",
    "available_until", "min_months", "max_months", "avoided", "rule_facts", "skill_ids",
    "occupation_ids", "term_ids",
)  # fmt: skip


class Person:
    """`vector`: the row's own, as float32, where it was asked for and is of the revision asked
    for; `more`: the further columns that were asked for."""

    __slots__ = (*_COLUMNS, "educations", "works", "credentials", "languages", "vector", "more")
    pk: int
    avoided: list[str]
    vector: Array | None
    more: dict[str, Any]

    birth_date = None
    sex = military_status = ""


def read(
    found: QuerySet[Candidate], *more: str, revision: str | None = None
) -> list[Person]:
    """The people of `found` in its order, with `more` columns or annotations; with vectors where
    a `revision` is named. Five queries for each `AT_ONCE` people."""
    names = [*_COLUMNS, *more]
    if revision is not None:
        sent = Func(F("vector"), function="halfvec_send", output_field=BinaryField())
        found = found.annotate(sent=sent)
        names += ["vector_revision", "sent"]
    return [
        person
        for some in _batches(found.values_list(*names))
        for person in _people(some, more, revision)
    ]


def aside_of(people: QuerySet[Candidate]) -> dict[int, set[int]]:
    """The programs that each of `people` has put aside, of those who have."""
    pairs = PutAside.objects.filter(candidate__in=people).order_by("candidate")
    named = pairs.values_list("candidate_id", "program_id")
    return {pk: {program for _pk, program in group} for pk, group in groupby(named, itemgetter(0))}


def _batches(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    some: list[tuple[Any, ...]] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _people(
    rows: list[tuple[Any, ...]], more: tuple[str, ...], revision: str | None
) -> list[Person]:
    own, end = len(_COLUMNS), len(_COLUMNS) + len(more)
    people = []
    for row in rows:
        person = Person()
        for name, value in zip(_COLUMNS, row, strict=False):
            setattr(person, name, value)
        person.more = dict(zip(more, row[own:end], strict=True))
        person.vector = None
        if revision and row[end] == revision and row[end + 1] is not None:
            person.vector = _floats(row[end + 1])
        people.append(person)
    ids = [person.pk for person in people]
    for relation, model, make in _EVIDENCE:
        of: dict[int, Rows] = {}
        columns = list(make.__dataclass_fields__)
        for pk, *values in model.objects.filter(candidate__in=ids).values_list(
            "candidate_id", *columns
        ):
            of.setdefault(pk, Rows()).append(make(*values))
        for person in people:
            setattr(person, relation, of.get(person.pk, _NONE))
    return people


def _floats(sent: Any) -> Array:
    """What `halfvec_send` sends: two numbers of two bytes, then half floats, big-endian."""
    return np.frombuffer(bytes(sent), ">f2", offset=4).astype(np.float32)
