"""Reads of programs. Search is lexical and taxonomic, so no model runs in a web process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Greatest

from corridor import taxonomy
from corridor.accounts.models import Membership
from corridor.programs.models import Program

RELATED = ("organization", "hub", "hub__state", "sector")


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
        .order_by("status", "-updated_at")
    )


def newest(day: date, limit: int) -> QuerySet[Program]:
    return published(day).select_related(*RELATED).order_by("-published_at", "pk")[:limit]


def counts(day: date) -> dict[str, Any]:
    """Open programs by hub slug, sector slug and kind, and their `total`: three queries."""
    counted: dict[str, Any] = {}
    for name, column in {"hub": "hub__slug", "sector": "sector__slug", "kind": "kind"}.items():
        rows = published(day).order_by().values_list(column).annotate(n=Count("pk"))
        counted[name] = dict(rows)
    counted["total"] = sum(counted["kind"].values())
    return counted


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


@dataclass
class SearchResult:
    programs: QuerySet[Program]
    total: int
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    # other names that the query was understood as, such as 용접 -> welding
    also_searched: list[str] = field(default_factory=list)


_FACETS = {"kinds": "kind", "sectors": "sector__slug", "hubs": "hub__slug", "states": "state",
           "sponsors": "sponsor"}  # fmt: skip


def search(filters: Filters, *, day: date) -> SearchResult:
    """Published programs that fit, best first, with facet counts (one query a facet)."""
    base, also = _matching_text(published(day), filters.text)
    base = _within(base, filters)
    # Matching a text costs far more than counting: it is done once for all the facets.
    counted = (
        Program.objects.filter(pk__in=list(base.values_list("pk", flat=True)))
        if filters.text.strip()
        else base
    )
    chosen = Q()
    for name, column in _FACETS.items():
        if values := getattr(filters, name):
            chosen &= Q(**{f"{column}__in": values})
    facets = {name: _facet(counted, filters, name) for name in _FACETS}
    order = {
        "new": ["-published_at"],
        "soon": [F("starts_on").asc(nulls_last=True)],
        "deadline": [F("apply_by").asc(nulls_last=True)],
    }.get(filters.order, ["-relevance", F("apply_by").asc(nulls_last=True)])
    if "relevance" not in base.query.annotations and order[0] == "-relevance":
        order = order[1:]
    return SearchResult(
        programs=base.filter(chosen).select_related(*RELATED).order_by(*order, "pk"),
        total=counted.filter(chosen).count(),
        facets=facets,
        also_searched=also,
    )


def _facet(base: QuerySet[Program], filters: Filters, name: str) -> list[Facet]:
    column = _FACETS[name]
    rest = base
    for other, other_column in _FACETS.items():
        if other != name and getattr(filters, other):
            rest = rest.filter(**{f"{other_column}__in": getattr(filters, other)})
    chosen = set(getattr(filters, name))
    counts = {
        row[column]: row["n"]
        for row in rest.order_by().values(column).annotate(n=Count("pk"))
        if row[column]
    }
    for value in chosen - set(counts):
        counts[value] = 0
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


def _matching_text(programs: QuerySet[Program], text: str) -> tuple[QuerySet[Program], list[str]]:
    """Programs that speak of `text` in either language: words, trigrams and taxonomy concepts."""
    words = text.strip()[:200]
    if not words:
        return programs, []
    also = [name for name in taxonomy.expand(words) if name.casefold() != words.casefold()]
    skills = [found.id for found in taxonomy.find_skills(words)]
    occupations = [found.id for found in taxonomy.find_occupations(words)]
    columns = ("title_ko", "title_en", "summary_ko", "summary_en", "external_host",
               "organization__name_ko", "organization__name_en", "description_ko",
               "description_en", "hub__name_ko", "hub__name_en", "place_text")  # fmt: skip
    literal = Q()
    for column in columns:
        literal |= Q(**{f"{column}__icontains": words})
    concept = Q()
    if skills:
        concept |= Q(skill_ids__overlap=skills)
    if occupations:
        concept |= Q(occupation_ids__overlap=occupations)
    named = Q()
    for name in also[:12]:
        named |= Q(title_ko__icontains=name) | Q(title_en__icontains=name)
    titles = Concat("title_ko", Value(" "), "title_en")
    programs = programs.annotate(
        similarity=Greatest(TrigramWordSimilarity(words, titles), Value(0.0)),
    )
    hit = literal | Q(similarity__gte=0.55)
    if concept:
        hit |= concept
    if named:
        hit |= named
    whens = [When(Q(title_ko__icontains=words) | Q(title_en__icontains=words), then=Value(3.0))]
    if named:
        whens.append(When(named, then=Value(2.0)))
    if concept:
        whens.append(When(concept, then=Value(1.5)))
    whens.append(When(literal, then=Value(1.0)))
    relevance = Case(*whens, default=Value(0.0), output_field=FloatField()) + F("similarity")
    return programs.filter(hit).annotate(relevance=relevance), also


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
