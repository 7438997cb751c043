"""What the rules say in words, in both languages: readable, and never an invitation to lie."""

from __future__ import annotations

from corridor import rules
from corridor.rules.facts import CHANGEABLE
from corridor.rules.loading import DATA
from corridor.rules.reading import read


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
