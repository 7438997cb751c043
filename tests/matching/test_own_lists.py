"""What a person put aside weighs the same in a run, without a run, and on their page; and in no
host's list."""

from __future__ import annotations

import pytest

from corridor.candidates import aside
from corridor.candidates.models import Candidate
from corridor.common.models import OutboxMessage
from corridor.matching import blocks, queries, refreshing, services, snapshot
from corridor.programs.models import Program
from tests.matching.people import DAY, candidate, embed_everything, hub, program, sector
from tests.matching.test_refreshed_lists import anew, whole
from tests.matching.test_runs import carried_out

pytestmark = pytest.mark.django_db
KINDS = ("internship", "dispatch", "joint_research")


@pytest.fixture
def corridor():
    places = [hub("savannah", "GA"), hub("austin", "TX")]
    for n in range(12):
        program(
            f"PLC and welding {n}", kind=KINDS[n % 3], hub=places[n % 2],
            sector=sector("steel" if n % 4 else "batteries"), skills={"plc": n % 2 == 0},
        )  # fmt: skip
    people = [
        candidate(f"p{n}@example.org", headline="설비 보전 PLC", skills_text="PLC, 용접",
                  visibility="findable", toeic=600 + 40 * n, kinds=["internship"] if n % 2 else [])
        for n in range(4)
    ]  # fmt: skip
    embed_everything()
    return people


def put_aside(person, number: int, reason: str) -> Program:
    post = Program.objects.order_by("pk")[number]
    aside.put_aside(person, post, by=person.user, reason=reason)
    return post


def page(person):
    """(program, score) as the person's page ranks them, without those that no route is open to."""
    me = Candidate.objects.get(pk=person.pk)
    views = queries.programs_for(me, day=DAY, limit=20)
    return [(view.program.pk, view.score) for view in views if not view.is_blocked]


def listed(person):
    return [(each.program, each.score) for each in snapshot.best_programs(person.pk)]


def same(found, wanted):
    assert [pk for pk, _score in found] == [pk for pk, _score in wanted]
    for (_pk, mine), (_same, theirs) in zip(found, wanted, strict=True):
        assert mine == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("few", [0, blocks.FEW_PAIRS], ids=["engine", "matrices"])
def test_a_run_ranks_for_a_person_what_their_page_ranks(corridor, monkeypatch, few):
    monkeypatch.setattr(blocks, "FEW_PAIRS", few)
    me, other, plain, _more = corridor
    before = page(me)
    gone = [put_aside(me, 0, "kind"), put_aside(me, 1, "field"), put_aside(me, 2, "too_far")]
    put_aside(other, 3, "pay")  # hides it, and teaches nothing
    carried_out(services.start_run(day=DAY))
    for person in (me, other, plain):
        same(listed(person), page(person))
    assert not {post.pk for post in gone} & {pk for pk, _score in listed(me)}
    assert dict(listed(me)) != {pk: dict(before)[pk] for pk, _score in listed(me)}  # it taught


def test_no_hosts_list_of_a_run_knows_what_was_put_aside(corridor):
    me = corridor[0]
    first = carried_out(services.start_run(day=DAY))
    before = whole(first)[1]
    put_aside(me, 0, "kind")
    put_aside(me, 5, "too_far")
    after = anew()
    assert after[1] == before
    assert me.pk in [pk for pk, _score in after[1][Program.objects.order_by("pk")[0].pk]]


def test_lists_follow_what_is_put_aside_and_taken_back_without_a_run(corridor):
    me = corridor[0]
    run = carried_out(services.start_run(day=DAY))
    at_first = whole(run)
    OutboxMessage.objects.all().delete()
    post = put_aside(me, 0, "kind")
    (asked,) = OutboxMessage.objects.filter(task="matching.candidate_changed")
    refreshing.candidate_changed(**{"pk": asked.arguments["candidate_id"]})
    now = whole(run)
    same(listed(me), page(me))
    assert now[1] == at_first[1] and now[0] != at_first[0]
    refreshing.program_changed(post.pk)  # a program that changes does not come back by that
    refreshing.program_changed(Program.objects.order_by("pk")[3].pk)
    assert whole(run) == now
    aside.take_back(me, post.pk, by=me.user)
    refreshing.candidate_changed(me.pk)
    assert whole(run) == at_first
