"""What the rules say in words, in both languages: readable, and never an invitation to lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from corridor import rules
from corridor.rules.facts import CHANGEABLE
from corridor.rules.loading import DATA, load
from corridor.rules.reading import read

# The letter itself goes to American officers; only what a form asks for is bilingual.
_HANGUL = re.compile(r"[가-힣]")
_ISO_DAY = re.compile(r"(?<![\d-])20\d\d-\d\d-\d\d(?![\d-])")


def texts() -> Iterator[tuple[str, str, str]]:
    """Where a text of the rule data stands, its Korean and its English."""
    for path in sorted(DATA.rglob("*.yaml")):
        if path.name == "citations.yaml":
            continue  # what citations say in words has tests of its own
        whole = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from _within(whole, f"{path.parent.name}/{path.name}")


def _within(held: Any, place: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(held, dict) and {"ko", "en"} <= held.keys():
        yield place, held["ko"], held["en"]
        return
    if isinstance(held, dict):
        for key, inner in held.items():
            yield from _within(inner, f"{place} {key}")
    elif isinstance(held, list):
        for inner in held:
            name = inner.get("id", "") if isinstance(inner, dict) else ""
            yield from _within(inner, f"{place} {name}".rstrip())


def test_no_english_text_of_the_rules_holds_korean_writing():
    assert len(list(texts())) > 1000
    for place, _korean, english in texts():
        assert not _HANGUL.search(english), f"{place}: {english}"


def test_every_korean_text_of_the_rules_is_korean():
    """Only names and codes (J-1, OSHA 10, Praxis) stand alone in Latin letters."""
    for place, korean, english in texts():
        words = re.findall(r"[A-Za-z]{3,}", korean)
        said = _HANGUL.search(korean) or korean == english or len(words) <= 2
        assert said, f"{place}: {korean}"
        sentence = re.search(r"(?:\b[a-z]{2,}\b[ ,]+){4,}", korean)
        assert not sentence, f"{place}: an English sentence in {korean}"


def test_days_are_written_out_in_both_languages():
    for place, *both in texts():
        for text in both:
            assert not _ISO_DAY.search(text), f"{place}: {text}"


def test_money_has_its_sign():
    """A bare 1,500 or 470 in a fee's note could be anything; USD is how a bank writes it."""
    for place, _korean, english in texts():
        assert "USD" not in english, f"{place}: {english}"
        if place.startswith("shared/fees.yaml"):
            plain = re.sub(r"\$[\d,.]+|\d+ CFR [\w().]+|501\(c\)\(3\)|20\d\d", "", english)
            bare = re.search(r"(?<![\w$-])\d{3}(?![\d()])|(?<![\w$])\d{1,3},\d{3}", plain)
            assert not bare, f"{place}: {english}"


def test_every_fact_says_whether_and_how_it_can_be_changed():
    for path in sorted((DATA / "facts").glob("*.yaml")):
        for name, body in read(path, name=path.name).items():
            assert body.get("changeable") in CHANGEABLE, name


def test_the_past_and_the_work_itself_are_not_said_to_be_changed_freely():
    known = rules.facts()
    assert known["program.start_date"].changeable == "freely"
    assert known["candidate.toeic"].changeable == "freely"
    assert known["candidate.related_experience_outside_us_months"].changeable == "time"
    assert known["candidate.degree"].changeable == "time"
    assert known["candidate.nationality"].changeable == "nobody"
    assert known["program.clerical_share_pct"].changeable == "duties"
    assert known["program.paid_from_us_source"].changeable == "time"


# What the work, the need for it and a person's role really are: to offer another value of these
# as a change would read as advice to call the same thing by another name.
_WHAT_IT_IS = (
    "program.activity", "program.skill_level", "program.is_specialty_occupation",
    "program.employer_need_type", "program.purpose_staff_us_operation", "program.work_place",
    "program.mostly_hands_on", "candidate.role", "candidate.role_abroad_and_us",
    "candidate.would_be_h2", "candidate.would_qualify_h3",
)  # fmt: skip


def test_no_route_offers_to_call_the_same_work_by_another_name():
    closed = 0
    for kind, activity in (
        ("dispatch", "building_or_construction_hands_on"), ("dispatch", "production_work"),
        ("dispatch", "install_service_repair_foreign_equipment"), ("internship", "internship"),
    ):  # fmt: skip
        facts = {
            "candidate.nationality": "KR", "candidate.role": "technician",
            "candidate.role_abroad_and_us": "specialist", "candidate.would_be_h2": True,
            "program.activity": activity, "program.skill_level": "unskilled",
            "program.is_specialty_occupation": False, "program.mostly_hands_on": True,
            "program.employer_need_type": "permanent", "program.work_place": "construction_site",
        }  # fmt: skip
        for verdict in rules.assess(facts, day=date(2026, 11, 28), kind=kind).verdicts:
            closed += verdict.verdict == "not_eligible"
            for change in verdict.changes():
                assert change.fact not in _WHAT_IT_IS, (verdict.pathway, change.text("en"))
    assert closed > 10


# What a law, a case or a code is called: names, not remarks, so they stay in English.
_TITLES = (
    "U.S. Code", "subpart", "Matter of Dhanasar", "N.Y. Labor Law", "Cal. Labor Code",
    "Tex. Occ. Code",
    "NYC Admin. Code", "N.Y. General Business Law", "Los Angeles Municipal Code", "Pa. Code",
    "ABS Materials and Welding Rules", "Conn. Gen. Stat.", "BPVC Section IX", "Chapter 133",
    "Presidents’ Alliance v. DHS", "Code of Ala.", "Mass. ", "FR Doc", "Pub. L.", "Dec. ", "Cal. ",
)


def citations() -> set[str]:
    """Every citation of the rule data, and how and when each source was read."""
    found: set[str] = set()
    for path in DATA.rglob("*.yaml"):
        if path.name != "citations.yaml":
            found |= set(_cited(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return found


def _cited(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        for key, inner in held.items():
            if key in ("citation", "as_of") or (key == "kind" and "what" in held):
                yield str(inner)
            elif key == "citations":
                yield from map(str, inner)
            else:
                yield from _cited(inner)
    elif isinstance(held, list):
        for inner in held:
            yield from _cited(inner)


def test_a_remark_in_a_citation_is_said_in_the_readers_language():
    known = load().citations
    for citation in citations():
        plain = citation
        for title in _TITLES:
            plain = plain.replace(title, "")
        if re.search(r"[a-z]{4,}", re.sub(r"\([ivxa-z]+\)", "", plain)) or _HANGUL.search(plain):
            assert citation in known, citation


def test_a_korean_law_is_named_in_english_first_on_english_pages():
    for citation in citations():
        english = rules.cited(citation, "en")
        outside = re.sub(r"\([가-힣 ]+\)", "", english)
        assert not _HANGUL.search(outside), english
    law = rules.cited("병역법 제70조제1항", "en")
    assert law.startswith("Military Service Act (병역법)")
    assert rules.cited("set by each private sponsor", "ko") == "민간 스폰서마다 다름"
    assert rules.cited("22 CFR 62.22", "ko") == "22 CFR 62.22", "a number needs no words"


def test_no_wording_is_kept_for_a_citation_that_nobody_makes():
    assert set(load().citations) <= citations()
