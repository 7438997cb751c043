"""Reads of programs. Search is lexical and taxonomic, so no model runs in a web process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, When

from corridor import taxonomy
from corridor.accounts.models import Membership
from corridor.places.models import Hub, Sector
from corridor.programs import searching
from corridor.programs.kinds import Kind
from corridor.programs.models import Program

RELATED = ("organization", "hub", "hub__state", "sector")
# What no list shows: long, and costly to carry twenty times.
UNSHOWN = (
    "vector", "staged_vector", "term_ids", "search_head", "description_ko", "description_en",
)  # fmt: skip
# What a card shows of a program, its host and its place (see web.present.program_card), and what
# a match's sentences read besides. Half of what a row holds; reading it was a third of a list.
ON_CARD = (
    "kind", "status", "title_ko", "title_en", "summary_ko", "summary_en", "state", "place_text",
    "starts_on", "ends_on", "apply_by", "pay_amount", "pay_currency", "pay_period", "is_sample",
    "external_host", "sponsor", "organization__name_ko", "organization__name_en", "hub__slug",
    "hub__name_ko", "hub__name_en", "sector__slug", "sector__name_ko", "sector__name_en",
)  # fmt: skip


def published(day: date) -> QuerySet[Program]:
    """Programs that take applications on `day`."""
    return (
        Program.objects.filter(status=Program.Status.PUBLISHED)
        .filter(Q(apply_by=None) | Q(apply_by__gte=day))
        .filter(Q(starts_on=None) | Q(starts_on__gt=day))
    )


def visible_to(user: Any) -> QuerySet[Program]:
    """Published and closed programs are public; a draft is seen by its host's members and staff."""
    public = ~Q(status=Program.Status.DRAFT)
    if not getattr(user, "is_authenticated", False):
        return Program.objects.filter(public)
    if user.is_staff:
        return Program.objects.all()
    own = Membership.objects.filter(user=user).values("organization_id")
    return Program.objects.filter(public | Q(organization_id__in=own))


def page(user: Any, pk: int) -> Program | None:
    """One program with all that its page shows, in a constant number of queries."""
    return (
        visible_to(user)
        .select_related(*RELATED, "agreement")
        .prefetch_related("duties", "requirements")
        .filter(pk=pk)
        .first()
    )


def of_organization(user: Any, organization: Any) -> QuerySet[Program]:
    return (
        visible_to(user)
        .filter(organization=organization)
        .select_related(*RELATED)
        .defer(*UNSHOWN)
        .order_by("status", "-updated_at")
    )


def newest(day: date, limit: int) -> QuerySet[Program]:
    found = published(day).select_related(*RELATED).defer(*UNSHOWN)
    return found.order_by("-published_at", "pk")[:limit]


def similar(
    program: Program, *, day: date, of_host: bool = True, limit: int = 3
) -> list[Program]:
    """Open programs of its kind or its sector, those of both first, then those in its state; of its
    host too, unless `of_host` is False."""
    near = Q(kind=program.kind)
    if program.sector_id is not None:
        near |= Q(sector=program.sector_id)
    found = published(day).filter(near).exclude(pk=program.pk)
    if not of_host:
        found = found.exclude(organization=program.organization_id)
    alike = [
        Case(When(condition, then=1), default=0)
        for condition in (
            Q(kind=program.kind, sector=program.sector_id), Q(state=program.state),
            Q(kind=program.kind),
        )
    ]  # fmt: skip
    listed = found.select_related(*RELATED).defer(*UNSHOWN)
    return list(listed.order_by(*(each.desc() for each in alike), "-published_at", "pk")[:limit])


def cards() -> QuerySet[Program]:
    """Programs as a list of cards reads them; any other field costs a query."""
    return Program.objects.select_related("organization", "hub", "sector").only(*ON_CARD)


def teaching(skills: Sequence[str], *, day: date, limit: int = 40) -> list[Program]:
    """Open trainings and joint curricula that name one of the skills, the next to begin first."""
    if not skills:
        return []
    found = published(day).filter(
        kind__in=[Kind.TRAINING, Kind.JOINT_CURRICULUM], skill_ids__overlap=list(skills)
    )
    listed = found.select_related("organization", "hub", "sector").only(*ON_CARD, "skill_ids")
    return list(listed.order_by(F("starts_on").asc(nulls_last=True), "pk")[:limit])


def counts(day: date) -> dict[str, Any]:
    """Open programs by hub slug, sector slug and kind, and their `total`: three queries, the last
    two small. Programs are counted by ids, in one pass that an index answers (program_facets)."""
    rows = published(day).order_by().values_list("hub_id", "sector_id", "kind")
    by_id: tuple[dict[Any, int], ...] = ({}, {}, {})
    for *keys, n in rows.annotate(n=Count("*")):
        for counted, key in zip(by_id, keys, strict=True):
            counted[key] = counted.get(key, 0) + n
    hubs, sectors, kinds = by_id
    return {
        "hub": _by_slug(Hub, hubs), "sector": _by_slug(Sector, sectors),
        "kind": kinds, "total": sum(kinds.values()),
    }  # fmt: skip


