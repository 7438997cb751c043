"""Staff look after hubs and projects: no fact without its source and day, and loading keeps it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from corridor.accounts.models import User
from corridor.common.models import AuditEntry
from corridor.places import services
from corridor.places.models import Hub, InvestmentProject
from corridor.places.services import load_ground
from tests.matching import people
from tests.web.desks import at, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return User.objects.create_user("staff@example.org", "a long password 1", is_staff=True)


@pytest.fixture
def ground():
    load_ground()


def typed(row, **changes):
    """The form of a row as a browser sends it, with changes."""
    client = client_of(User.objects.get(is_staff=True))
    name = "staff:hub" if isinstance(row, Hub) else "staff:project"
    form = client.get(at(name, row.slug)).context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if value is None:
            continue
        many = isinstance(value, list)
        sent[field.name] = [getattr(each, "pk", each) for each in value] if many else value
    return client, at(name, row.slug), {**sent, **changes}


def test_a_change_is_saved_with_source_and_day_and_an_audit_row(staff, ground):
    hub = Hub.objects.first()
    client, address, sent = typed(hub, summary_en="A port and a plant.")
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    hub.refresh_from_db()
    assert hub.summary_en == "A port and a plant." and hub.edited_at is not None
    entry = AuditEntry.objects.get(action="hub.saved")
    assert entry.actor == staff and entry.values["fields"] == ["summary_en"]
    assert "A port and a plant." in client.get(at("public:hub", hub.slug)).content.decode()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"source_title": ""}, "source"),
        ({"as_of": ""}, "as_of"),
        ({"source_url": "", "evidence": "primary"}, "source_url"),
        ({"as_of": "2999-01-01"}, "as_of"),
    ],
)
def test_no_fact_without_its_source_and_day_and_what_was_typed_stays(
    staff, ground, change, complaint
):
    project = InvestmentProject.objects.first()
    client, address, sent = typed(project, **{"title_en": "Typed title", **change})
    answer = client.post(address, sent)
    assert answer.status_code == 200
    assert any(complaint in name for name in answer.context["form"].errors)
    assert "Typed title" in answer.content.decode()
    project.refresh_from_db()
    assert project.edited_at is None


def test_loading_the_files_leaves_what_staff_changed_and_added(staff, ground):
    project = InvestmentProject.objects.first()
    client, address, sent = typed(project, jobs="77")
    assert client.post(address, sent).status_code == 302
    new = {**sent, "slug": "made-by-staff", "title_en": "Made by staff"}
    assert client.post(at("staff:project_new"), new).status_code == 302
    hub = Hub.objects.exclude(pk=project.hub_id).first()
    sector = hub.sectors.first()
    services.save_hub(hub, by=staff, sectors=[sector], name_en="Renamed")
    loaded = load_ground()
    assert set(loaded.kept) == {project.slug, "made-by-staff", hub.slug}
    project.refresh_from_db()
    hub.refresh_from_db()
    assert project.jobs == 77 and hub.name_en == "Renamed"
    assert list(hub.sectors.all()) == [sector]
    assert InvestmentProject.objects.filter(slug="made-by-staff").exists()


def test_only_staff_write(ground):
    hub = Hub.objects.first()
    with pytest.raises(PermissionDenied):
        services.save_hub(hub, by=people.candidate().user, sectors=list(hub.sectors.all()))
    with pytest.raises(PermissionDenied):
        services.save_project(InvestmentProject.objects.first(), by=None, jobs=1)


def test_the_oldest_facts_stand_first(staff, ground):
    page = client_of(staff).get(at("staff:hubs"))
    days = [hub.as_of for hub in page.context["hubs"]]
    assert days == sorted(days) and days[-1] <= timezone.localdate()
