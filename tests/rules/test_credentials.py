"""The ladder of credentials: what counts, what is missing, and what to do, in a given state."""

from __future__ import annotations

from datetime import date

import pytest

from corridor import rules

TODAY = date(2026, 11, 23)


def ladder(
    *held: str, state: str | None = None, required: tuple[str, ...] = ()
) -> list[rules.Recognition]:
    return rules.recognition(held, state=state, day=TODAY, required=required)


@pytest.mark.parametrize(
    ("written", "credential"),
    [
        ("용접기능사", "welder"),
        ("특수용접 기능사", "welder"),
        ("전기산업기사", "electrician"),
        ("일반기계기사", "hrdk_gisa"),
        ("생산자동화산업기사", "hrdk_saneopgisa"),
        ("컴퓨터응용선반기능사", "hrdk_gineungsa"),
        ("건설기계기술사", "hrdk_gisulsa"),
        ("TOEIC 870", "english_tests"),
        ("오픽 IM2", "english_tests"),
        ("토익 900점", "english_tests"),
        ("OSHA-30", "osha10_30"),
        ("hrdk_gisulsa", "hrdk_gisulsa"),
    ],
)
def test_credentials_are_found_as_people_write_them(written: str, credential: str) -> None:
    assert ladder(written)[0].credential == credential


def test_a_welder_must_test_again_for_the_american_certificate() -> None:
    (rung,) = ladder("용접기능사", state="TX", required=("AWS Certified Welder",))
    assert (rung.held, rung.required, rung.level) == ("용접기능사", "AWS Certified Welder", "exam")
    assert "실기 시험" in rung.steps("ko")[0] and "performance test" in rung.steps("en")[0]


def test_a_required_credential_nobody_holds_comes_with_the_steps_to_get_it() -> None:
    (rung,) = ladder(required=("OSHA 10",))
    assert rung.held is None and rung.credential == "osha10_30" and rung.steps("ko")


def test_the_texas_agreement_is_told_in_texas_only() -> None:
    (texas,) = ladder("기술사", state="TX")
    (georgia,) = ladder("기술사", state="GA")
    assert texas.level == "partial" and "영주권" in texas.summary("ko")
    assert georgia.level == "state_by_state" and "텍사스는" not in georgia.summary("ko")


def test_required_credentials_stand_first() -> None:
    rungs = ladder("TOEIC 800", "용접기능사", required=("welder",))
    assert [rung.required for rung in rungs] == ["welder", None]


def test_an_unlisted_credential_is_said_to_be_unlisted() -> None:
    (rung,) = ladder("바리스타 1급")
    assert (rung.level, rung.credential, rung.name("ko")) == ("unknown", None, "바리스타 1급")


def test_every_credential_speaks_both_languages_and_cites_something() -> None:
    for credential in rules.credentials():
        (rung,) = ladder(credential.id)
        assert any("가" <= c <= "힣" for c in rung.summary("ko"))
        assert not any("가" <= c <= "힣" for c in rung.summary("en"))
        assert rung.steps("ko") and len(rung.steps("ko")) == len(rung.steps("en"))
        assert rung.citation and rung.evidence
        assert rung.as_dict("ko")["level_name"]
