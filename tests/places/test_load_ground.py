"""The ground in the database: written once, the same after a second run, cheap to read."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override

from corridor.places import queries
from corridor.places.loading import Ground, ground
from corridor.places.models import Hub, HubAnchor, InvestmentProject, Sector, State
from corridor.places.services import load_ground

pytestmark = pytest.mark.django_db


def _counts() -> list[int]:
    models = (Sector, State, Hub, HubAnchor, InvestmentProject, Hub.sectors.through)
    return [model.objects.count() for model in models]


def test_the_database_says_what_the_data_says() -> None:
    loaded = load_ground()
    assert (loaded.sectors, loaded.states) == (12, 52)
    assert _counts()[:5] == [
        loaded.sectors,
        loaded.states,
        loaded.hubs,
        loaded.anchors,
        loaded.projects,
    ]
    hub = queries.hub_by_slug("montgomery-al")
    fact = ground().hubs["montgomery-al"]
    assert (hub.state.code, hub.timezone, hub.as_of) == ("AL", fact.timezone, fact.as_of)
    assert {sector.slug for sector in hub.sectors.all()} == set(fact.sectors)
    assert {project.slug for project in hub.projects.all()} == {
        slug for slug, project in ground().projects.items() if project.hub == "montgomery-al"
    }


def test_a_second_run_changes_nothing() -> None:
    load_ground()
    before, rows = _counts(), list(Hub.objects.order_by("pk").values())
    assert load_ground().no_longer_named == []
    assert (_counts(), list(Hub.objects.order_by("pk").values())) == (before, rows)


def test_a_corrected_entry_replaces_the_old_one() -> None:
    load_ground()
    facts = ground()
    slug = next(iter(facts.hubs))
    hub = replace(facts.hubs[slug], name_en="Renamed", anchors=(), sectors=("water",))
    load_ground(Ground(facts.sectors, facts.states, {**facts.hubs, slug: hub}, facts.projects))
    row = Hub.objects.get(slug=slug)
    assert (row.name_en, row.anchors.count()) == ("Renamed", 0)
    assert [sector.slug for sector in row.sectors.all()] == ["water"]


def test_a_dropped_project_goes_and_a_dropped_hub_stays_and_is_named() -> None:
    load_ground()
    facts = ground()
    kept = {slug: hub for slug, hub in facts.hubs.items() if slug != "boise-id"}
    loaded = load_ground(Ground(facts.sectors, facts.states, kept, {}))
    assert loaded.no_longer_named == ["boise-id"]
    assert Hub.objects.filter(slug="boise-id").exists()
    assert not InvestmentProject.objects.exists()


def test_names_follow_the_reader_s_language() -> None:
    load_ground()
    hub = Hub.objects.get(slug="austin-tx")
    with override("ko"):
        assert hub.name == "오스틴·테일러" and str(hub.state) == "텍사스주"
    with override("en"):
        assert hub.name == "Austin–Taylor" and str(hub.state) == "Texas"


def test_reading_all_hubs_costs_the_same_however_many_there_are(
    django_assert_num_queries: Any,
) -> None:
    load_ground()
    with django_assert_num_queries(4):
        for hub in queries.hubs():
            assert hub.state.name and [s.name for s in hub.sectors.all()]
            assert [a.name for a in hub.anchors.all()]
            assert all(project.sector.name for project in hub.projects.all())
    with django_assert_num_queries(1):
        assert len(queries.sectors()) == 12
    with django_assert_num_queries(1):
        assert all(project.hub.state.code and project.sector.slug for project in queries.projects())


def test_the_nearest_hubs_come_nearest_first() -> None:
    load_ground()
    found = queries.nearest_hubs(32.15, -81.46, 3)  # Ellabell, Georgia
    assert found[0].slug == "savannah-ga"
    assert found[0].distance_km == pytest.approx(34.7, abs=1)
    assert found[0].distance_km < found[1].distance_km < found[2].distance_km


def test_the_command_reports_counts_and_checks_without_writing() -> None:
    out = StringIO()
    call_command("load_ground", "--check", stdout=out)
    assert "Consistent: 12 sectors" in out.getvalue() and not Hub.objects.exists()
    call_command("load_ground", stdout=out)
    assert f"{len(ground().projects)} projects" in out.getvalue() and Hub.objects.exists()
