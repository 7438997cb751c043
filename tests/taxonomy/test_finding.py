"""How names are found in running text of both languages."""

from __future__ import annotations

import unicodedata

import pytest

from corridor import taxonomy
from corridor.taxonomy.finding import Finder, Phrase, chooser
from corridor.taxonomy.folding import MAX_CHARS


def skills_in(text: str) -> list[str]:
    return [found.id for found in taxonomy.find_skills(text)]


@pytest.mark.parametrize(
    "text",
    [
        "용접을 합니다",
        "용접은",
        "용접했습니다",
        "용접 및 절단",
        "자동용접",
        "용접공정",
        "용접 경력 3년",
        "(용접)",
    ],
)
def test_a_korean_word_is_found_with_particles_endings_and_in_compounds(text: str) -> None:
    assert "welding" in skills_in(text)


@pytest.mark.parametrize(
    "text", ["PLC를", "PLC로 제어", "ＰＬＣ", "피엘씨", "PLC프로그래밍", "PLC 프로그래밍", "PLCs"]
)
def test_an_abbreviation_is_found_however_koreans_write_it(text: str) -> None:
    assert skills_in(text) == ["plc-programming"]


@pytest.mark.parametrize(
    "text",
    [
        "You can cancel the scan",
        "Let us go to the react booth",
        "R&D budget",
        "Plan B or C",
        "a grade of C",
        "vitamin C and D",
        "she ran to catch it",
        "rust never sleeps",
        "The spring semester",
        "made to custom order",
        "Soldering can be learned; AFM and C-AFM modes",
    ],
)
def test_no_skill_hides_in_ordinary_english(text: str) -> None:
    technical = {"can-bus", "c-language", "r-language", "go-language", "rust-language"}
    technical |= {"frontend-development", "wireless-5g", "spring", "customs-clearance"}
    assert not technical & set(skills_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "시스템 사용접수를 담당",
        "재고 분배관리",
        "지배관계 분석",
        "화성시 거주",
        "조선시대",
        "그라우팅 보조",
        "로봇과 통신과 사람",
        "전자전기공학의 기초",
    ],
)
def test_no_skill_hides_in_ordinary_korean(text: str) -> None:
    wrong = {"welding", "piping", "formation-aging", "shipbuilding", "electronic-warfare"}
    assert not wrong & set(skills_in(text))
    assert "라우팅" not in [found.text for found in taxonomy.find_skills(text)]


def test_one_letter_languages_are_found_only_in_a_list_of_skills() -> None:
    assert skills_in("Python, R, SQL") == ["python", "r-language", "sql"]
    assert skills_in("C, C++, Go and Rust") == [
        "c-language",
        "cpp",
        "go-language",
        "rust-language",
    ]
    assert skills_in("R") == ["r-language"]
    assert "c-language" not in skills_in("Option C, then call Python")


def test_the_longest_name_wins_and_finds_never_overlap() -> None:
    found = taxonomy.find_skills("특수용접기능사와 수소연료전지")
    assert [one.text for one in found] == ["특수용접기능사", "수소연료전지"]
    assert found[0].end <= found[1].start


def test_offsets_point_into_the_text_as_the_caller_has_it() -> None:
    text = "경력: 티그 용접(TIG), ＣＮＣ선반\u200b 5년"
    for original in (text, unicodedata.normalize("NFD", text)):
        found = taxonomy.find_skills(original)
        assert [one.id for one in found] == ["gtaw-welding", "gtaw-welding", "cnc-machining"]
        for one in found:
            assert original[one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("조선소에서 의장 작업", "ship-outfitting"),
        ("완성차 차체와 의장 라인, 자동차 도장", "general-assembly"),
        ("고로에서 나온 용선", "ironmaking"),
        ("해운 선사에서 용선 담당", "maritime-shipping"),
        ("transformer and switchgear installation", "power-transformer"),
        ("PyTorch, LLM, transformer", "transformer-model"),
        ("GIS, SF6 gas and circuit breakers", "gis-switchgear"),
        ("QGIS, ArcGIS and GIS maps", "gis-mapping"),
        ("scan chain, ATPG and DFT", "dft-design"),
        ("VASP, cathode material and DFT", "dft-calculation"),
    ],
)
def test_the_rest_of_the_text_decides_what_an_ambiguous_word_means(text: str, meaning: str) -> None:
    assert meaning in skills_in(text)


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ("신소재공학과 4학년", "materials-science-engineering"),
        ("조선해양공학 전공", "naval-architecture-ocean"),
        ("전기전자공학부 졸업", "electrical-electronics"),
        ("로봇과 2학년", "robotics-engineering"),
        ("BS in Mechanical Engineering", "mechanical-engineering"),
        ("degree in chemistry", "chemistry-major"),
        ("Chemistry", "chemistry-major"),
        ("화학", "chemistry-major"),
    ],
)
def test_a_major_is_found_as_departments_and_degrees_are_written(text: str, major: str) -> None:
    assert [found.id for found in taxonomy.find_majors(text)] == [major]


def test_a_word_that_only_resembles_a_major_is_left_alone() -> None:
    assert taxonomy.find_majors("battery chemistry and device physics") == []
    assert taxonomy.find_majors("금형과 부품을 다룹니다") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("용접기능사", "51-4121.00"),
        ("용접 기능사", "51-4121.00"),
        ("pipe welders wanted", "51-4121.00"),
        ("Robotics Engineering Intern", "17-2199.08"),
        ("배관공 모집", "47-2152.00"),
        ("반도체 오퍼레이터", "51-9141.00"),
    ],
)
def test_an_occupation_is_found_by_title_or_by_the_certificate_that_leads_to_it(
    text: str, code: str
) -> None:
    assert [found.id for found in taxonomy.find_occupations(text)] == [code]


@pytest.mark.parametrize(
    "text", ["", "   \n\t", "🙂🚀👩‍🔧", "\x00\x01\x02", "・・・///&&&", "ㅋㅋㅋㅠㅠ"]
)
def test_text_without_words_holds_nothing(text: str) -> None:
    assert taxonomy.find_skills(text) == []
    assert taxonomy.find_occupations(text) == []
    assert taxonomy.find_majors(text) == []
    assert taxonomy.expand(text) == []


def test_control_characters_do_not_hide_a_skill() -> None:
    assert skills_in("PLC\x00 and\x07\tHMI\u200b design") == ["plc-programming", "hmi"]


def test_only_the_first_hundred_thousand_characters_are_read() -> None:
    padding = "가 " * (MAX_CHARS // 2)
    assert skills_in("용접 " + padding) == ["welding"]
    assert skills_in(padding + "용접") == []


def test_a_phrase_is_never_read_across_a_sentence_or_a_comma() -> None:
    assert "robotic-welding" in skills_in("robot welding")
    assert "robotic-welding" not in skills_in("robot, welding")
    assert "robotic-welding" not in skills_in("It has a robot. Welding is manual.")


def test_a_line_break_inside_a_name_does_not_hide_it() -> None:
    assert skills_in("atomic layer\ndeposition") == ["ald"]


def test_a_finder_reports_nothing_for_a_trap() -> None:
    finder = Finder(
        [Phrase("용접", ("welding",), "+"), Phrase("사용접수", (), "+")],
        chooser(taxonomy.load().skills),
    )
    assert finder.find("사용접수") == []
    assert [one.text for one in finder.find("사용접수 및 용접")] == ["용접"]
