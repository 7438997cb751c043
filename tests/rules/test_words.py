"""What the rules say in words, in both languages: readable, and never an invitation to lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from corridor import rules
from corridor.rules.facts import CHANGEABLE
from corridor.rules.loading import DATA
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
    for name in ("program.activity", "program.skill_level", "candidate.role"):
        assert known[name].changeable == "duties", name
