"""Vectors: every text embedded once, and a change of model without a gap."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import F

from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.common.models import VectorSpace
from corridor.matching import queries, spaces, yardstick
from corridor.matching.models import Yardstick
from corridor.programs import queries as programs
from corridor.programs.models import Program
from tests.matching.people import DAY, PlainEncoder, candidate, embed_everything, program

pytestmark = pytest.mark.django_db


def written_out():
    """An index cannot be made in a transaction whose constraints are still to be checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class OtherEncoder(PlainEncoder):
    class info:
        name = "other"
        revision = "other-1"
        dimensions = 12

    def encode(self, texts, *, kind="passage", progress=None):
        return super().encode(texts)[:, :12]


def test_the_sweep_embeds_what_has_no_vector_and_then_rests():
    me = candidate(headline="용접")
    program()
    assert embed_everything() == 2
    assert embed_everything() == 0
    Candidate.objects.filter(pk=me.pk).update(text_hash="newer")
    assert spaces.embed_stale(encoder=PlainEncoder()) == 1


def test_an_empty_profile_has_nothing_to_embed():
    candidate()
    assert embed_everything() == 0


def test_a_change_of_model_leaves_the_old_vectors_in_use_until_all_new_ones_are_there(monkeypatch):
    me = candidate(headline="PLC 용접", skills_text="PLC")
    posts = [program(f"PLC {n}", skills={"plc": True}) for n in range(3)]
    embed_everything()
    monkeypatch.setattr(spaces.embeddings, "load", lambda name: PlainEncoder())
    before = queries.programs_for(Candidate.objects.get(pk=me.pk), day=DAY)

    spaces.embed_stale(encoder=OtherEncoder(), for_seconds=0)  # the move is noted, nothing staged
    space = vectors.space()
    assert (space.revision, space.next_revision) == ("plain-1", "other-1")
    vectors.embed(
        Program, [posts[0].pk], text_of=lambda p: p.title_en, prefetch=(),
        encoder=OtherEncoder(), staged=True,
    )  # fmt: skip
    during = queries.programs_for(Candidate.objects.get(pk=me.pk), day=DAY)
    assert [v.points for v in during] == [v.points for v in before]
    assert not any(view.is_provisional for view in during)

    spaces.embed_stale(encoder=OtherEncoder())
    space = vectors.space()
    assert (space.revision, space.dimensions, space.next_revision) == ("other-1", 12, "")
    after = queries.programs_for(Candidate.objects.get(pk=me.pk), day=DAY)
    assert len(after) == 3 and not any(view.is_provisional for view in after)


def test_a_setting_put_back_ends_the_move():
    candidate(headline="PLC")
    embed_everything()
    spaces.advance_vector_space(OtherEncoder())
    assert vectors.space().next_revision == "other-1"
    spaces.advance_vector_space(PlainEncoder())
    assert vectors.space().next_revision == ""


def test_a_large_table_gets_an_index_of_its_space_and_loses_older_ones():
    program()
    candidate(headline="PLC")
    embed_everything()
    space = vectors.space()
    written_out()
    names = spaces.make_indexes(space, from_rows=1)
    assert len(names) == 4  # the near and the waiting, of programs and of people
    space.revision = "another"
    assert spaces.make_indexes(space, from_rows=1) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE indexname ~ '_(near|stale)_'"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("next_revision", ["", "another"])
def test_texts_that_wait_for_a_vector_are_counted_and_swept_from_an_index(next_revision):
    for n in range(30):
        candidate(f"fresh{n}@example.org", headline="PLC")
    embed_everything()
    Candidate.objects.update(staged_hash=F("text_hash"), staged_revision=next_revision)
    late = candidate("late@example.org", headline="용접")
    space = vectors.space()
    space.next_revision = next_revision
    spaces.make_indexes(space, from_rows=1)
    wanted = next_revision or space.revision
    waiting = vectors.stale(Candidate, wanted, staged=bool(next_revision))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE candidates_candidate")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL cpu_index_tuple_cost = 10")  # as among many
        swept = waiting.order_by("pk").values_list("pk", flat=True)
        assert "candidates_candidate_stale_" in swept.explain()
        assert list(swept) == [late.pk]


