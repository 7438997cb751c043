"""A slip in the rule data stops the load and names file, line and mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor import rules
from corridor.rules.loading import load, revision_of


def line_of(path: Path, text: str) -> int:
    """The number of the first line of `path` that holds `text`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return 1 + next(n for n, line in enumerate(lines) if text in line)


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


REFUSED = [
    ("an unknown key", "severity: hard", "severitty: hard", "did you mean 'severity'"),
    ("a duplicate key", "volatility: high", "volatility: high\nvolatility: low", "duplicate key"),
    ("a missing citation", "  citation: 9 FAM 402.2-5(E)(1)\n", "", "'citation' is missing"),
    (
        "an unknown fact",
        "fact: program.equipment_seller_location",
        "fact: program.equipment_seler_location",
        "did you mean 'program.equipment_seller_location'",
    ),
    ("an unquoted on as a key", "family: B-1", "family: B-1\non: 2026-01-01", "quote it"),
    ("an unquoted on as a value", "family: B-1", "family: on", "as a boolean"),
    ("a choice that is not one", "is: outside_us", "is: outside", "no choice 'outside'"),
    ("a value of the wrong type", "at_most: 12}", "at_most: twelve}", "must be a number"),
    ("a text in one language", "  ko: B-1 장비 설치·점검·교육\n", "", "exactly 'ko' and 'en'"),
    ("an unknown evidence level", "evidence: primary", "evidence: certain", "must be one of"),
    ("an unknown source", "sources: [S11]", "sources: [S99]", "unknown source 'S99'"),
    ("an unknown document", "contract_of_sale,", "contract_of_sales,", "'contract_of_sale'"),
    ("an unknown shared requirement", "use: no_us_pay", "use: no_us_pays", "'no_us_pay'"),
    (
        "dates that run backwards",
        "severity: soft",
        "severity: soft\n  from: 2027-01-01\n  until: 2026-01-01",
        "before 'from'",
    ),
    ("a broken map", "kinds: [dispatch]", "kinds: [dispatch", "not readable as YAML"),
]


@pytest.mark.parametrize(("what", "old", "new", "says"), REFUSED, ids=[each[0] for each in REFUSED])
def test_the_loader_refuses(data: Path, what: str, old: str, new: str, says: str) -> None:
    path = data / "pathways" / "b1_installer.yaml"
    spoil(path, old, new)
    with pytest.raises(rules.RuleDataError) as refused:
        load(data)
    assert says in str(refused.value)
    assert refused.value.file == "pathways/b1_installer.yaml"
    assert 1 <= refused.value.line <= len(path.read_text(encoding="utf-8").splitlines()) + 1


def test_overlapping_dates_are_refused_on_the_later_line(data: Path) -> None:
    path = data / "shared" / "fees.yaml"
    spoil(path, "from: 2026-10-16", "from: 2026-10-01")
    with pytest.raises(rules.RuleDataError, match="dates of 'esta' overlap") as refused:
        load(data)
    assert refused.value.file == "shared/fees.yaml"
    assert refused.value.line == line_of(path, "from: 2026-10-01")


def test_two_laws_in_force_at_once_are_refused(data: Path) -> None:
    path = data / "changes" / "h1b_selection.yaml"
    spoil(path, "until: 2026-02-26", "until: 2026-03-26")
    with pytest.raises(rules.RuleDataError, match="overlap") as refused:
        load(data)
    assert refused.value.line == line_of(path, "from: 2026-02-27")


def test_two_versions_of_one_requirement_may_not_overlap(data: Path) -> None:
    path = data / "pathways" / "h1b_cap.yaml"
    spoil(path, "until: 2026-06-07", "until: 2026-06-08")
    with pytest.raises(rules.RuleDataError, match="overlap"):
        load(data)


def test_a_change_that_touches_no_pathway_is_refused(data: Path) -> None:
    spoil(data / "changes" / "esta_fee.yaml", "[vwp_esta]", "[vwp_estas]")
    with pytest.raises(rules.RuleDataError, match="affects no known pathway"):
        load(data)


def test_a_file_must_bear_the_name_of_its_pathway(data: Path) -> None:
    (data / "pathways" / "e2.yaml").rename(data / "pathways" / "e2_investor.yaml")
    with pytest.raises(rules.RuleDataError, match="must be the file's name"):
        load(data)


def test_the_revision_follows_the_content(data: Path) -> None:
    same = revision_of(data)
    assert same == rules.revision()
    spoil(data / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    assert revision_of(data) != same


def test_all_of_the_dossier_is_there() -> None:
    assert len(rules.pathways()) == 33
    assert len(rules.credentials()) == 36
    assert len(rules.changes()) == 10


def test_every_route_for_koreans_serves_some_kind_of_program() -> None:
    idle = {pathway.id for pathway in rules.pathways() if not pathway.kinds}
    assert idle == {"tn", "h1b1", "e3"}
    for kind in rules.KINDS:
        assert any(kind in pathway.kinds for pathway in rules.pathways()), kind


def test_what_is_not_borrowed_must_be_there_to_borrow(data: Path) -> None:
    path = data / "pathways" / "vwp_esta.yaml"
    spoil(path, "without: [duration]", "without: [durations]")
    with pytest.raises(rules.RuleDataError, match="unknown requirement 'durations'") as refused:
        load(data)
    assert refused.value.line == line_of(path, "without: [durations]")
