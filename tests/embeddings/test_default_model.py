"""The embedded default: what its vectors say, and what must not change them."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from corridor import embeddings
from corridor.embeddings import Encoder

PROFILES = [
    "용접기능사 배관 용접 5년",
    "Pipe welder, 6G, ASME Section IX",
    "반도체 8대 공정 실습, SEM·XRD 분석, 학사 4학년. 여름 인턴십을 찾습니다.",
    "Python",
    "PLC(Siemens S7), HMI 설계 3년; 전기산업기사. 배터리 조립 라인 셋업과 시운전. " * 4,
]


@pytest.fixture(scope="module")
def together(encoder: Encoder) -> np.ndarray:
    return encoder.encode(PROFILES)


def test_a_korean_welder_is_nearer_to_a_pipe_welder_than_to_a_data_scientist(encoder: Encoder):
    person = encoder.encode(["용접기능사 배관 용접 5년"], kind="query")[0]
    welder, scientist = encoder.encode(["pipe welder", "data scientist"])
    assert person @ welder > person @ scientist + 0.1


@pytest.mark.parametrize(
    ("korean", "near", "far"),
    [
        ("하수처리장 운영, 활성슬러지", "wastewater treatment plant operator", "web designer"),
        (
            "반도체 식각 공정 엔지니어",
            "etch process engineer, semiconductor",
            "port crane operator",
        ),
        ("선박 도장 기능공", "ship painter in a shipyard", "clinical research associate"),
        ("배터리 셀 조립 설비 보전", "battery production equipment maintenance", "tax accountant"),
    ],
)
def test_korean_profiles_find_their_field_in_english(
    encoder: Encoder, korean: str, near: str, far: str
):
    person = encoder.encode([korean], kind="query")[0]
    found = encoder.encode([near, far]) @ person
    assert found[0] > found[1]


def test_vectors_have_length_one(encoder: Encoder, together: np.ndarray):
    assert together.shape == (len(PROFILES), encoder.info.dimensions)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_decomposed_hangul_has_the_same_vector(encoder: Encoder):
    one, other = encoder.encode([PROFILES[0], unicodedata.normalize("NFD", PROFILES[0])])
    assert np.array_equal(one, other)


def test_control_characters_do_not_move_a_vector(encoder: Encoder):
    one, other = encoder.encode(["pipe welder", "\x00\u200bpipe welder\x1b\ufeff"])
    assert np.array_equal(one, other)


def test_blank_and_emoji_only_texts_have_the_zero_vector_and_leave_others_alone(encoder: Encoder):
    vectors = encoder.encode(["", "pipe welder", "🙂🔧", " \n\t", "\x00"])
    assert not vectors[[0, 2, 3, 4]].any()
    assert np.allclose(vectors[1], encoder.encode(["pipe welder"])[0], atol=1e-4)


def test_nothing_to_encode_gives_no_rows(encoder: Encoder):
    assert encoder.encode([]).shape == (0, encoder.info.dimensions)
    assert not encoder.encode(["", "…"]).any()


def test_the_same_texts_give_the_same_vectors(encoder: Encoder, together: np.ndarray):
    assert np.array_equal(encoder.encode(PROFILES), together)


def test_a_vector_does_not_depend_on_what_is_encoded_with_it(
    encoder: Encoder, together: np.ndarray
):
    backwards = encoder.encode(PROFILES[::-1])[::-1]
    alone = np.concatenate([encoder.encode([text]) for text in PROFILES])
    assert np.abs(together - backwards).max() < 1e-4
    assert np.abs(together - alone).max() < 1e-4


def test_a_person_asks_and_a_program_answers_with_different_vectors(encoder: Encoder):
    asked = encoder.encode(["pipe welder"], kind="query")[0]
    held = encoder.encode(["pipe welder"], kind="passage")[0]
    assert 0.5 < asked @ held < 0.999


def test_a_hostile_length_is_encoded_by_its_beginning(encoder: Encoder):
    beginning = "Pipe welder for a shipyard, certified to ASME Section IX. " * 40
    one, other = encoder.encode([beginning * 4, beginning * 400])
    assert np.array_equal(one, other)


def test_progress_counts_the_texts_that_are_encoded(encoder: Encoder):
    told: list[tuple[int, int]] = []
    given = ["용접", "🙂", "pipe welder", "", "배관 용접 5년, 용접기능사, TIG와 CO2, 조선소 근무"]
    encoder.encode(given, progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (3, 3)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_the_description_is_what_is_loaded(encoder: Encoder):
    assert embeddings.describe() == encoder.info
    assert encoder.info.name == embeddings.DEFAULT_MODEL