@pytest.mark.django_db(transaction=True)
def test_the_nearest_programs_can_be_read_from_the_index():
    me = candidate(headline="PLC 용접")
    for n in range(3):
        program(f"PLC {n}")
    embed_everything()
    space = vectors.space()
    spaces.make_indexes(space, from_rows=1)
    me = Candidate.objects.get(pk=me.pk)
    near = programs.published(DAY).filter(vector_revision=space.revision).annotate(
        distance=queries._distance(me, space)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = near.order_by("distance").only("pk")[:2].explain()
    assert "programs_program_near_24" in plan


def test_the_yardstick_counts_the_terms_of_open_programs_and_is_kept_while_recent():
    program("PLC PLC internship")
    program("PLC welding")
    program("closed", status="closed")
    assert yardstick.refresh_if_old()
    assert not yardstick.refresh_if_old()
    lexicon, scale, *_rest = yardstick.current()
    assert lexicon.programs == 2
    assert max(lexicon.counts) == 2 and len(lexicon.terms) == len(set(lexicon.terms))
    assert (scale.low, scale.high) == (0.0, 0.8)  # too few pairs to say otherwise
    assert Yardstick.objects.count() == 1


def test_only_one_space_can_be():
    VectorSpace.objects.create(pk=1, model="a", revision="a", dimensions=3)
    with pytest.raises(Exception, match="one_vector_space"):
        VectorSpace.objects.create(pk=2, model="b", revision="b", dimensions=3)


def test_a_new_make_of_the_same_model_is_moved_to_like_any_other(monkeypatch):
    """Its old revision can no longer be made; the old vectors serve until the new are there."""

    class NewMake(PlainEncoder):
        class info:
            name = "plain"
            revision = "plain-2"
            dimensions = PlainEncoder.info.dimensions

    candidate(headline="PLC 용접", skills_text="PLC")
    program("PLC")
    embed_everything()
    monkeypatch.setattr(spaces.embeddings, "load", lambda name: NewMake())
    assert spaces.embed_stale(encoder=NewMake()) == 2  # each text once, then it rests
    assert vectors.space().revision == "plain-2"
    assert spaces.embed_stale(encoder=NewMake()) == 0


def test_vectors_are_stored_in_two_bytes_a_number():
    candidate(headline="PLC 용접")
    program("PLC")
    embed_everything()
    with connection.cursor() as cursor:
        for table in ("candidates_candidate", "programs_program"):
            cursor.execute(
                "SELECT pg_typeof(vector)::text, pg_column_size(vector), "
                f"vector_norm(vector::vector) FROM {table} WHERE vector IS NOT NULL"
            )
            kind, size, length = cursor.fetchone()
            assert kind == "halfvec"
            assert size <= 2 * PlainEncoder.info.dimensions + 8
            assert length == pytest.approx(1, abs=1e-3)


@pytest.mark.django_db(transaction=True)
def test_a_search_narrower_than_the_index_looks_goes_on_until_it_has_enough():
    """The nearest of one walk of life, among many nearer people of another."""
    me = program("PLC 용접 정비")
    for n in range(30):
        candidate(f"near{n}@example.org", headline="PLC 용접 정비", visibility="findable")
    far = candidate("far@example.org", headline="회계", walk="researcher", visibility="findable")
    embed_everything()
    space = vectors.space()
    spaces.make_indexes(space, from_rows=1)
    me = Program.objects.get(pk=me.pk)
    near = candidates.findable().filter(vector_revision=space.revision, walk="researcher")
    near = near.annotate(distance=queries._distance(me, space)).order_by("distance")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL hnsw.ef_search = 5")
        assert "candidates_candidate_near_24" in near.only("pk")[:1].explain()
        assert [found.pk for found in near[:1]] == [far.pk]


def test_what_the_index_holds_is_what_is_looked_for():
    """Drafts are in no index; a rebuild with other settings replaces the old one."""
    candidate(headline="PLC")
    program("PLC", status="draft")
    embed_everything()
    written_out()
    first = spaces.make_indexes(vectors.space(), from_rows=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname LIKE '%%\\_near\\_%%' ORDER BY 1"
        )
        _people, posts = (row[0] for row in cursor.fetchall())
    assert "published" in posts
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spaces, "NEIGHBORS", 8)
        second = spaces.make_indexes(vectors.space(), from_rows=1)
    assert {each for each in first if each in second} == {
        each for each in first if "_stale_" in each
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname LIKE '%%\\_near\\_%%'")
        assert cursor.fetchone() == (2,)
