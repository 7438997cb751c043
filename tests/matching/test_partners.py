"""A research group finds partners across the ocean, in either language, and reads why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from corridor import embeddings
from corridor.accounts.models import Organization
from corridor.common.models import OutboxMessage
from corridor.demo import content
from corridor.matching import partners
from corridor.partnerships import texts, watching
from corridor.partnerships.models import PartnerQuery, ResearchGroup
from corridor.partnerships.services import finding
from tests.matching.people import embed_everything, host
from tests.web.desks import member

pytestmark = pytest.mark.django_db


def group(organization: Organization, name: str, interests: str, **fields) -> ResearchGroup:
    made = ResearchGroup(
        organization=organization, name_en=name, leader="-", email="lab@example.org",
        interests=interests, **{"is_open": True, **fields},
    )  # fmt: skip
    texts.read(made)
    made.save()
    return made


@pytest.fixture
def here() -> Organization:
    return host("kr-univ", kind="university", country="KR")


@pytest.fixture
def there() -> Organization:
    return host("us-univ", kind="university", country="US")


def test_only_open_groups_of_verified_institutions_on_the_other_side_are_found(here, there):
    mine = group(here, "Mine", "welding robots")
    found = group(there, "Found", "welding robots")
    group(there, "Shut", "welding robots", is_open=False)
    group(here, "Neighbor", "welding robots")
    group(host("new-us", kind="university", country="US", status="unverified"), "New", "welding")
    assert [fit.group for fit in partners.partners_for(mine)] == [found]
    assert partners.partners_for(mine, sector="batteries") == []


def test_a_fit_says_what_each_has_that_the_other_seeks_and_what_both_write(here, there):
    mine = group(here, "Mine", "PLC 제어와 용접을 합니다. SA106 배관", seeks="X선 검사, 머신러닝",
                 sectors=["batteries"])  # fmt: skip
    group(there, "Theirs", "Machine learning for SA106 pipe", seeks="PLC programming",
          sectors=["batteries", "robotics"])  # fmt: skip
    with translation.override("en"):
        fit = partners.partners_for(mine)[0]
    assert fit.gives == ("machine learning",) and any("PLC" in name for name in fit.takes)
    assert fit.terms == ("SA106",) and fit.sectors == ("batteries",)
    assert fit.says_why and fit.is_provisional


def test_the_order_does_not_depend_on_when_groups_were_written_and_costs_few_queries(here, there):
    mine = group(here, "Mine", "dry electrodes for lithium batteries")
    far = group(there, "Far", "ship hull hydrodynamics")
    near = group(there, "Near", "dry electrodes for lithium batteries")
    embed_everything()
    mine = ResearchGroup.objects.select_related("organization").get(pk=mine.pk)
    with CaptureQueriesContext(connection) as asked:
        fits = partners.partners_for(mine)
    assert [fit.group for fit in fits] == [near, far]
    assert not fits[0].is_provisional and len(asked) == 4
    group(there, "Third", "corrosion")
    with CaptureQueriesContext(connection) as more:
        partners.partners_for(mine)
    assert len(more) == len(asked)


def test_a_saved_group_asks_for_its_vector_once_and_only_when_its_text_changes(here):
    by = member(here)
    made = finding.save_group(None, by=by, organization=here, name_en="Lab", leader="-",
                              email="lab@example.org", interests="welding")  # fmt: skip
    asked = lambda: OutboxMessage.objects.filter(task="partnerships.embed").count()  # noqa: E731
    finding.save_group(made, by=by, leader="Somebody else")
    assert asked() == 1
    finding.save_group(made, by=by, interests="welding and casting")
    assert asked() == 2
    assert "Somebody" not in texts.group_text(ResearchGroup.objects.get())


def test_with_the_model_that_ships_each_sample_group_finds_its_counterpart_first():
    """Four Korean groups write in Korean, four U.S. ones in English; the pairs were written to
    fit. The order of the file holds them: first with fifth, second with sixth, and so on."""
    rows = content.read("research")["groups"]
    made = []
    for row in rows:
        country = "KR" if row["org"].startswith(("sample-hannuri", "sample-seorisol")) else "US"
        organization = Organization.objects.filter(slug=row["org"]).first() or host(
            row["org"], kind="university", country=country
        )
        made.append(group(organization, "", row["interests"], seeks=row["seeks"],
                          name_ko=row["name"]["ko"]))  # fmt: skip
    embed_everything(embeddings.load())
    half = len(made) // 2
    pairs = dict(zip(made[:half], made[half:], strict=True))
    for one, other in [*pairs.items(), *((b, a) for a, b in pairs.items())]:
        fits = partners.partners_for(ResearchGroup.objects.get(pk=one.pk))
        assert fits[0].group == other, [fit.group.interests[:40] for fit in fits]


def test_words_find_groups_in_the_other_language_and_say_why(here, there):
    welding = group(there, "Welding", "Robotic arc welding of thick steel plates for shipbuilding")
    cells = group(there, "Cells", "Dry coating of battery electrodes without solvent")
    group(there, "Shut", "Dry electrode coating", is_open=False)
    group(here, "Neighbor", "건식 전극 코팅")
    encoder = embeddings.load()
    embed_everything(encoder)
    query = finding.look_for("건식 전극 코팅")
    query.vector = encoder.encode([query.text], kind="query")[0]
    query.vector_hash = query.text_hash
    query.vector_revision = encoder.info.revision
    query.save()
    fits = partners.partners_by_words(query, here)
    assert [fit.group for fit in fits] == [cells, welding]
    assert not fits[0].is_provisional
    assert partners.partners_by_words(query, here, sector="steel") == []


def test_words_that_no_worker_has_read_yet_order_by_terms_and_are_asked_for_once(here, there):
    named = group(there, "Named", "We measure ALD films with XPS")
    group(there, "Other", "Welding robots")
    query = finding.look_for("  ALD   films ")
    assert finding.look_for("ALD films").pk == query.pk
    fits = partners.partners_by_words(query, here)
    assert fits[0].group == named and fits[0].is_provisional
    assert "ALD" in fits[0].terms
    waiting = OutboxMessage.objects.filter(task="partnerships.embed_query")
    assert {message.arguments["ids"][0] for message in waiting} == {query.pk}


def test_words_are_forgotten_a_month_after_somebody_last_looked(here):
    kept, old = finding.look_for("welding"), finding.look_for("soldering")
    PartnerQuery.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=40))
    assert watching.watch()["queries"] == 1
    assert list(PartnerQuery.objects.all()) == [kept]
