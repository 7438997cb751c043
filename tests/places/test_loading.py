"""What the loader refuses, and how it says where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from corridor.places.loading import DATA, GroundError, read_ground

HUB = """\
- slug: testville-ga
  name: {ko: 테스트빌, en: Testville}
  city: Testville
  state: GA
  at: [33.0, -83.5]
  timezone: America/New_York
  sectors: [batteries]
  summary: {ko: 시험용입니다., en: For a test.}
  source: {title: A page, publisher: A publisher, url: "https://example.org", evidence: primary}
  as_of: 2025-01-02
  anchors:
    - {kind: firm, name: A Firm, url: "https://example.org"}
    - {kind: university, name: A University, url: "https://example.org"}
"""
PROJECT = """\
- slug: a-plant
  firm: {ko: 어떤기업, en: A Firm}
  hub: testville-ga
  sector: batteries
  title: {ko: 공장, en: A plant}
  amount_usd: 100_000_000
  jobs: 100
  phase: build
  announced: 2024-05
  source: {title: A page, publisher: A publisher, url: "https://example.org", evidence: primary}
  as_of: 2025-01-02
"""

Ground = Callable[[str, str], Path]


@pytest.fixture
def ground_of(tmp_path: Path) -> Ground:
    """A ground with the real sectors and states and the hub and project given."""

    def make(hub: str = HUB, project: str = PROJECT) -> Path:
        for name in ("sectors.yaml", "states.yaml"):
            shutil.copy(DATA / name, tmp_path / name)
        for folder, text in (("hubs", hub), ("projects", project)):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / "some.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def test_a_consistent_ground_is_read(ground_of: Ground) -> None:
    ground = read_ground(ground_of(HUB, PROJECT))
    project = ground.projects["a-plant"]
    assert project.amount_usd == 100_000_000
    assert (project.announced_on, project.announced_precision) == (date(2024, 5, 1), "month")
    assert ground.hubs["testville-ga"].anchors[0].source.evidence == "background"


def test_a_figure_may_be_left_out(ground_of: Ground) -> None:
    text = PROJECT.replace("  amount_usd: 100_000_000\n", "").replace("  jobs: 100\n", "")
    project = read_ground(ground_of(HUB, text)).projects["a-plant"]
    assert project.amount_usd is None and project.jobs is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("state: GA", "state: ZZ", "unknown state 'ZZ'"),
        ("at: [33.0, -83.5]", "at: [33.0, 83.5]", "lies outside GA"),
        ("at: [33.0, -83.5]", "at: [33.0]", "at must be 2 numbers"),
        ("America/New_York", "America/Testville", "unknown time zone"),
        ("sectors: [batteries]", "sectors: [cheese]", "unknown sector 'cheese'"),
        ("sectors: [batteries]", "sectors: [batteries, batteries]", "repeats itself"),
        ("slug: testville-ga", "slug: Testville GA", "must be small letters"),
        ("ko: 테스트빌", "ko: Testville", "has no Korean"),
        ("en: Testville", "en: 테스트빌", "has Korean in it"),
        ("  city: Testville\n", "", "city is missing"),
        ("  city: Testville\n", "  city: Testville\n  mayor: A Name\n", "unknown key 'mayor'"),
        ("  city: Testville\n", "  city: A\n  city: B\n", "city is given twice"),
        ("as_of: 2025-01-02", "as_of: 2125-01-02", "is in the future"),
        ("as_of: 2025-01-02", "as_of: last year", "as_of must be a day"),
        ("kind: university", "kind: school", "kind 'school' is none of"),
        ("kind: university", "kind: firm", "needs a university"),
        ("name: A University", "name: A Firm", "an anchor is given twice"),
        ('url: "https://example.org", evidence', "evidence", "needs the address"),
        ("evidence: primary", "evidence: hearsay", "evidence 'hearsay' is none of"),
        ("name: A Firm, url", "name: A Firm, ko: 설명, url", "a note needs both languages"),
    ],
)
def test_a_wrong_hub_is_refused(ground_of: Ground, old: str, new: str, says: str) -> None:
    assert old in HUB
    with pytest.raises(GroundError, match=says):
        read_ground(ground_of(HUB.replace(old, new, 1), PROJECT))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("hub: testville-ga", "hub: nowhere", "unknown hub 'nowhere'"),
        ("sector: batteries", "sector: steel", "is not one of testville-ga's"),
        ("phase: build", "phase: soon", "phase 'soon' is none of"),
        ("amount_usd: 100_000_000", "amount_usd: about 100", "must be a whole number"),
        ("amount_usd: 100_000_000", "amount_usd: 100", "must lie between"),
        ("jobs: 100", "jobs: -1", "must lie between"),
        ("announced: 2024-05", "announced: 2026-01", "announced after as_of"),
        ("announced: 2024-05", "announced: spring", "announced must be like"),
        ("title: A page", "title: ''", "title must be text"),
        ("firm: {ko: 어떤기업, en: A Firm}", "firm: A Firm", "firm must be a mapping"),
        ("https://example.org", "example.org", "is not a web address"),
    ],
)
def test_a_wrong_project_is_refused(ground_of: Ground, old: str, new: str, says: str) -> None:
    assert old in PROJECT
    with pytest.raises(GroundError, match=says):
        read_ground(ground_of(HUB, PROJECT.replace(old, new, 1)))


def test_a_slug_is_given_once(ground_of: Ground) -> None:
    with pytest.raises(GroundError, match="slug a-plant is given twice"):
        read_ground(ground_of(HUB, PROJECT + PROJECT))


def test_a_problem_names_file_line_and_entry_and_all_are_told_at_once(ground_of: Ground) -> None:
    hub = HUB.replace("America/New_York", "Mars/Olympus").replace("[batteries]", "[cheese]")
    with pytest.raises(GroundError) as refused:
        read_ground(ground_of(hub, PROJECT))
    told = str(refused.value).splitlines()
    assert told[0].startswith("hubs/some.yaml:6: testville-ga: unknown time zone")
    assert told[1].startswith("hubs/some.yaml:7: testville-ga: unknown sector")
    assert any(line.startswith("projects/some.yaml:4: a-plant:") for line in told)


def test_a_file_that_is_no_yaml_is_refused_with_its_line(ground_of: Ground) -> None:
    with pytest.raises(GroundError, match=r"hubs/some\.yaml:2: YAML"):
        read_ground(ground_of("- slug: [\n}", PROJECT))


def test_a_missing_file_is_refused(ground_of: Ground) -> None:
    root = ground_of(HUB, PROJECT)
    (root / "states.yaml").unlink()
    with pytest.raises(GroundError, match=r"states\.yaml"):
        read_ground(root)
