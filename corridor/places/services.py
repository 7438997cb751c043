"""Writing the ground into the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.common import audit
from corridor.places.loading import Ground, SourceFact, ground
from corridor.places.models import Evidence, Hub, HubAnchor, InvestmentProject, Sector, State


@dataclass
class Loaded:
    """How many rows of each kind now stand, and the slugs that the data no longer names."""

    sectors: int = 0
    states: int = 0
    hubs: int = 0
    anchors: int = 0
    projects: int = 0
    no_longer_named: list[str] = field(default_factory=list)
    # Slugs of hubs and projects that staff have taken over, and that were left as they are.
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_ground(facts: Ground | None = None) -> Loaded:
    """Make the tables say what the data says; a second run changes nothing. Hubs and projects that
    staff have changed on their pages are left as they are.

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

    own_hubs = set(Hub.objects.exclude(edited_at=None).values_list("slug", flat=True))
    _upsert(
        Hub,
        [
            Hub(**_columns(fact, drop=("state", "sectors", "anchors")), state_id=states[fact.state])
            for fact in facts.hubs.values()
            if fact.slug not in own_hubs
        ],
        "slug",
    )
    hubs = dict(Hub.objects.values_list("slug", "pk"))
    _set_hub_sectors(facts, {s: pk for s, pk in hubs.items() if s not in own_hubs}, sectors)

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

    own = InvestmentProject.objects.exclude(edited_at=None)
    own_projects = set(own.values_list("slug", flat=True))
    _upsert(
        InvestmentProject,
        [
            InvestmentProject(
                **_columns(fact, drop=("hub", "sector")),
                hub_id=hubs[fact.hub],
                sector_id=sectors[fact.sector],
            )
            for fact in facts.projects.values()
            if fact.slug not in own_projects
        ],
        "slug",
    )
    InvestmentProject.objects.filter(edited_at=None).exclude(slug__in=facts.projects).delete()

    return Loaded(
        sectors=len(facts.sectors),
        states=len(facts.states),
        hubs=len(facts.hubs),
        anchors=len(anchors),
        projects=len(facts.projects),
        kept=sorted(own_hubs | own_projects),
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
    named = [hub for hub in facts.hubs.values() if hub.slug in hubs]
    wanted = {(hubs[hub.slug], sectors[slug]) for hub in named for slug in hub.sectors}
    known = [hubs[hub.slug] for hub in named]
    present = {
        (row.hub_id, row.sector_id): row.pk for row in through.objects.filter(hub_id__in=known)
    }
    through.objects.filter(pk__in=[present[pair] for pair in present.keys() - wanted]).delete()
    through.objects.bulk_create(
        [through(hub_id=hub, sector_id=sector) for hub, sector in wanted - present.keys()]
    )


# --- by staff -----------------------------------------------------------------------------------


@transaction.atomic
def save_hub(hub: Hub, *, by: Any, sectors: list[Sector], **fields: Any) -> Hub:
    """Make a hub or change one; from then on it is staff's, and loading the files leaves it alone.

    Raises PermissionDenied for others, ValidationError for a fact without its source and day.
    """
    if not sectors:
        raise ValidationError({"sectors": _("Choose at least one sector.")})
    before = set(hub.sectors.values_list("pk", flat=True)) if hub.pk else set()
    changed = _save(hub, by, fields)
    hub.sectors.set(sectors)
    if before != {each.pk for each in sectors}:
        changed.append("sectors")
    audit.record("hub.saved", hub, by=by, slug=hub.slug, fields=sorted(changed))
    return hub


@transaction.atomic
def save_project(project: InvestmentProject, *, by: Any, **fields: Any) -> InvestmentProject:
    """Make an investment project or change one; see save_hub."""
    changed = _save(project, by, fields)
    audit.record("project.saved", project, by=by, slug=project.slug, fields=sorted(changed))
    return project


def _save(row: Hub | InvestmentProject, by: Any, fields: dict[str, Any]) -> list[str]:
    """Names of the fields that changed."""
    if not getattr(by, "is_staff", False):
        raise PermissionDenied
    old = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    changed = [
        name for name, value in fields.items() if old is None or getattr(old, name) != value
    ]
    for name, value in fields.items():
        setattr(row, name, value)
    if not row.source_url and row.evidence != Evidence.BACKGROUND:
        raise ValidationError(
            {"source_url": _("Give the address of the source, or mark it as background.")}
        )
    if row.as_of and row.as_of > date.today():
        raise ValidationError({"as_of": _("This day is still to come.")})
    row.edited_at = timezone.now()
    row.full_clean()
    row.save()
    return changed
