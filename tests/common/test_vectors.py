"""A vector belongs to one text and one model's revision, and never stands in for another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from corridor.candidates import services, texts
from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.common.models import VectorSpace
from tests.matching import people

pytestmark = pytest.mark.django_db


class Encoder(people.PlainEncoder):
    def __init__(self, revision: str = "plain-1", meanwhile: Any = None) -> None:
        self.info = type("Info", (), {"name": "plain", "revision": revision, "dimensions": 24})
        self.meanwhile = meanwhile

    def encode(self, texts_: Any, **options: Any) -> np.ndarray:
        if self.meanwhile:
            self.meanwhile()
        return super().encode(texts_)


def embed(me: Candidate, encoder: Any, **options: Any) -> int:
    return vectors.embed(
        Candidate, [me.pk], text_of=texts.profile_text, prefetch=texts.PREFETCH,
        encoder=encoder, **options,
    )  # fmt: skip


def test_a_text_saved_while_its_older_one_is_encoded_keeps_its_own_later_vector():
    me = people.candidate(skills_text="용접")
    slow = Encoder(
        meanwhile=lambda: services.save_profile(me, by=me.user, skills_text="PLC 정비")
    )
    assert embed(me, slow) == 0, "the older text's vector is thrown away"
    me.refresh_from_db()
    assert me.vector is None
    assert embed(me, Encoder()) == 1
    me.refresh_from_db()
    assert me.vector_is_fresh
    expected = Encoder().encode([texts.profile_text(me)])[0]
    assert np.allclose(me.vector, expected, atol=1e-2)


def test_encoding_twice_changes_nothing():
    me = people.candidate(skills_text="용접")
    embed(me, Encoder())
    first = Candidate.objects.get(pk=me.pk).vector
    embed(me, Encoder())
    assert Candidate.objects.get(pk=me.pk).vector == first


def test_a_person_who_is_gone_is_no_error():
    me = people.candidate(skills_text="용접")
    gone = Candidate(pk=me.pk + 1000)
    assert embed(gone, Encoder()) == 0


def test_a_vector_of_another_revision_or_of_an_older_text_is_stale():
    fresh = people.candidate("a@example.org", skills_text="용접")
    older = people.candidate("b@example.org", skills_text="배관")
    other = people.candidate("c@example.org", skills_text="도장")
    people.candidate("d@example.org")  # nothing written, nothing to encode
    embed(fresh, Encoder())
    embed(older, Encoder())
    embed(other, Encoder("plain-0"))
    Candidate.objects.filter(pk=older.pk).update(text_hash="newer")
    assert set(vectors.stale(Candidate, "plain-1")) == {older, other}


def test_staged_vectors_take_their_place_at_once_and_the_unstaged_are_left_behind():
    VectorSpace.objects.create(
        pk=1, model="plain", revision="plain-1", dimensions=24,
        next_model="newer", next_revision="plain-2", next_dimensions=24,
    )  # fmt: skip
    staged = people.candidate("a@example.org", skills_text="용접")
    late = people.candidate("b@example.org", skills_text="배관")
    for person in (staged, late):
        embed(person, Encoder("plain-1"))
    embed(staged, Encoder("plain-2"), staged=True)
    staged.refresh_from_db()
    assert staged.vector_revision == "plain-1", "the old vector serves until all are ready"

    vectors.promote([Candidate])
    staged.refresh_from_db()
    late.refresh_from_db()
    assert (staged.vector_revision, staged.staged_revision, staged.staged_vector) == (
        "plain-2", "", None,
    )  # fmt: skip
    assert late.vector_revision == "plain-1"
    space = vectors.space()
    assert (space.model, space.revision, space.next_revision) == ("newer", "plain-2", "")
    assert set(vectors.stale(Candidate, space.revision)) == {late}
