"""What one ought to know before applying: the whole cost of a route, and everything it brings.

All of it is read from the rule data with its citation; what the data do not say is said to be
unknown, never filled in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor import rules
from corridor.rules import Verdict
from corridor.web import present, routes, way

TWO_YEARS = "212(e)"  # the law of the two-year home residence duty, as rules cite it


def of_route(verdict: Verdict) -> dict[str, Any]:
    """`total`: the candidate's share in a line; `costs`: every fee by payer (see way.costs);
    `rows`: {label, items}, each item {text, citation, verified, state}; `known`: changes of the
    law that are known; `sources` as routes.sources gives them."""
    return {
        **present.badge(verdict),
        "id": verdict.pathway,
        "reason": routes.why(verdict),
        "total": _total(verdict),
        "costs": way.costs(verdict.record, verdict.day),
        "rows": [row for row in _rows(verdict) if row["items"]],
        "exit_rule": routes.exit_rule(verdict),
        "known": [turn.text(present.language()) for turn in verdict.ahead()],
        "sources": routes.sources(verdict.record),
    }


def _total(verdict: Verdict) -> str:
    """Government fees on the candidate; a range where either side may pay some of them."""
    totals = verdict.record.fee_totals(verdict.day)
    own, either = totals.get("participant", Decimal(0)), totals.get("either", Decimal(0))
    if either:
        return _("%(least)s to %(most)s, as agreed with the host") % {
            "least": way.usd(own), "most": way.usd(own + either),
        }  # fmt: skip
    return way.usd(own) if own else _("none that we know of")


def _rows(verdict: Verdict) -> list[dict[str, Any]]:
    lang, record = present.language(), verdict.record
    about = {name: text(lang) for name, text in record.about.items()}
    unknown = _("Our rule data say nothing about it for this route. Ask before you decide.")

    def said(name: str) -> list[dict[str, Any]]:
        return [_item(about[name])] if name in about else []

    return [
        {"label": _("Two-year home residence"), "items": _two_years(verdict)},
        {"label": _("How long one may stay"), "items": [*_stay(verdict), *said("stay")]},
        {"label": _("A second time"), "items": said("repeat")},
        {"label": _("Tax"), "items": said("tax") or [_item(unknown)]},
        {"label": _("Pay"), "items": said("wages")},
        {"label": _("Family"), "items": said("dependents")},
        {"label": _("Limits on numbers"), "items": said("quota")},
        {"label": _("Good to know"), "items": [_item(note(lang)) for note in record.notes]},
    ]


def _two_years(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {"text": reason.text(present.language()), "citation": reason.citation,
         "verified": reason.verified, "state": reason.outcome}
        for reason in verdict.reasons
        if TWO_YEARS in reason.citation
    ]  # fmt: skip


def _stay(verdict: Verdict) -> list[dict[str, Any]]:
    items = []
    if months := verdict.record.max_months:
        longest = ngettext(
            "A program of this route: %d month at most",
            "A program of this route: %d months at most",
            months,
        ) % months
        items.append(_item(longest, verdict.record.citation, verdict.record.backing.verified))
    if (limit := rules.stay_limits().get(verdict.pathway)) is not None:
        text = limit.note(present.language())
        items.append(_item(text, limit.backing.citation, limit.backing.verified))
    return items


def _item(text: str, citation: str = "", verified: bool = True) -> dict[str, Any]:
    return {"text": text, "citation": citation, "verified": verified, "state": ""}


def before_applying(assessment: rules.Assessment, *, chosen: str = "") -> dict[str, Any]:
    """`shown`: the chosen open route, else the best, in full; `others`: the other open ones as
    {id, name, state}; `shown` is None where no route is open."""
    found = [v for v in routes.routes(assessment) if v.display != "no"]
    shown = next((v for v in found if v.pathway == chosen), found[0] if found else None)
    return {
        "shown": of_route(shown) if shown is not None else None,
        "others": [{**present.badge(v), "id": v.pathway} for v in found if v is not shown],
        "day": present.day(assessment.day),
        "revision": assessment.revision,
    }
