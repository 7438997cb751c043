"""What the rules say of a program as it is written, before anybody applies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor import rules
from corridor.matching import facts, sponsored
from corridor.programs.models import Program
from corridor.rules import Verdict, asking
from corridor.web import present, routes, way
from corridor.web.answers import why
from corridor.web.firm.trust import trust
from corridor.web.way import HOST

FIRST = 3  # questions to the host that are shown with the reason why they are asked


def advice(program: Program, *, day: date) -> dict[str, Any]:
    """`ready`: routes that hang on no answer of the host's; `open`: those that do; `short`: those
    with a condition that does not hold as written, or too long for the start; `closed`: each with
    the smallest change that would open it and whose it is, those that no change opens (`fixed`)
    last; `can_open`: how many of them the host alone could open; `questions`: the host's answers
    that would settle most. Every route that is not closed still depends on the candidate. `needed`:
    False where the program asks for no visa at all. `trust`: what candidates look for (see
    `trust`), `untold` how much of it is not said. `said`: all of it in one sentence. `apply_late`:
    a sentence where one may still apply after the last day on which a route can be begun. The
    program may be one that is still being typed.
    """
    lang = present.language()
    assessment = rules.assess(facts.program_alone(program), day=day, kind=program.kind)
    assessment = sponsored.first(assessment.upon(facts.claims(program)), program)
    ready, still_open, short, closed = [], [], [], []
    for verdict in routes.routes(assessment):
        if verdict.display == "no":
            closed.append(_closed(verdict))
            continue
        row = _open(verdict)
        late = (row["timeline"] or {}).get("feasible") == "too_late"
        (short if row["failing"] or late else still_open if row["mine"] else ready).append(row)
    ranked = asking.ranked(assessment, HOST)
    registry, reasons = rules.facts(), why(assessment, lang)
    needed, asked = facts.needs_pathway({}, program), trust(program)
    untold = sum(not each["told"] for each in asked)
    return {
        "trust": asked,
        "untold": untold,
        "said": _said(ready if needed else None, still_open, untold),
        "needed": needed,
        "ready": ready,
        "open": still_open,
        "short": short,
        "closed": sorted(closed, key=lambda row: (row["fixed"], not row["can_open"])),
        "can_open": sum(row["can_open"] for row in closed),
        "questions": [
            {"text": registry[fact].question(lang), "why": reasons.get(fact, "")}
            for fact in ranked[:FIRST]
        ],
        "left": len(ranked),
        "apply_late": _apply_late(program, assessment) if needed else "",
        "start": present.day(program.starts_on),
        "day": present.day(day),
        "revision": assessment.revision,
    }


def _apply_late(program: Program, assessment: rules.Assessment) -> str:
    found = [
        (late[1], verdict.name(present.language()))
        for verdict in routes.routes(assessment)
        if verdict.display != "no"
        and (late := way.apply_late(verdict.timeline, program.apply_by)) is not None
    ]
    if not found:
        return ""
    return _(
        "One can apply until %(apply)s, but for a start on %(start)s these routes must be begun "
        "before that: %(routes)s. Set an earlier last day to apply, or a later start."
    ) % {
        "apply": present.day(program.apply_by), "start": present.day(program.starts_on),
        "routes": ", ".join(
            _("%(route)s by %(day)s") % {"route": name, "day": present.day(day)}
            for day, name in sorted(found)
        ),
    }  # fmt: skip


def _said(ready: list[Any] | None, still_open: list[Any], untold: int) -> str:
    if ready is None:
        routes_said = _("No U.S. visa is needed for this program.")
    else:
        routes_said = _(
            "Visa routes as written: %(ready)d can support it, %(open)d hang on your answers."
        ) % {"ready": len(ready), "open": len(still_open)}
    trust_said = ngettext(
        "%(n)d thing is missing for trust.", "%(n)d things are missing for trust.", untold
    ) % {"n": untold}
    return f"{routes_said} {trust_said}" if untold else routes_said


def _open(verdict: Verdict) -> dict[str, Any]:
    missing = routes.missing(verdict, side=HOST)
    fees = way.costs(verdict.record, verdict.day, side=HOST)
    mine = [payer for payer in fees["payers"] if payer["side"] == "employer"]
    return {
        **_named(verdict),
        "mine": [text for group in missing if group["yours"] for text in group["questions"]],
        "others": [group for group in missing if not group["yours"]],
        "timeline": way.timeline(verdict, side=HOST, only=way.HOSTS),
        "fee": mine[0]["total"] if mine else "",
        "failing": [r.text(present.language()) for r in verdict.deciding if r.outcome == "fails"],
        "changes": routes.changes(verdict.changes(), side=HOST),
    }


def _closed(verdict: Verdict) -> dict[str, Any]:
    changes = routes.changes(verdict.changes(), side=HOST)
    return {
        **_named(verdict),
        "why": verdict.why(present.language()),
        "changes": changes,
        "fixed": not changes,
        "can_open": bool(changes) and all(
            change["yours"] and change["kind"] == "freely" for change in changes
        ),
    }


def _named(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.name(present.language()),
        "url": reverse("public:pathway", args=[verdict.pathway]),
        "state": present.STATES[verdict.display],
    }
