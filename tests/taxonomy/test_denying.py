"""What a text says is not done, not known or not there is not named by it."""

from __future__ import annotations

import pytest

from corridor import taxonomy


def skills(text: str) -> set[str]:
    return {found.id for found in taxonomy.find_skills(text)}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("배관은 하지 않습니다", "piping"),
        ("직접 배관을 하지 않습니다.", "piping"),
        ("우리 인원은 직접 용접하지 않습니다", "welding"),
        ("PLC 경험 없음", "plc-programming"),
        ("PLC 프로그래밍 경험은 없습니다.", "plc-programming"),
        ("PLC: 없음", "plc-programming"),
        ("용접은 해 본 적이 없습니다", "welding"),
        ("용접은 못 합니다", "welding"),
        ("용접 안 함", "welding"),
        ("구조물 용접은 없습니다.", "welding"),
        ("용접 말고 조립을 하고 싶습니다", "welding"),
        ("AutoCAD는 아직 잘 모릅니다", "autocad"),
        ("no experience with PLC", "plc-programming"),
        ("I have never used PLC.", "plc-programming"),
        ("our people do not weld themselves", "welding"),
        ("without doing the piping", "piping"),
        ("No hands-on welding or fitting", "welding"),
        ("no structural welding", "welding"),
        ("방산 과제에는 참여하지 않습니다", "defense-acquisition"),
        ("PLC: none", "plc-programming"),
    ],
)  # fmt: skip
def test_what_is_denied_is_not_named(text: str, denied: str) -> None:
    assert denied in {found.id for found in taxonomy._skill_finder().find(text)}, "it is read"
    assert denied not in skills(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("용접 경험이 없어도 됩니다", "welding"),
        ("납땜은 못해도 배우면 됩니다", "soldering"),
        ("PLC는 몰라도 됩니다. 가르칩니다", "plc-programming"),
        ("No welding experience required", "welding"),
        ("No experience with PLC needed: we teach it", "plc-programming"),
        ("유압시험 중 사고 없었습니다", "hydraulics"),
        ("용접 불량을 놓치지 않습니다", "welding"),
        ("용접뿐만 아니라 배관도 합니다", "welding"),
        ("PLC는 모르는 것이 없습니다", "plc-programming"),
        ("not only welding but also piping", "welding"),
        ("용접 5년. 배관은 하지 않습니다", "welding"),
        ("용접 5년. 미국에서는 용접하지 않습니다", "welding"),
        ("I can't wait to learn PLC", "plc-programming"),
    ],
)
def test_what_is_only_conceded_or_stands_elsewhere_stays_named(text: str, named: str) -> None:
    assert named in skills(text)


def test_what_is_joined_is_denied_together() -> None:
    assert skills("직접 시공(용접·취부)은 하지 않습니다") == set()
    assert skills("no experience with PLC or robots") == set()
    assert skills("PLC, no robots") == {"plc-programming"}


def test_an_occupation_that_is_denied_is_not_named() -> None:
    assert not taxonomy.find_occupations("용접사는 아닙니다")
    assert taxonomy.find_occupations("용접사입니다")
