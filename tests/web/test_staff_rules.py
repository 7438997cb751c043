"""Staff look after the rules: what is in use, what is due, what changed, each value's history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor import rules
from corridor.accounts.models import User
from corridor.policy import services
from corridor.policy.models import Check, RuleRevision
from corridor.rules import archives
from tests.matching import people
from tests.rulefiles import working_copy
from tests.rules.test_loading import line_of, spoil
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db
STATEMENT = "pathways/h1b_cap/status/2026-07-17"


def at(name: str, *args: object) -> str:
    return f"/en{reverse(f'staff:{name}', args=args)[3:]}"


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    with working_copy(tmp_path) as copy:
        yield copy


@pytest.fixture
def staff() -> Client:
    user = User.objects.create_user("staff@example.org", "a long password 1", name="운영")
    user.is_staff = True
    user.save()
    return client_of(user)


def test_for_others_the_pages_do_not_exist_and_nothing_is_reloaded(files: Path) -> None:
    client = client_of(member(people.host("a-firm")))
    before = rules.revision()
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    for name, *args in (("rules",), ("rule_due",), ("rule_diff",), ("rule_pathway", "e2"),
                        ("rule_statement", STATEMENT)):  # fmt: skip
        assert client.get(at(name, *args)).status_code == 404
    assert client.post(at("rules_reload")).status_code == 404
    assert client.post(at("rule_statement", STATEMENT), {"note": "x"}).status_code == 404
    assert rules.revision() == before and not Check.objects.exists()


def test_the_overview_says_what_is_in_use_and_since_when(staff: Client) -> None:
    services.record(origin="start")
    page = staff.get(at("rules")).content.decode()
    assert rules.revision() in page
    assert "Every rule was checked in time." in page or "due" in page


def test_changed_files_are_told_and_put_into_use_by_a_button(files: Path, staff: Client) -> None:
    services.record(origin="start")
    before = rules.revision()
    spoil(files / "pathways" / "e2.yaml", "max_months: 24", "max_months: 25")
    assert "The files have changed" in staff.get(at("rules")).content.decode()
    assert staff.get(at("rules_reload")).status_code == 405
    page = staff.post(at("rules_reload"), follow=True).content.decode()
    assert f"Reloaded: revision {rules.revision()} after {before}." in page
    assert "The files have changed" not in page
    again = staff.post(at("rules_reload"), follow=True).content.decode()
    assert "The files say what is in use already." in again


def test_broken_files_are_told_with_every_problem_and_the_site_goes_on(
    files: Path, staff: Client
) -> None:
    services.record(origin="start")
    before = rules.revision()
    spoil(files / "pathways" / "e2.yaml", "volatility:", "volatilty:")
    spoil(files / "shared" / "fees.yaml", "usd: 185", "usd: about 185")
    page = staff.post(at("rules_reload"), follow=True).content.decode()
    line = line_of(files / "pathways" / "e2.yaml", "volatilty")
    assert f"The rules were not reloaded; revision {before} stays in use." in page
    assert "2 problems in the files" in page
    assert f"pathways/e2.yaml:{line}" in page and "shared/fees.yaml:" in page
    assert rules.revision() == before
    other = staff.get(at("runs")).content.decode()
    assert "Newer rule files are not in use" in other
    assert Client().get("/en/pathways/e2/").status_code == 200
    assert Client().get("/healthz").json()["rules_problem"].startswith(("pathways/", "shared/"))

    spoil(files / "pathways" / "e2.yaml", "volatilty:", "volatility:")
    spoil(files / "shared" / "fees.yaml", "usd: about 185", "usd: 185")
    staff.post(at("rules_reload"))
    assert "rules_problem" not in Client().get("/healthz").json()


def test_what_is_due_is_listed_and_a_recorded_check_puts_it_off(staff: Client) -> None:
    due = at("rule_due") + "?days=0&pathway=h1b_cap"
    rows = staff.get(due).context["rows"]
    assert at("rule_statement", STATEMENT) in {row["url"].replace("/ko/", "/en/") for row in rows}

    page = at("rule_statement", STATEMENT)
    assert "8 USC 1184(g)" in staff.get(page).content.decode()
    today = timezone.localdate().isoformat()
    empty = staff.post(page, {"day": today, "note": " "}).content.decode()
    assert "Write down what you looked at." in empty
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = staff.post(page, {"day": tomorrow, "note": "read"}).content.decode()
    assert "cannot be in the future" in refused
    staff.post(page, {"day": today, "note": "Read the USCIS page.", "url": "uscis.gov/h-1b"})
    made = Check.objects.get()
    assert (made.statement, made.url) == (STATEMENT, "https://uscis.gov/h-1b")

    rows = staff.get(due).context["rows"]
    assert page not in {row["url"].replace("/ko/", "/en/") for row in rows}
    assert "Read the USCIS page." in staff.get(page).content.decode()


def test_the_due_list_is_narrowed_down(staff: Client) -> None:
    def count(query: str) -> int:
        return staff.get(f"{at('rule_due')}?days=0&{query}").context["count"]

    everything = count("")
    parts = [count(f"part={part}") for part in ("status", "requirement", "fee", "credential")]
    assert all(0 < part < everything for part in parts)
    assert count("evidence=background") + count("evidence=secondary") + count(
        "evidence=primary"
    ) == everything  # fmt: skip
    assert 0 < count("pathway=j1_intern&part=requirement") < count("part=requirement")
    assert count("part=nonsense") >= 0  # a choice that is none is not a fault of the page


def test_an_unknown_statement_or_pathway_is_not_found(staff: Client) -> None:
    assert staff.get(at("rule_statement", "pathways/h1b_cap/nothing")).status_code == 404
    assert staff.get(at("rule_pathway", "h1b_cup")).status_code == 404


def test_two_recorded_revisions_are_compared_in_words(files: Path, staff: Client) -> None:
    old = services.record(origin="start").revision
    spoil(files / "pathways" / "j1_intern.yaml", "duration_months, at_most: 12",
          "duration_months, at_most: 18")  # fmt: skip
    rules.reload()
    new = services.record(origin="start").revision
    page = staff.get(f"{at('rule_diff')}?from={old}&to={new}&day=2026-11-27")
    (row,) = page.context["compared"]["on_day"]
    assert row["heading"] == "J-1 Intern · requirement: duration"
    assert row["aspects"][0]["before"] == "duration: at most 12 months"
    assert "at most 18 months" in page.content.decode()
    korean = staff.get(
        f"{at('rule_diff')}?from={old}&to={new}&day=2026-11-27".replace("/en/", "/ko/")
    ).content.decode()
    assert "12개월 이하" in korean and "18개월 이하" in korean


def test_the_laws_own_steps_are_shown_as_a_line(staff: Client) -> None:
    query = "?from=current&to=current&day=2026-06-07&until=2026-06-08"
    page = staff.get(at("rule_diff") + query)
    assert "vacated by a court" in page.content.decode()
    assert {step["iso"] for step in page.context["compared"]["steps"]} == {"2026-06-08"}
    wrong = staff.get(at("rule_diff") + "?day=2026-06-07&until=2026-06-07").content.decode()
    assert "must be later than the first" in wrong


def test_a_page_opens_no_folder_and_no_git_revision(staff: Client, tmp_path: Path) -> None:
    for name in (str(tmp_path), "HEAD", "../../"):
        page = staff.get(at("rule_diff"), {"from": name, "to": "current"})
        assert page.status_code == 200 and page.context["compared"] is None


def test_an_archive_in_an_older_form_is_compared_by_its_lines(files: Path, staff: Client) -> None:
    now = services.record(origin="start").revision
    spoil(files / "pathways" / "e2.yaml", "volatility:", "changes_often:")
    RuleRevision.objects.create(
        revision="0123456789ab", first_seen_on=timezone.localdate(),
        archive=archives.pack(files), origin="start",
    )  # fmt: skip
    page = staff.get(f"{at('rule_diff')}?from=0123456789ab&to={now}").content.decode()
    assert "written in an older form" in page and "changes_often" in page


def test_every_value_of_a_pathway_has_its_history_as_a_line(staff: Client) -> None:
    page = staff.get(at("rule_pathway", "h1b_cap"))
    parts = {part["part"]: part for part in page.context["parts"]}
    assert set(parts) == {"status", "requirement", "fee", "change"}
    states = [item["state"] for item in parts["status"]["rows"][0]["items"]]
    assert states[0] == "past" and len(states) == 2
    payment = next(row for row in parts["requirement"]["rows"] if "100,000" in row["title"])
    assert len(payment["items"]) == 2
    text = page.content.decode()
    assert "secondary source" in text and "checked Nov. 23, 2026" in text
    for pathway in rules.pathways():
        assert staff.get(at("rule_pathway", pathway.id)).status_code == 200, pathway.id


def test_the_pages_cost_the_same_however_much_is_recorded(staff: Client) -> None:
    def cost(name: str, *args: object) -> int:
        staff.get(at(name, *args))
        with CaptureQueriesContext(connection) as counted:
            staff.get(at(name, *args))
        return len(counted)

    pages = [("rules",), ("rule_due",), ("rule_pathway", "h1b_cap"), ("rule_statement", STATEMENT)]
    before = [cost(*page) for page in pages]
    staff_user = User.objects.get(email="staff@example.org")
    for number in range(5):
        RuleRevision.objects.create(
            revision=f"00000000000{number}", first_seen_on=timezone.localdate(), archive=b"",
            origin="start", recorded_by=staff_user,
        )  # fmt: skip
        services.check_statement(
            STATEMENT, by=staff_user, day=timezone.localdate(), note=f"read {number}"
        )
    assert [cost(*page) for page in pages] == before
    assert max(before) <= 10
