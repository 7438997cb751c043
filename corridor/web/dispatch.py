"""A dispatch, task by task, as pages show it: shapes, words, reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from corridor import rules
from corridor.matching.dispatch import duty_check
from corridor.programs.bilingual import in_readers_language
from corridor.programs.models import Duty, Program
from corridor.web import present, readings

B1 = ("b1_installer", "b1_supervise_train_construction", "b1_business")
# The routes that a table shows; the others stand below it.
MAIN = ("b1_installer", "vwp_esta", "b1_supervise_train_construction", "l1b", "e2", "h2b")
_ORDER = ("eligible", "conditional", "unknown", "not_eligible")  # best first
MOST_TO_TAKE_OUT = 50  # percent of the time; without more, it is another dispatch


def standing(program: Program, check: rules.DutyCheck) -> dict[str, Any]:
    """What the task check says: routes, the matrix, what to take out, the trade licenses."""
    duties = list(program.duties.all())
    routes = sorted(check.routes, key=lambda each: _place(each.pathway))
    shown = [_route(each) for each in routes]
    return {
        "day": present.day(check.day),
        "revision": check.revision,
        "routes": shown[: len(MAIN)],
        "more_routes": shown[len(MAIN) :],
        "rows": [
            _row(duty, [(route, route.cells[index]) for route in routes])
            for index, duty in enumerate(duties)
        ],
        "main": len(MAIN),
        "advice": _advice(routes),
        "small_share": _statement(next((r.small_share for r in routes if r.small_share), None)),
        "share_problem": check.share_problem(present.language()),
        "untold": sum(not (duty.where and duty.paid_by) for duty in duties),
        "gates": [
            {**(_statement(gate) or {}), "duties": [_named(duty) for duty in held]}
            for gate, held in check.gates
        ],
        "leaving": _leaving(check),
    }


def _place(pathway: str) -> int:
    return MAIN.index(pathway) if pathway in MAIN else len(MAIN)


def _route(route: rules.RouteCheck) -> dict[str, Any]:
    lang = present.language()
    worst = route.worst
    by_duty = worst if worst is not None and route.by_duty else None
    return {
        "id": route.pathway,
        "name": route.name(lang),
        "short": route.short(lang),
        "url": reverse("public:pathway", args=[route.pathway]),
        "state": present.STATES[route.display],
        "duties": present.STATES[worst.display] if worst else "unknown",
        "why": _why(route, lang),
        "citation": by_duty.citation if by_duty else "",
        "checked": _read(by_duty) if by_duty else "",
        "others": [
            {"text": each.text(lang), "citation": each.citation, "verified": each.verified}
            for each in route.others
        ],
    }


def _read(cell: rules.Cell) -> str:
    return readings.read_on(cell.checked_on, cell.evidence)


def _why(route: rules.RouteCheck, lang: str) -> str:
    """What decides the route; where the duties fit, that it is not they who leave it open."""
    why = route.why(lang)
    if route.by_duty and route.worst is not None:
        why = _("“%(duty)s”: %(why)s") % {
            "duty": _named(route.worst.duty), "why": route.worst.why(lang),
        }  # fmt: skip
    fits = route.worst is not None and route.worst.display == "works"
    return _("The duties fit. Still open or not met: %s") % why if fits and (
        route.display != "works"
    ) else why


def _row(duty: Duty, judged: list[tuple[rules.RouteCheck, rules.Cell]]) -> dict[str, Any]:
    lang = present.language()
    return {
        "duty": duty,
        "cells": [
            {
                "route": route.short(lang),
                "name": route.name(lang),
                "state": present.STATES[cell.display],
                "why": cell.why(lang),
                "citation": cell.citation,
                "checked": _read(cell),
                "verified": cell.evidence == "primary",
                "ground": _ground(route, cell),
                "changes": [change.text(lang) for change in cell.changes()],
            }
            for route, cell in judged
        ],
    }


def _ground(route: rules.RouteCheck, cell: rules.Cell) -> str:
    """The other ground of the same visa on which the duty rests."""
    return "" if cell.ground == route.pathway else rules.pathway(cell.ground).name(
        present.language()
    )  # fmt: skip


def _named(duty: Any) -> str:
    """What a duty is called to the reader, of two languages in theirs."""
    return in_readers_language(duty.text)


def _statement(said: Any) -> dict[str, Any] | None:
    if said is None:
        return None
    return {"text": said.note(present.language()), "citation": said.backing.citation,
            "verified": said.backing.verified}  # fmt: skip


def _leaving(check: rules.DutyCheck) -> dict[str, str] | None:
    """The Korean rule on leaving, where it is not settled for those who travel."""
    rule = next((r.assessed.exit_rule for r in check.routes if r.assessed.exit_rule), None)
    if rule is None:
        return None
    return {"text": rule.text(present.language()), "citation": rule.citation}


def _advice(routes: Iterable[rules.RouteCheck]) -> list[dict[str, Any]]:
    """Each smallest set of duties to leave to others, with the routes that it opens."""
    lang = present.language()
    found: dict[tuple[int, ...], dict[str, Any]] = {}
    for route in routes:
        out = route.take_out
        if route.pathway not in MAIN or out is None or (out.share_pct or 0) > MOST_TO_TAKE_OUT:
            continue
        entry = found.setdefault(
            out.duties,
            {
                "duties": [_named(route.cells[index].duty) for index in out.duties],
                "share": None if out.share_pct is None else f"{out.share_pct:g}",
                "routes": [],
            },
        )
        entry["routes"].append(
            {"name": route.name(lang), "state": present.STATES[out.display]}
        )
    return list(found.values())


def duty_badges(program: Program, *, day: date) -> list[Duty]:
    """The program's duties; for a dispatch each with `badges`: what a visitor may do of it."""
    duties = list(program.duties.all())
    check = duty_check(program, day=day)
    if check is None:
        return duties
    for index, duty in enumerate(duties):
        by_route = {route.pathway: route.cells[index].display for route in check.routes}
        states = {name: present.STATES[display] for name, display in by_route.items()}
        on_b1 = min((states[name] for name in B1 if name in states), key=_ORDER.index,
                    default=None)  # fmt: skip
        named = [("B-1", on_b1), ("ESTA", states.get("vwp_esta"))]
        duty.badges = [{"name": name, "state": state} for name, state in named if state]
    return duties


def ground_of(check: rules.DutyCheck) -> rules.RouteCheck | None:
    """The B-1 ground that the dispatch stands best on; None where all of them are closed."""
    best = min(
        (route for name in B1 if (route := check.of(name)) is not None),
        key=lambda route: (_ORDER.index(present.STATES[route.display]), B1.index(route.pathway)),
        default=None,
    )
    return best if best is not None and best.display != "no" else None


def closing(check: rules.DutyCheck) -> list[str]:
    """What closes B-1, on the ground that comes nearest: duty by duty, or the other condition."""
    lang = present.language()
    grounds = [route for name in B1 if (route := check.of(name)) is not None]
    if not grounds:
        return []
    nearest = min(grounds, key=lambda route: len(_closed(route)))
    words = _("“%(duty)s”: %(why)s")
    return [
        words % {"duty": _named(cell.duty), "why": cell.why(lang)} for cell in _closed(nearest)
    ] or [nearest.why(lang)]


def _closed(route: rules.RouteCheck) -> list[rules.Cell]:
    return [cell for cell in route.cells if cell.display == "no"]
