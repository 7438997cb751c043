"""From rows to what components take: short dictionaries in the reader's language.

Pages of every area use these, so a program, its pay or a verdict reads the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.common.language import language_code
from corridor.matching.views import MatchView
from corridor.matching.wording import part_labels
from corridor.places import usmap
from corridor.places.models import Hub
from corridor.programs.bilingual import in_readers_language
from corridor.programs.kinds import DETAILS, Kind
from corridor.programs.models import Program
from corridor.rules import Verdict
from corridor.web import addresses

# The components' names for what a verdict looks like (see templates/cotton/verdict.html).
STATES = {"works": "eligible", "works_if": "conditional", "no": "not_eligible",
          "unknown": "unknown"}  # fmt: skip
LEAST_PROMISED = 3  # of 100; below it, "from 3rd to 1st in this list" would be an empty promise
_KOREA = (-62.0, 190.0)  # where the arcs begin, left of the map's frame
_BUSIEST = 8  # hubs whose arcs and names a phone shows; more arcs would be a smear


def language() -> str:
    return language_code()


def day(value: date | None) -> str:
    return formats.date_format(value, "DATE_FORMAT") if value else ""


def moment(value: datetime | None) -> str:
    """A point in time in Seoul, as in “2026-11-23 18:00 Seoul”, for records of what happened."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return _("%s Seoul") % formats.date_format(local, "DATETIME_FORMAT")


def _sign(currency: str | None) -> str:
    return {"USD": _("$%s"), "KRW": _("₩%s")}.get(currency or "", "%s")


def money(program: Program) -> str:
    """Pay as one reads it: “$25 an hour”, “월 3,200,000원”, “unpaid”; empty if not given."""
    if program.pay_period == Program.PayPeriod.UNPAID:
        return _("Unpaid")
    if program.pay_amount is None:
        return ""
    amount = formats.number_format(
        program.pay_amount, decimal_pos=0 if program.pay_amount % 1 == 0 else 2, force_grouping=True
    )
    sign = _sign(program.pay_currency) % amount
    return {
        Program.PayPeriod.HOUR: _("%s an hour"),
        Program.PayPeriod.MONTH: _("%s a month"),
        Program.PayPeriod.YEAR: _("%s a year"),
        Program.PayPeriod.TOTAL: _("%s in total"),
    }.get(program.pay_period, "%s") % sign


def months(program: Program) -> str:
    length = program.duration_months
    if length is None:
        return ""
    whole = round(length)
    if whole == 0:
        days = program.duration_days or 0
        return ngettext("%d day", "%d days", days) % days
    return ngettext("%d month", "%d months", whole) % whole


def hours(program: Program) -> str:
    """A week's working hours; empty where the host has not stated them."""
    week = program.hours_per_week
    return ngettext("%d hour", "%d hours", week) % week if week else ""


def seats(program: Program) -> str:
    return ngettext("%d person", "%d people", program.seats) % program.seats


def when(program: Program) -> str:
    if program.starts_on is None:
        return ""
    start = formats.date_format(program.starts_on, "DATE_FORMAT")
    length = months(program)
    return (
        _("from %(day)s, %(length)s") % {"day": start, "length": length}
        if length
        else _("from %s") % start
    )


def place(program: Program) -> str:
    if program.hub is not None:
        return program.hub.name
    return program.place_text


def program_card(program: Program) -> dict[str, Any]:
    """What <c-match-card> takes of a program."""
    return {
        "pk": program.pk,
        "title": program.title,
        "href": addresses.of("public:program", program.pk),
        "host": program.host_name,
        "hub": place(program),
        "kind": str(Kind(program.kind).label),
        "kind_icon": f"kind-{program.kind}",
        "sector": program.sector.name if program.sector else "",
        "sector_icon": f"sector-{program.sector.slug}" if program.sector else "",
        "when": when(program),
        "pay": money(program),
        "apply_by": day(program.apply_by),
        "summary": program.summary,
        "sample": program.is_sample,
    }


def program_facts(program: Program) -> list[dict[str, str]]:
    """Label and value of everything a program says about itself, in reading order."""
    rows = [
        (_("Host"), program.host_name),
        (_("Place"), place(program)),
        (_("First day"), day(program.starts_on)),
        (_("Last day"), day(program.ends_on)),
        (_("Length"), months(program)),
        (_("Apply by"), day(program.apply_by)),
        (_("Seats"), seats(program)),
        (_("Pay"), money(program)),
        (_("Hours a week"), hours(program)),
        (_("Working language"), program.get_language_display()),
        (_("English needed"), _("TOEIC %d or an equal score") % program.min_toeic
         if program.min_toeic else ""),
        (_("Degree"), program.get_min_degree_display() if program.min_degree else ""),
        (_("Experience"), ngettext("%d month", "%d months", program.min_experience_months)
         % program.min_experience_months if program.min_experience_months else ""),
        (_("Who sponsors the visa"), in_readers_language(program.sponsor_name) or (
            program.get_sponsor_display() if program.sponsor else "")),
        (_("What a candidate pays"), in_readers_language(program.candidate_cost_note)),
    ]  # fmt: skip
    return [{"label": str(label), "value": str(value)} for label, value in rows if value]


