"""Writing the ground into the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models, transaction

from corridor.places.loading import Ground, SourceFact, ground
from corridor.places.models import Hub, HubAnchor, InvestmentProject, Sector, State


@dataclass
class Loaded:
    """How many rows of each kind now stand, and the slugs that the data no longer names."""

    sectors: int = 0
    states: int = 0
    hubs: int = 0
    anchors: int = 0
    projects: int = 0
    no_longer_named: list[str] = field(default_factory=list)


@transaction.atomic
def load_ground(facts: Ground | None = None) -> Loaded:
    """Make the tables say what the data says; a second run changes nothing.

    Projects and anchors that the data dropped are deleted. Sectors, states and hubs that it
    dropped are kept, since programs may stand on them, and are named in the result.
    """
    facts = facts or ground()
    _upsert(Sector, [Sector(**asdict(fact)) for fact in facts.sectors.values()], "slug")
    _upsert(
        State,
        [State(code=s.code, name_ko=s.name_ko, name_en=s.name_en) for s in facts.states.values()],
        "code",
    )
    sectors = dict(Sector.objects.values_list("slug", "pk"))
    states = dict(State.objects.values_list("code", "pk"))

    _upsert(
        Hub,
        [
            Hub(**_columns(fact, drop=("state", "sectors", "anchors")), state_id=states[fact.state])
            for fact in facts.hubs.values()
        ],
        "slug",
    )
    hubs = dict(Hub.objects.values_list("slug", "pk"))
    _set_hub_sectors(facts, hubs, sectors)

    anchors = [
        HubAnchor(**_columns(anchor), hub_id=hubs[hub.slug])
        for hub in facts.hubs.values()
        for anchor in hub.anchors
    ]
    _upsert(HubAnchor, anchors, "hub", "name")
    named = {(anchor.hub_id, anchor.name) for anchor in anchors}
    HubAnchor.objects.filter(
        pk__in=[
            pk
            for pk, hub_id, name in HubAnchor.objects.values_list("pk", "hub_id", "name")
            if (hub_id, name) not in named
        ]
    ).delete()

    _upsert(
        InvestmentProject,
        [
            InvestmentProject(
                **_columns(fact, drop=("hub", "sector")),
                hub_id=hubs[fact.hub],
                sector_id=sectors[fact.sector],
            )
            for fact in facts.projects.values()
        ],
        "slug",
    )
    InvestmentProject.objects.exclude(slug__in=facts.projects).delete()

    return Loaded(
        sectors=len(facts.sectors),
        states=len(facts.states),
        hubs=len(facts.hubs),
        anchors=len(anchors),
        projects=len(facts.projects),
        no_longer_named=sorted(
            [
                *(sectors.keys() - facts.sectors),
                *(states.keys() - facts.states),
                *(hubs.keys() - facts.hubs),
            ]
        ),
    )


def _columns(fact: Any, *, drop: tuple[str, ...] = ()) -> dict[str, Any]:
    """A fact's values by column; its source is spread into the source columns."""
    columns = {name: getattr(fact, name) for name in fact.__dataclass_fields__ if name not in drop}
    source: SourceFact = columns.pop("source")
    return {**columns, **asdict(source)}


def _upsert(model: type[models.Model], rows: list[Any], *key: str) -> None:
    """Insert or update by the unique ``key``, in one statement."""
    updated = [
        column.name
        for column in model._meta.concrete_fields
        if column.name not in key and not column.primary_key
    ]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=list(key), update_fields=updated
    )


def _set_hub_sectors(facts: Ground, hubs: dict[str, int], sectors: dict[str, int]) -> None:
    through = Hub.sectors.through
    wanted = {(hubs[h.slug], sectors[slug]) for h in facts.hubs.values() for slug in h.sectors}
    known = [hubs[slug] for slug in facts.hubs]
    present = {
        (row.hub_id, row.sector_id): row.pk for row in through.objects.filter(hub_id__in=known)
    }
    through.objects.filter(pk__in=[present[pair] for pair in present.keys() - wanted]).delete()
    through.objects.bulk_create(
        [through(hub_id=hub, sector_id=sector) for hub, sector in wanted - present.keys()]
    )
