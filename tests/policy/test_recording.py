"""Every data set that was in use can be read again, and every check by a person is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from corridor import rules
from corridor.accounts.models import User
from corridor.common.models import AuditEntry
from corridor.policy import queries, revisions, services
from corridor.policy.models import Check, RuleRevision
from corridor.rules.loading import DATA
from tests.rules.test_loading import spoil

pytestmark = pytest.mark.django_db
STATUS = "pathways/h3/status"


def test_a_migrated_database_knows_the_data_set_it_came_with() -> None:
    row = RuleRevision.objects.get(is_current=True)
    assert row.revision == rules.revision()
    assert row.first_seen_on <= timezone.localdate()


def test_a_data_set_is_recorded_once_and_can_be_read_again(files: Path) -> None:
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    first = services.record(origin="start")
    assert services.record(origin="start") == first
    spoil(files / "pathways" / "e2.yaml", "max_months: 25", "max_months: 26")
    rules.reload()
    second = services.record(origin="start")
    assert second != first
    assert list(RuleRevision.objects.filter(is_current=True)) == [second]
    with revisions.opened(first.revision[:6]) as old:
        assert old.revision == first.revision
        assert old.data().pathways["e2"].max_months == 25


def test_files_that_have_gone_on_are_not_recorded_under_an_older_revision(files: Path) -> None:
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    rules.revision()
    spoil(files / "pathways" / "e2.yaml", "max_months: 25", "max_months: 26")
    with pytest.raises(services.ChangedMeanwhile):
        services.record(origin="start")


def test_staff_reload_the_rules_and_it_is_audited(files: Path, staff: User) -> None:
    before = rules.revision()
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    done = services.reload(by=staff)
    assert done.problem is None and done.before == before
    assert done.after == rules.revision() != before
    row = RuleRevision.objects.get(revision=done.after)
    assert row.is_current and row.reloaded_at is not None and row.recorded_by == staff
    entry = AuditEntry.objects.get(action="rules.reloaded")
    assert entry.actor == staff
    assert entry.values == {"before": before, "after": done.after}


def test_a_reload_of_broken_files_is_refused_and_audited_with_file_and_line(
    files: Path, staff: User
) -> None:
    services.record(origin="start")
    spoil(files / "pathways" / "e2.yaml", "volatility:", "volatilty:")
    done = services.reload(by=staff)
    assert done.problem is not None and done.after == done.before
    values = AuditEntry.objects.get(action="rules.reload_refused").values
    assert values == {"file": "pathways/e2.yaml", "line": done.problem.line}
    assert not RuleRevision.objects.exclude(reloaded_at=None).exists()


def test_only_staff_reload_and_check(files: Path, staff: User) -> None:
    person = User.objects.create_user("kim@example.org", "a long password 1")
    with pytest.raises(PermissionDenied):
        services.reload(by=person)
    with pytest.raises(PermissionDenied):
        services.check_statement(STATUS, by=person, day=date(2026, 11, 27), note="read")
    services.record(origin="start")
    assert not queries.visible_to(person).exists()
    assert queries.visible_to(staff).exists()


def test_a_check_is_kept_with_who_and_when_and_its_words_stay_out_of_the_log(staff: User) -> None:
    day = timezone.localdate()
    made = services.check_statement(
        STATUS, by=staff, day=day, note="Read 8 CFR 214.2(h)(7) today.", url="https://ecfr.gov/x"
    )
    assert queries.last_checks() == {STATUS: day}
    assert list(queries.checks_visible_to(staff)) == [made]
    entry = AuditEntry.objects.get(action="rules.checked")
    assert entry.values == {"statement": STATUS, "day": day.isoformat()}


def test_the_latest_check_counts(staff: User) -> None:
    today = timezone.localdate()
    for ago in (3, 9):
        services.check_statement(STATUS, by=staff, day=today - timedelta(days=ago), note="read")
    assert queries.last_checks() == {STATUS: today - timedelta(days=3)}


@pytest.mark.parametrize(
    ("statement", "later", "note", "url"),
    [
        ("pathways/h3/nothing", 0, "read", ""),
        (STATUS, 1, "read", ""),
        (STATUS, 0, "  ", ""),
        (STATUS, 0, "read", "javascript:alert(1)"),
    ],
    ids=["an unknown statement", "a day to come", "nothing said", "an address that is none"],
)
def test_a_check_that_cannot_be_is_refused(
    staff: User, statement: str, later: int, note: str, url: str
) -> None:
    day = timezone.localdate() + timedelta(days=later)
    with pytest.raises(ValidationError):
        services.check_statement(statement, by=staff, day=day, note=note, url=url)
    assert not Check.objects.exists()


def test_a_page_can_open_recorded_revisions_and_nothing_else(tmp_path: Path) -> None:
    with revisions.opened("current") as current:
        assert current.folder == DATA
    for name in (str(tmp_path), "HEAD", "../..", "--output=x", "", "0" * 12):
        with pytest.raises(revisions.UnknownRevision), revisions.opened(name):
            pass


def test_a_beginning_that_several_revisions_share_is_refused() -> None:
    for end in "12":
        RuleRevision.objects.create(
            revision=f"abcdef00000{end}", first_seen_on=date(2026, 1, 1), archive=b"",
            origin="start",
        )  # fmt: skip
    with pytest.raises(revisions.UnknownRevision, match="several"), revisions.opened("abcdef"):
        pass
