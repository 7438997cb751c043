"""What a page reads: programs for a candidate, cards for a host, hubs for a candidate."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from corridor.candidates.models import Candidate
from corridor.common import vectors
from corridor.matching import applicants, explain, pathways, queries, yardstick
from corridor.matching.facts import RANK
from corridor.matching.rows import ProgramRow, candidate_row
from corridor.programs.models import Program
from tests.matching.drawn import SCALE, pair_of
from tests.matching.people import DAY, candidate, embed_everything, host, hub, program, sector

pytestmark = pytest.mark.django_db

STUDY = {"degree": "bachelor", "major": "기계공학", "status": "enrolled",
         "started_on": date(2023, 3, 2), "ended_on": date(2028, 2, 20)}  # fmt: skip


def again(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def me():
    return candidate(
        headline="배터리 공정 설비 보전, PLC 제어", skills_text="PLC, 용접, AutoCAD",
        educations=[STUDY], toeic=820, kinds=["internship"], sectors=["batteries"],
        hubs=["savannah"], available_from=date(2027, 2, 1),
    )  # fmt: skip


def rows_looked_at() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW hnsw.ef_search")
        return cursor.fetchone()[0]


def test_a_search_for_near_programs_looks_at_its_own_number_of_rows_of_the_index(me):
    program("Battery line maintenance", sector=sector("batteries"), hub=hub("savannah"))
    embed_everything()
    before = rows_looked_at()
    assert queries.programs_for(again(me), day=DAY)
    # It holds for the transaction, and this test is one.
    own = str(vectors.LOOKED_AT[Program._meta.label_lower])
    assert rows_looked_at() == own != before


def test_the_program_that_asks_for_what_one_has_comes_first(me):
    program("Accounting internship", sector=sector("ai-software"), hub=hub("austin", "TX"),
            state="TX")  # fmt: skip
    fitting = program("PLC internship", skills={"plc": True, "welding": False},
                      details={"field_of_study": "Mechanical engineering"})  # fmt: skip
    embed_everything()
    found = queries.programs_for(again(me), day=DAY)
    assert found[0].program == fitting
    assert found[0].score > found[1].score
    assert not found[0].is_provisional


def test_until_a_profile_has_a_vector_its_matches_say_that_they_are_provisional(me):
    program("PLC internship", skills={"plc": True})
    assert [view.is_provisional for view in queries.programs_for(me, day=DAY)] == [True]
    embed_everything()
    assert [view.is_provisional for view in queries.programs_for(again(me), day=DAY)] == [False]
    me = again(me)
    me.text_hash = "a newer text"
    assert [view.is_provisional for view in queries.programs_for(me, day=DAY)] == [True]


def test_a_vector_of_another_model_never_meets_one_of_this(me):
    other = program("PLC internship", skills={"plc": True})
    embed_everything()
    Program.objects.filter(pk=other.pk).update(vector_revision="another", vector=[1.0, 0.0, 0.0])
    (view,) = queries.programs_for(again(me), day=DAY)
    assert view.is_provisional
    assert queries.match(again(me), again(other), day=DAY).points["text"] == view.points["text"]


def test_drafts_closed_and_past_programs_and_unmet_musts_are_left_out(me):
    program("draft", status="draft")
    program("closed", status="closed")
    program("past", starts_on=DAY)
    program("too late", apply_by=date(2026, 11, 22))
    program("for technicians", walks=["technician"])
    program("doctorate", min_degree="doctorate", degree_is_required=True)
    program("wished doctorate", min_degree="doctorate")
    open_one = program("open", walks=["student", "graduate"])
    titles = {view.program.title_en for view in queries.programs_for(me, day=DAY)}
    assert titles == {"wished doctorate", open_one.title_en}


def test_a_program_page_says_which_must_is_not_met(me):
    post = program("doctorate", min_degree="doctorate", degree_is_required=True,
                   walks=["researcher"])  # fmt: skip
    view = queries.match(me, post, day=DAY)
    assert [point.code for point in view.unmet] == ["unmet_walk", "unmet_degree"]
    with translation.override("ko"):
        assert view.unmet[1].text.startswith("학력이 필수입니다")


def test_the_program_page_and_the_list_give_the_same_score(me):
    posts = [program(f"PLC internship {n}", skills={"plc": n % 2 == 0}, min_toeic=700 + 50 * n)
             for n in range(4)]  # fmt: skip
    embed_everything()
    yardstick.refresh()
    listed = {view.program.pk: view for view in queries.programs_for(again(me), day=DAY)}
    for post in posts:
        view = queries.match(again(me), again(post), day=DAY)
        assert view.score == pytest.approx(listed[post.pk].score, abs=1e-6)
        assert view.points == pytest.approx(listed[post.pk].points, abs=1e-6)
        assert [r.code for r in view.reasons] == [r.code for r in listed[post.pk].reasons]


def test_a_blocked_program_comes_after_every_other(me):
    # Hands-on construction closes every pathway of a dispatch for somebody without a petition.
    fits = program("PLC commissioning", kind="dispatch", skills={"plc": True})
    blocked = pathways.Best(pathways._CODE["no"], "b1_installer")
    program("Painting")
    embed_everything()
    real = pathways.best

    def closed(candidates, programs, *, day):
        found = real(candidates, programs, day=day)
        for at, side in enumerate(programs):
            if side.kind == "dispatch":
                found.codes[:, at] = blocked.code
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pathways, "best", closed)
        order = [view.program for view in queries.programs_for(again(me), day=DAY)]
    assert order[-1] == fits


def test_the_number_of_queries_does_not_grow_with_programs(me):
    def count():
        person = again(me)
        with CaptureQueriesContext(connection) as seen:
            for view in queries.programs_for(person, day=DAY):
                assert view.best_verdict and view.headline and view.ladder is not None
        return len(seen)

    program("first", skills={"plc": True}, duties=[{"text": "PLC", "activity": "learn"}])
    embed_everything()
    yardstick.refresh()
    count()  # reads the yardstick once for the process
    first = count()
    for n in range(12):
        program(f"more {n}", skills={"plc": True}, credentials={"전기기사": False})
    embed_everything()
    count()  # reads what is new
    assert count() == first <= 12


def test_kinds_limit_what_is_found(me):
    program("an internship")
    program("a startup", kind="startup")
    assert [v.program.kind for v in queries.programs_for(me, day=DAY, kinds=["startup"])] == [
        "startup"
    ]


def test_reasons_and_gaps_are_told_in_the_reader_s_language(me):
    program("PLC internship", skills={"plc": True, "cad": False}, min_toeic=900,
            credentials={"전기기사": True})  # fmt: skip
    (view,) = queries.programs_for(me, day=DAY)
    with translation.override("en"):
        english = [view.headline, view.pathway_sentence, *map(str, view.reasons + view.gaps)]
    with translation.override("ko"):
        korean = [view.headline, view.pathway_sentence, *map(str, view.reasons + view.gaps)]
    assert "%" not in "".join(english + korean)
    assert all(any("가" <= letter <= "힣" for letter in text) for text in korean)
    assert any("TOEIC 900" in text for text in english)
    assert any("전기기사" in text for text in korean)


def test_a_credential_is_called_what_the_two_people_call_it_not_its_grade():
    mine = candidate("grade@example.org", headline="설비 보전", skills_text="PLC")
    mine.credentials.create(name="용접기능장", credential_id="welder")
    post = program("Maintenance", skills={"plc-programming": True})
    for text, ref in (
        ("피복아크용접기능사 / Craftsman arc welding", "welder"),
        ("지게차 면허 / Forklift license", "forklift"),
    ):
        post.requirements.create(kind="credential", text=text, ref=ref)
    embed_everything()
    view = queries.match(mine, post, day=DAY)
    with translation.override("ko"):
        assert "여기에서 인정되는 자격증이 있습니다: 용접기능장" in [*map(str, view.reasons)]
        assert "찾는 자격증이 프로필에 없습니다: 지게차 면허" in [*map(str, view.gaps)]
    with translation.override("en"):
        assert any("Forklift license is asked for" in str(gap) for gap in view.gaps)


def test_who_has_one_of_the_skills_asked_for_is_not_told_to_lack_the_other():
    post = program("Analyst", skills={"excel": False, "spc": False})
    post.requirements.filter(ref="excel").update(text="엑셀 또는 Python / Excel or Python")
    has, lacks = (
        candidate(f"{n}@example.org", skills_text=skills)
        for n, skills in (("has", "Python"), ("lacks", "용접"))
    )
    embed_everything()
    told = [
        {skill for gap in queries.match(each, post, day=DAY).gaps
         for skill in gap.values.get("skills", ())}
        for each in (has, lacks)
    ]  # fmt: skip
    assert "excel" not in told[0] and "spc" in told[0]
    assert "excel" in told[1]


def test_a_certificate_told_in_words_alone_is_asked_for_among_the_certificates():
    mine = candidate("words@example.org", skills_text="ALD, SEMI S2 교육")
    post = program("ALD technician", skills={"ald": True})
    post.requirements.create(kind="credential", text="SEMI S2 안전 / SEMI S2", ref="semi_s2")
    embed_everything()
    codes = {gap.code for gap in queries.match(mine, post, day=DAY).gaps}
    assert "list_credential" in codes and "add_credential" not in codes


def test_what_one_can_do_is_told_before_what_merely_stands_in_no_way(me):
    program("PLC technician", skills={"plc-programming": True}, min_toeic=400)
    embed_everything()
    (view,) = queries.programs_for(me, day=DAY)
    ranks = [0 if each.code in explain.SUBSTANCE else 1 for each in view.reasons]
    assert ranks == sorted(ranks) and ranks[0] == 0


def test_a_degree_under_way_is_not_told_as_held():
    held = {"major": "기계공학과", "status": "graduated"}
    under_way = {**held, "degree": "doctorate", "status": "enrolled"}
    for studies, code in (
        ([{**held, "degree": "master"}], "level"),
        ([under_way, {**held, "degree": "bachelor"}], "level_beyond"),
        ([{**under_way, "degree": "master"}], "level_under_way"),
    ):
        row = candidate_row(candidate(f"{code}@example.org", educations=studies), day=DAY)
        pair = pair_of(row, ProgramRow(id=1, kind="joint_research", degree=RANK["master"]))
        assert code in {change.code for change in explain.reasons(pair, SCALE)}


def test_the_parts_shown_add_up_to_the_percent_shown(me):
    for n in range(5):
        program(f"internship {n}", min_toeic=500 + 100 * n)
    embed_everything()
    for view in queries.programs_for(again(me), day=DAY):
        assert sum(part.points for part in view.parts) == view.percent
        assert all(0 <= fit <= 100 for _label, _points, fit in view.parts)


def test_birth_sex_and_military_service_move_no_score(me):
    program("PLC internship", skills={"plc": True})
    before = queries.programs_for(me, day=DAY)[0]
    Candidate.objects.filter(pk=me.pk).update(
        birth_date=date(1998, 1, 1), sex="M", military_status="not_completed"
    )
    after = queries.programs_for(again(me), day=DAY)[0]
    assert after.points == before.points
    assert after.facts["candidate.military_status"] == "not_completed"  # the verdict reads it


# --- for hosts ------------------------------------------------------------------------------------


def test_a_card_shows_who_chose_to_be_found_and_never_who_they_are(me):
    post = program("PLC internship", skills={"plc": True})
    hidden = candidate("lee@example.org", skills_text="PLC", educations=[STUDY])
    Candidate.objects.filter(pk=me.pk).update(visibility="findable", city="부산")
    embed_everything()
    cards = queries.candidates_for(again(post), day=DAY)
    assert [card.card_code for card in cards] == [me.card_code]
    (card,) = cards
    assert card.skills[0] == "PLC 프로그래밍" or "PLC" in card.skills[0]
    assert card.degree and card.percent > 0 and card.headline
    told = repr(vars(card)) + repr(card.row)
    for secret in (me.user.name, me.user.email, "견본대학교", "부산", hidden.card_code, "KR"):
        assert secret not in told


def test_a_host_and_a_candidate_see_the_same_score(me):
    post = program("PLC internship", skills={"plc": True}, min_toeic=900)
    Candidate.objects.filter(pk=me.pk).update(visibility="findable")
    embed_everything()
    (card,) = queries.candidates_for(again(post), day=DAY)
    mine = queries.match(again(me), again(post), day=DAY)
    assert card.score == pytest.approx(mine.score, abs=1e-6)


def test_cards_keep_to_the_walks_that_a_program_takes(me):
    Candidate.objects.filter(pk=me.pk).update(visibility="findable")
    post = program("for technicians", walks=["technician"])
    assert queries.candidates_for(post, day=DAY) == []


def test_a_program_begins_from_whom_the_last_run_found_best_and_scores_them_anew(
    me, monkeypatch
):
    """An index finds not all of the nearest: here it is made to find nobody but one."""
    from corridor.matching import services
    from tests.matching.test_runs import carried_out

    post = program("PLC internship", skills={"plc": True})
    others = [
        candidate(f"p{n}@example.org", skills_text="PLC, 용접" if n % 2 else "엑셀", toeic=600 + n,
                  visibility="findable", educations=[STUDY])
        for n in range(6)
    ]  # fmt: skip
    embed_everything()
    exact = [card.card_code for card in queries.candidates_for(again(post), day=DAY)]
    monkeypatch.setattr(queries, "CARD_POOL", 1)
    assert len(queries.candidates_for(again(post), day=DAY)) == 1
    assert queries.listed_by(post) is None
    run = carried_out(services.start_run(day=DAY))
    assert queries.listed_by(post) == run
    found = queries.candidates_for(again(post), day=DAY)
    assert [card.card_code for card in found] == exact
    assert not any(card.is_provisional for card in found)  # their texts are compared, too
    # Nothing of the list is shown as it was: who hides is gone, who changed is ranked as now.
    best, second = (Candidate.objects.get(card_code=code) for code in exact[:2])
    Candidate.objects.filter(pk=best.pk).update(visibility="private")
    Candidate.objects.filter(pk=second.pk).update(skill_ids=[], term_ids=[])
    later = queries.candidates_for(again(post), day=DAY)
    codes = [card.card_code for card in later]
    assert best.card_code not in codes and len(codes) == len(others) - 1
    assert next(c.score for c in later if c.card_code == second.card_code) < found[1].score


# --- hubs -----------------------------------------------------------------------------------------


def test_hubs_are_ranked_by_the_programs_that_fit_there(me):
    program("PLC internship", skills={"plc": True})
    program("Accounting", sector=sector("ai-software"), hub=hub("austin", "TX"), state="TX")
    program("nowhere yet", hub=None, state="")
    embed_everything()
    fits = queries.hubs_for(again(me), day=DAY)
    assert [fit.hub.slug for fit in fits] == ["savannah", "austin"]
    assert fits[0].is_wish and fits[0].programs == 1 and fits[0].percent > fits[1].percent
    assert len(fits[0].reasons) == 4


def test_programs_with_a_working_pathway_can_be_listed(me):
    here = program("training in Korea", kind="training", details={"place_of_training": "KR"})
    unknown = program("an internship")
    assert queries.workable_programs(me, day=DAY) == [here.pk]
    # The host's answer makes the other one known, and is seen at once.
    closed = queries.workable_programs(again(me), day=DAY)
    assert unknown.pk not in closed
    other = host("in-korea", country="KR")
    Program.objects.filter(pk=here.pk).update(status="closed")
    assert queries.workable_programs(me, day=DAY) == []
    assert other.pk


def test_a_host_reads_its_applicants_with_the_scores_that_they_see(me):
    post = program("PLC internship", skills={"plc": True}, min_toeic=900)
    embed_everything()
    fits = applicants.fits(again(post), [again(me)], day=DAY)
    seen = queries.match(again(me), again(post), day=DAY)
    assert fits[me.pk].score == pytest.approx(seen.score, abs=1e-5)
    assert fits[me.pk].facts == seen.facts


def test_a_program_that_was_changed_in_any_way_is_read_anew(me):
    post = program("PLC internship", skills={"plc": True}, min_toeic=500)
    before = queries.programs_for(me, day=DAY)[0].points["language"]
    Program.objects.filter(pk=post.pk).update(min_toeic=990)  # beside every service
    assert queries.programs_for(me, day=DAY)[0].points["language"] < before


def test_a_second_look_judges_nothing_and_says_the_same_until_something_is_new(me, monkeypatch):
    for n in range(3):
        program(f"PLC internship {n}", skills={"plc": True})
    first = queries.programs_for(again(me), day=DAY)
    judged = []
    real = pathways.best

    def spy(people, posts, *, day):
        judged.append(len(posts))
        return real(people, posts, day=day)

    monkeypatch.setattr(pathways, "best", spy)
    second = queries.programs_for(again(me), day=DAY)
    assert [view.points for view in second] == [view.points for view in first]
    assert judged == []
    program("PLC apprenticeship", kind="apprenticeship", skills={"plc": True})
    assert len(queries.programs_for(again(me), day=DAY)) == 4
    assert judged == [4]
    Candidate.objects.filter(pk=me.pk).update(nationality="VN")
    queries.programs_for(again(me), day=DAY)
    assert judged == [4, 4]


def test_cards_read_a_constant_number_of_queries(me):
    post = program("PLC internship", skills={"plc": True})
    Candidate.objects.filter(pk=me.pk).update(visibility="findable")
    embed_everything()
    yardstick.refresh()

    def count():
        row = again(post)
        with CaptureQueriesContext(connection) as seen:
            assert all(card.skills for card in queries.candidates_for(row, day=DAY))
        return len(seen)

    count()
    first = count()
    for n in range(6):
        candidate(f"more{n}@example.org", headline="PLC", skills_text="PLC", educations=[STUDY],
                  visibility="findable")  # fmt: skip
    embed_everything()
    assert count() == first <= 17