def details(program: Program) -> list[dict[str, str]]:
    """The kind's own fields that were filled in."""
    rows = []
    for detail in DETAILS.get(program.kind, ()):
        value = program.details.get(detail.name)
        if value is None or value == "" or detail.name == "funding_currency":
            continue
        if detail.type == "bool":
            value = _("Yes") if value else _("No")
        elif detail.type == "choice":
            value = dict(detail.choices).get(value, value)
        elif detail.type in {"int", "decimal"}:
            value = formats.number_format(value, force_grouping=True)
            if detail.name == "funding_amount":
                value = _sign(program.details.get("funding_currency")) % value
            elif detail.unit:
                value = str(detail.unit) % value
        else:
            value = in_readers_language(str(value))
        rows.append({"label": str(detail.shown), "value": str(value), "long": detail.type})
    return rows


def badge(item: Verdict | None) -> dict[str, str]:
    if item is None:
        return {"state": "unknown", "name": ""}
    return {"state": STATES[item.display], "name": item.name(language())}


def standing_badge(item: Verdict | None) -> dict[str, str]:
    """`badge` of a route that one application goes by, following the steps that its reader may
    know (see `planned.followed`): while a step stands refused, it never reads as one that works.
    `refused`: the word said instead, with its day; `by_rules`: the state by the rules alone."""
    made = {**badge(item), "refused": "", "by_rules": ""}
    on = [each.rests_on for each in item.progress.values() if each.is_stopped] if item else []
    days = [each for each in on if each is not None]
    if not days:
        return made
    word = _("A refusal is recorded (%s)") % day(max(days))
    return {**made, "state": "not_eligible", "refused": word, "by_rules": made["state"]}


def match_card(match: MatchView) -> dict[str, Any]:
    """A match as <c-match-card> takes it: the program, the sentence, the score and its parts."""
    best = badge(match.best_verdict)
    return {
        **program_card(match.program),
        "sentence": match.headline,
        "score": match.percent,
        "parts": bars(match),
        "reasons": [reason.text for reason in match.reasons],
        "gaps": raising(match),
        "unmet": [point.text for point in match.unmet],
        "pathway": match.pathway_sentence,
        "verdicts": [best] if best["name"] else [],
    }


def raising(match: MatchView) -> list[str]:
    """What would raise a match, each thing once: a step up in the list says it better than that it
    is lacking, unless it is a must. Where next to nothing fits, no single step is promised."""
    climb = match.climb if match.percent >= LEAST_PROMISED else None
    told = set(climb.values.get("skills", ())) if climb else set()
    gaps = [
        gap for gap in match.gaps
        if gap.code.startswith("add_must") or not told & set(gap.values.get("skills", ()))
    ]  # fmt: skip
    return [gap.text for gap in (climb, *gaps) if gap]


def bars(match: MatchView) -> list[dict[str, Any]]:
    """Each part of a score with the points of 100 that it adds; they add up to the fit."""
    labels = part_labels(language_code())
    return [{"label": labels[part.name], "value": part.points} for part in match.parts]


def kind_options() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Kind.choices]


def hub_map(hubs: Iterable[Hub], counts: dict[str, int]) -> dict[str, Any]:
    """States, hubs with their number of programs, and an arc from Korea to each busy hub."""
    points = []
    for hub in hubs:
        spot = usmap.project(hub.latitude, hub.longitude)
        if spot is None:
            continue
        x, y = spot
        count = counts.get(hub.slug, 0)
        points.append(
            {
                "x": f"{x:.1f}",
                "y": f"{y:.1f}",
                "r": f"{4 + min(count, 12) ** 0.5:.1f}",
                "name": hub.name,
                "slug": hub.slug,
                "url": reverse("public:hub", args=[hub.slug]),
                "count": count,
                "anchor": _anchor(x),
                "arc": _arc(x, y) if count else "",
            }
        )
    points.sort(key=lambda point: (-point["count"], point["name"]))
    for rank, point in enumerate(points):
        point["busy"] = rank < _BUSIEST
    return {
        "viewbox": f"-90 -30 {usmap.WIDTH + 90} {usmap.HEIGHT + 30}",
        "states": [{"code": code, "path": path} for code, path in usmap.states().items()],
        "hubs": points,
        "korea": {"x": _KOREA[0], "y": _KOREA[1]},
    }


def _anchor(x: float) -> str:
    """Where a hub's name begins, so that it stays inside the map."""
    if x < 0.15 * usmap.WIDTH:
        return "start"
    return "end" if x > 0.85 * usmap.WIDTH else "middle"


def _arc(x: float, y: float) -> str:
    from_x, from_y = _KOREA
    middle_x, top = (from_x + x) / 2, min(from_y, y) - 60 - abs(x - from_x) * 0.12
    return f"M{from_x:.0f} {from_y:.0f}Q{middle_x:.0f} {max(top, -20):.0f} {x:.1f} {y:.1f}"


def locator(hub: Hub) -> dict[str, Any] | None:
    """A state's outline with the hub's point, framed to the state."""
    spot = usmap.project(hub.latitude, hub.longitude)
    path = usmap.states().get(hub.state.code)
    if spot is None or not path:
        return None
    left, top, right, bottom = usmap.bounds(hub.state.code)
    pad = max(right - left, bottom - top) * 0.08
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    return {
        "viewbox": f"{left - pad:.1f} {top - pad:.1f} {width:.1f} {height:.1f}",
        "path": path,
        "x": f"{spot[0]:.1f}",
        "y": f"{spot[1]:.1f}",
        "r": f"{max(width, height) / 30:.1f}",
    }
