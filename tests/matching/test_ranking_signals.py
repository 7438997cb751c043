"""What each signal of the text ranking says, without a model: vectors are made up here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.embeddings import texts
from corridor.matching import ranking_fusion
from corridor.matching.ranking_signals import Signals, Sparse, Texts

BAGS = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9).map(float), max_size=6),
    min_size=1,
    max_size=8,
)


def side(*given: str) -> Texts:
    vectors = np.random.default_rng(7).normal(size=(len(given), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cleaned = tuple(texts.clean(text) for text in given)
    return Texts(
        cleaned, vectors, np.array([texts.is_korean(text) for text in cleaned], np.bool_),
        np.array([texts.says_something(text) for text in cleaned], np.bool_),
    )  # fmt: skip


@given(BAGS, BAGS)
def test_a_share_lies_between_nought_and_one(documents: list[dict], queries: list[dict]):
    found = Sparse(documents).compare(queries)
    assert found.shape == (len(queries), len(documents))
    assert (found >= 0).all() and (found <= 1 + 1e-5).all()


@given(BAGS)
def test_a_text_is_nearest_to_itself(bags: list[dict]):
    found = Sparse(bags).compare(bags)
    told = [place for place, bag in enumerate(bags) if bag]
    assert np.allclose(found[told, told], 1, atol=1e-5)


@settings(deadline=None)
@given(BAGS, BAGS, st.randoms(use_true_random=False))
def test_documents_may_come_in_any_order(documents: list[dict], queries: list[dict], random):
    order = list(range(len(documents)))
    random.shuffle(order)
    turned = Sparse([documents[place] for place in order]).compare(queries)
    assert np.allclose(turned, Sparse(documents).compare(queries)[:, order], atol=1e-5)


def test_what_no_document_says_still_counts_in_a_query():
    half = Sparse([{"pump": 1.0}]).compare([{"pump": 1.0, "unheard": 1.0}])[0, 0]
    assert half == pytest.approx(1 / np.sqrt(2), abs=1e-3)


def test_sounds_are_compared_between_the_languages_only():
    documents = side("oscillating gear", "shaft", "오슬레이팅 기어")
    found = Signals(documents).compare(side("오슬레이팅기어", "oscillating gears"))["sound"]
    assert found[0, 0] > 0.3 > found[0, 1]
    assert found[0, 2] == 0 and found[1, 0] == 0
    assert found[1, 2] > 0.3


def test_acronyms_and_equipment_names_meet_across_languages():
    documents = side("Maintains ALD and CVD tools", "Programs PLC and HMI screens", "Keeps books")
    meaning = Signals(documents).compare(side("ALD/CVD 장비 PM", "PLC 래더 수정"))["meaning"]
    assert meaning[0].argmax() == 0 and meaning[1].argmax() == 1
    assert (meaning[:, 2] == 0).all()


def test_korean_terms_meet_their_english_and_english_meets_korean():
    documents = side("water supply pump", "steam turbine", "급수 펌프")
    meaning = Signals(documents).compare(side("급수펌프", "feed pump for water supply"))["meaning"]
    assert meaning[0, 0] > meaning[0, 1]
    assert meaning[1, 2] > meaning[1, 1]


def test_what_is_known_of_few_documents_does_not_lift_them():
    many = Signals(side("Data Scientists", "Biostatisticians", "Mathematicians", "Actuaries"))
    few = Signals(side("Data Scientists", *(f"pump number {n}" for n in range(30))))
    asked = side("통계 분석가")
    assert few.compare(asked)["known"].max() < 0.1 * max(1e-3, many.compare(asked)["known"].max())


def test_a_text_that_names_no_occupation_is_found_by_the_occupations_it_is_near_to():
    documents = side(
        "Join pipe sections in the shipyard: welding, brazing, flame cutting",
        "Prepare tax returns and audit the books of small firms",
    )
    asked = side("용접원, 배관 용접 5년", "세무사 사무소 회계 담당")
    kin = Signals(documents).compare(asked)["kin"]
    assert kin[0].argmax() == 0 and kin[1].argmax() == 1


def test_a_query_that_is_not_about_work_leans_less_on_occupations():
    documents = side("Welders, cutters and welder fitters", "Accountants and auditors")
    found = Signals(documents).compare(side("용접원", "그렇지 않으면 다시 해 보세요"))
    assert found["kin"][0].max() > 3 * found["kin"][1].max()


def test_kin_does_not_depend_on_other_texts_nor_on_how_many_are_read_at_once():
    many = side(*(f"pipe welder number {number}" for number in range(600)), "tax accountant")
    asked = side("용접원", "회계사")
    whole = Signals(many).compare(asked)["kin"]
    few = Signals(side("pipe welder number 599", "tax accountant")).compare(asked)["kin"]
    assert np.allclose(whole[:, -2:], few, atol=1e-6)


def test_cosines_of_another_model_are_set_to_one_spread():
    documents = side("pump", "valve", "welder", "nurse")
    found = Signals(documents).compare(side("펌프", "간호사"))["e5"]
    assert np.allclose(found.mean(axis=1), 0, atol=1e-5)
    assert np.allclose(found.std(axis=1), 0.1, atol=1e-4)


def test_where_all_documents_are_alike_they_score_the_same():
    documents = side("pump", "pump")
    flat = np.full((1, 2), 0.83, np.float32)
    given = {pair: {"e5": 1.0} for pair in ranking_fusion.PAIRS}
    found = ranking_fusion.fused(side("펌프"), documents, {"e5": flat}, given)
    assert found[0, 0] == found[0, 1] > 0.5


def test_documents_of_two_languages_are_set_against_each_other_by_their_base():
    documents = side("pump", "펌프")
    same = np.full((1, 2), 0.5, np.float32)
    given = {"across": {"e5": 1.0}, "korean": {"e5": 1.0, "base": -0.3}, "other": {"e5": 1.0}}
    english, korean = ranking_fusion.fused(side("펌프"), documents, {"e5": same}, given)[0]
    assert english > korean


def test_every_weight_names_a_signal_and_evidence_never_counts_against():
    signals = Signals(side("pump")).compare(side("펌프"))
    for by_signal in ranking_fusion.weights().values():
        assert set(by_signal) <= {*signals, ranking_fusion.BASE}
        assert all(weight > 0 for name, weight in by_signal.items() if name in signals)
