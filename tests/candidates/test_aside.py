"""“Not now” hides a program, teaches one wish and nothing else, and can be taken back."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.candidates import aside
from corridor.candidates.models import Candidate
from corridor.matching import queries as matching
from corridor.matching import scoring
from corridor.matching.rows import CandidateRow, ProgramRow
from corridor.matching.scoring import Pairs, Scale
from corridor.matching.tables import candidate_table, program_table
from tests.matching import people
from tests.web.desks import open_program

KINDS = ("internship", "apprenticeship", "dispatch", "training", "startup")
SECTORS = ("batteries", "steel", "water")
HUBS = {"savannah": "GA", "austin": "TX", "": ""}

programs = st.builds(
    ProgramRow, id=st.integers(1, 9), kind=st.sampled_from(KINDS),
    walks=st.just(frozenset({"student"})), sector=st.sampled_from(SECTORS),
    hub=st.sampled_from(sorted(HUBS)),
)  # fmt: skip
lessons = st.sampled_from(
    [*(f"kind:{k}" for k in KINDS), *(f"sector:{s}" for s in SECTORS), "hub:savannah", "hub:austin"]
)


def points(row: CandidateRow, posts: list[ProgramRow]) -> dict[str, np.ndarray]:
    table = program_table(posts, {hub: state for hub, state in HUBS.items() if hub})
    shape = (1, len(posts))
    pairs = Pairs(
        np.full(shape, 0.4, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.int8)
    )
    return scoring.parts(candidate_table([row], table.axes), table, pairs, Scale())


@settings(deadline=None, max_examples=60)
@given(
    posts=st.lists(programs, min_size=1, max_size=6),
    taught=st.sets(lessons, min_size=1, max_size=3),
    kinds=st.sets(st.sampled_from(KINDS), max_size=2),
    sectors=st.sets(st.sampled_from(SECTORS), max_size=2),
    hubs=st.sets(st.sampled_from(["savannah", "austin"]), max_size=1),
)
def test_a_lesson_lowers_the_one_wish_of_the_programs_it_names_and_nothing_else(
    posts, taught, kinds, sectors, hubs
):
    wishes = {"kinds": frozenset(kinds), "sectors": frozenset(sectors), "hubs": frozenset(hubs)}
    before = points(CandidateRow(id=1, walk="student", **wishes), posts)
    after = points(
        CandidateRow(id=1, walk="student", avoided=frozenset(taught), **wishes), posts
    )
    for name in scoring.PARTS:
        if name != "preferences":
            assert np.array_equal(before[name], after[name]), name
    for at, post in enumerate(posts):
        named = [
            which for which in scoring.WISHES if f"{which}:{getattr(post, which)}" in taught
        ]
        lost = float(before["preferences"][0, at] - after["preferences"][0, at])
        most = scoring.WEIGHTS["preferences"] * sum(scoring.WISHES[which] for which in named)
        if named:
            assert 0 < lost <= most + 1e-6
        else:
            assert lost == 0


# --- what is kept -----------------------------------------------------------------------------


@pytest.fixture
def me() -> Candidate:
    return people.candidate(skills_text="PLC")


def listed(candidate: Candidate) -> list[str]:
    fresh = Candidate.objects.get(pk=candidate.pk)
    return [view.program.title for view in matching.programs_for(fresh, day=people.DAY)]


@pytest.mark.django_db
def test_a_program_put_aside_leaves_the_list_and_comes_back(me):
    firm = people.host()
    first, _second = open_program(firm, "Line internship"), open_program(firm, "Lab internship")
    assert sorted(listed(me)) == ["Lab internship", "Line internship"]
    aside.put_aside(me, first, by=me.user, reason="pay")
    assert listed(me) == ["Lab internship"]
    assert aside.take_back(me, first.pk, by=me.user)
    assert sorted(listed(me)) == ["Lab internship", "Line internship"]


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["pay", "dates", "not_allowed", "other"])
def test_a_reason_that_no_wish_is_about_only_hides(me, reason):
    program = open_program(people.host(), hub=people.hub(), sector=people.sector())
    assert aside.put_aside(me, program, by=me.user, reason=reason).taught == ""
    assert Candidate.objects.get(pk=me.pk).avoided == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "taught"),
    [("kind", "kind:internship"), ("field", "sector:batteries"), ("too_far", "hub:savannah")],
)
def test_a_reason_teaches_the_wish_it_is_about(me, reason, taught):
    program = open_program(people.host(), hub=people.hub(), sector=people.sector())
    aside.put_aside(me, program, by=me.user, reason=reason)
    assert Candidate.objects.get(pk=me.pk).avoided == [taught]


@pytest.mark.django_db
def test_a_lesson_lasts_until_the_last_program_that_taught_it_is_taken_back(me):
    firm = people.host()
    first, second = open_program(firm, "A"), open_program(firm, "B")
    for program in (first, second):
        aside.put_aside(me, program, by=me.user, reason="kind")
    aside.take_back(me, first.pk, by=me.user)
    assert Candidate.objects.get(pk=me.pk).avoided == ["kind:internship"]
    aside.take_back(me, second.pk, by=me.user)
    assert Candidate.objects.get(pk=me.pk).avoided == []


@pytest.mark.django_db
def test_the_score_on_the_programs_page_says_the_same_as_the_list(me):
    firm = people.host()
    first, second = open_program(firm, "A"), open_program(firm, "B")
    before = matching.match(me, second, day=people.DAY)
    aside.put_aside(me, first, by=me.user, reason="kind")
    fresh = Candidate.objects.get(pk=me.pk)
    after = matching.match(fresh, second, day=people.DAY)
    (in_list,) = matching.programs_for(fresh, day=people.DAY)
    assert after.score == pytest.approx(in_list.score) and after.score < before.score


@pytest.mark.django_db
def test_nobody_puts_a_program_aside_for_another_and_an_unknown_reason_is_refused(me):
    program = open_program(people.host())
    other = people.candidate("lee@example.org")
    with pytest.raises(PermissionDenied):
        aside.put_aside(me, program, by=other.user, reason="pay")
    with pytest.raises(ValidationError):
        aside.put_aside(me, program, by=me.user, reason="whim")
    assert not me.put_aside.exists()