def _by_slug(model: Any, counted: dict[Any, int]) -> dict[Any, int]:
    slugs = dict(model.objects.values_list("pk", "slug"))
    return {slugs.get(pk): n for pk, n in counted.items()}


@dataclass(frozen=True)
class Filters:
    """What a visitor asked for. Empty means any. Facets combine: OR within one, AND between."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    starts_from: date | None = None
    starts_until: date | None = None
    min_months: int | None = None
    max_months: int | None = None
    paid: bool = False
    ids: tuple[int, ...] | None = None  # only these programs (a pathway works for me)
    order: str = "best"


@dataclass(frozen=True)
class Facet:
    """One value of a facet with how many programs it would leave, the other facets applied."""

    value: str
    count: int
    chosen: bool = False


class Ranked(Sequence[Program]):
    """Programs in order, read a slice at a time: their ids first, as sorting whole rows of
    thousands costs far more than the twenty that are shown."""

    def __init__(
        self, found: QuerySet[Program], total: int, rows: QuerySet[Program]
    ) -> None:
        self._found, self._total, self._rows = found, total, rows

    def __len__(self) -> int:
        return self._total

    def count(self, value: Any = None) -> int:
        """As a queryset has it (paginators ask so)."""
        return self._total

    def __getitem__(self, at: Any) -> Any:
        part = at if isinstance(at, slice) else slice(at, at + 1)
        ids = list(self._found.values_list("pk", flat=True)[part])
        rows = self._rows.in_bulk(ids)
        programs = [rows[pk] for pk in ids if pk in rows]
        return programs if isinstance(at, slice) else programs[0]

    def __iter__(self) -> Iterator[Program]:
        return iter(self[:])


@dataclass
class SearchResult:
    programs: Ranked
    total: int
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    # other names that the query was understood as, such as 용접 -> welding
    also_searched: list[str] = field(default_factory=list)
    # asked words that no program names: what stands next to them was sought instead
    nearby: list[str] = field(default_factory=list)


_FACETS = {"kinds": "kind", "sectors": "sector__slug", "hubs": "hub__slug", "states": "state",
           "sponsors": "sponsor"}  # fmt: skip


def search(
    filters: Filters, *, day: date, rows: QuerySet[Program] | None = None
) -> SearchResult:
    """Published programs that fit, best first, with facet counts: one query for all counts, with
    words one more for what they mean, where no program answers all of them one for what stands next
    to them, and a last for those that answer some. `rows`: how those that are looked at are read
    (`cards`); with all that a list may show by default."""
    if rows is None:
        rows = Program.objects.select_related(*RELATED).defer(*UNSHOWN)
    base, also = _within(published(day), filters), []
    nearby: list[str] = []
    order: list[Any] = [F("apply_by").asc(nulls_last=True)]
    if filters.text.strip():
        also = _also(filters.text)
        meant = searching.understood(filters.text, published(day))
        nearby = list(meant.nearby)
        every = meant.among(base)
        counted = _counted(every, filters)
        if not counted.rows and len(meant.words) > 1:
            wide = meant.widened
            every = wide.among(base)
            counted = _counted(every, filters)
            nearby = list(wide.nearby)
        if not counted.rows and len(meant.words) > 1:
            every = meant.among(base, every=False)
            counted = _counted(every, filters)
            nearby = list(meant.nearby)
        base = every
        order = ["-relevance", *order]
    else:
        counted = _counted(base, filters)
    order = {
        "new": ["-published_at"],
        "soon": [F("starts_on").asc(nulls_last=True)],
        "deadline": [F("apply_by").asc(nulls_last=True)],
    }.get(filters.order, order)
    for name, column in _FACETS.items():
        if values := getattr(filters, name):
            base = base.filter(**{f"{column}__in": values})
    return SearchResult(
        programs=Ranked(base.order_by(*order, "pk"), counted.total, rows),
        total=counted.total,
        facets=counted.facets,
        also_searched=also,
        nearby=nearby,
    )


def _also(text: str) -> list[str]:
    words = text.strip()[:200]
    return [name for name in taxonomy.expand(words) if name.casefold() != words.casefold()]


@dataclass(frozen=True)
class _Counted:
    rows: int  # before any facet is chosen
    total: int
    facets: dict[str, list[Facet]]


def _counted(base: QuerySet[Program], filters: Filters) -> _Counted:
    """All facets at once: each value is counted among the rows that the other facets' choices
    leave."""
    chosen = {name: values for name in _FACETS if (values := getattr(filters, name))}
    rows = total = 0
    by_facet: dict[str, dict[str, int]] = {name: {} for name in _FACETS}
    for group, value, count, *parts in _grouped(base, chosen):
        if not group:
            rows, total = count, parts[-1]
            continue
        at = len(_FACETS) - group.bit_length()
        if value and parts[at]:
            by_facet[list(_FACETS)[at]][value] = parts[at]
    return _Counted(
        rows, total,
        {name: _facet(counts, set(chosen.get(name, ()))) for name, counts in by_facet.items()},
    )  # fmt: skip


def _grouped(base: QuerySet[Program], chosen: Mapping[str, Sequence[str]]) -> list[tuple[Any, ...]]:
    """For each value of each facet, and once for all rows: a bit for the facet (the first is the
    highest, none for all rows), the value, the rows, those that the choices of the facets but the
    first leave, but the second, and so on, and those that all choices leave."""
    columns = [f"of_{name}" for name in _FACETS]
    # By the ids of sectors and hubs: an index holds all that a count without words reads.
    facets = base.order_by().annotate(
        **{f"of_{name}": F(column.replace("__slug", "_id")) for name, column in _FACETS.items()}
    )
    try:
        combined = facets.values(*columns).annotate(programs=Count("*"))
        inner, given = combined.query.sql_with_params()
    except EmptyResultSet:
        return []
    named = (
        "SELECT of_kinds, places_sector.slug AS of_sectors, "  # noqa: S608 - names of ours
        "places_hub.slug AS of_hubs, "
        f"of_states, of_sponsors, programs FROM ({inner}) AS counted "
        "LEFT JOIN places_sector ON places_sector.id = counted.of_sectors "
        "LEFT JOIN places_hub ON places_hub.id = counted.of_hubs"
    )
    counts, asked = [], []
    for left_out in (*_FACETS, None):
        others = [name for name in chosen if name != left_out]
        asked += [list(chosen[name]) for name in others]
        conditions = " AND ".join(f"of_{name} = ANY(%s)" for name in others) or "true"
        counts.append(f"coalesce(sum(programs) FILTER (WHERE {conditions}), 0)::int")
    names = ", ".join(columns)
    sets = ", ".join(f"({column})" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {(1 << len(columns)) - 1} - grouping({names}), "  # noqa: S608 - names of ours
            f"coalesce({names}), coalesce(sum(programs), 0)::int, {', '.join(counts)} "
            f"FROM ({named}) AS found GROUP BY GROUPING SETS ({sets}, ())",
            [*asked, *given],
        )
        return list(cursor.fetchall())


def _facet(counts: dict[str, int], chosen: set[str]) -> list[Facet]:
    """The most frequent first; a chosen value stays, to be unchosen, even where it leaves none."""
    counts = {**dict.fromkeys(chosen, 0), **counts}
    return [
        Facet(value, count, value in chosen)
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _within(programs: QuerySet[Program], filters: Filters) -> QuerySet[Program]:
    if filters.starts_from:
        programs = programs.filter(starts_on__gte=filters.starts_from)
    if filters.starts_until:
        programs = programs.filter(starts_on__lte=filters.starts_until)
    days = F("ends_on") - F("starts_on")
    if filters.min_months is not None or filters.max_months is not None:
        programs = programs.annotate(length=days)
        if filters.min_months is not None:
            shortest = timedelta(days=round(filters.min_months * 30.44) - 3)
            programs = programs.filter(length__gte=shortest)
        if filters.max_months is not None:
            longest = timedelta(days=round(filters.max_months * 30.44) + 3)
            programs = programs.filter(length__lte=longest)
    if filters.paid:
        programs = programs.filter(pay_amount__gt=0)
    if filters.ids is not None:
        programs = programs.filter(pk__in=filters.ids)
    return programs


def filters_from(query: Mapping[str, Any]) -> Filters:
    """Filters from a query string (a QueryDict); what cannot be read is left out."""

    def many(name: str) -> tuple[str, ...]:
        values = query.getlist(name) if hasattr(query, "getlist") else query.get(name, [])
        return tuple(str(value).replace("\x00", "") for value in values if value)[:40]

    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(str(query.get(name, "")))
        except ValueError:
            return None

    def months(name: str) -> int | None:
        raw = str(query.get(name, ""))
        return int(raw) if raw.isdecimal() and len(raw) <= 3 else None

    return Filters(
        text=str(query.get("q", ""))[:200].replace("\x00", ""),
        kinds=many("kind"),
        sectors=many("sector"),
        hubs=many("hub"),
        states=many("state"),
        sponsors=many("sponsor"),
        starts_from=day("from"),
        starts_until=day("until"),
        min_months=months("min"),
        max_months=months("max"),
        paid=query.get("paid") == "1",
        order=str(query.get("order", "best")),
    )
