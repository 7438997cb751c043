"""Visa routes as pages show them: one in full, the others as a line each, closed ones apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.matching.facts import PERSONAL
from corridor.rules import Assessment, FactChange, Pathway, Reason, Verdict, asking
from corridor.rules import facts as registry
from corridor.rules.model import LegalNote
from corridor.web import present, readings, way
from corridor.web.templatetags.corridor_text import cited_plain
from corridor.web.way import CANDIDATE

_KINDS = ("freely", "duties", "time", "nobody")
OPENED = 3  # routes that a panel lists beside the one in full; the rest is folded


def panel(
    assessment: Assessment,
    *,
    chosen: str = "",
    side: str = CANDIDATE,
    apply_by: date | None = None,
) -> dict[str, Any]:
    """`route`: the best one, or the `chosen`, in full; `others` and `rest`: other open ones;
    `closed`: each with what would open it; `help`: processes that help and grant no status."""
    shown = next((v for v in routes(assessment) if v.pathway == chosen), None)
    best = shown or assessment.best
    others = [v for v in routes(assessment) if v is not best and v.display != "no"]
    closed = [v for v in routes(assessment) if v is not best and v.display == "no"]
    return {
        "route": account(best, side=side, apply_by=apply_by) if best else None,
        "none_open": bool(assessment.best) and assessment.best.display == "no",
        "is_best": best is assessment.best,
        "others": [line(verdict, side=side) for verdict in others[:OPENED]],
        "rest": [line(verdict, side=side) for verdict in others[OPENED:]],
        "closed": [line(verdict, side=side) for verdict in closed],
        "help": [
            line(verdict, side=side)
            for verdict in assessment.verdicts
            if verdict.record.role == "process" and verdict.display != "no"
        ],
        "day": present.day(assessment.day),
        "revision": assessment.revision,
    }  # fmt: skip


def routes(assessment: Assessment) -> list[Verdict]:
    """The verdicts that are routes: a process such as the KIT Desk never is one by itself."""
    return [verdict for verdict in assessment.verdicts if verdict.record.role != "process"]


def line(verdict: Verdict, *, side: str = CANDIDATE) -> dict[str, Any]:
    """A route as <c-verdict> takes it, with its reasons and what would turn it."""
    lang = present.language()
    return {
        "id": verdict.pathway,
        "url": reverse("public:pathway", args=[verdict.pathway]),
        "state": present.STATES[verdict.display],
        "status": verdict.status,
        "name": verdict.name(lang),
        "reason": why(verdict),
        "reasons": [reason(each) for each in verdict.deciding],
        "changes": changes(verdict.changes(), side=side),
        "exit_rule": exit_rule(verdict),
        "missing": missing(verdict, side=side),
    }


def account(
    verdict: Verdict, *, side: str = CANDIDATE, apply_by: date | None = None
) -> dict[str, Any]:
    """Everything that is to be said of one route on its day. `apply_by`: of one who may still
    apply until then."""
    lang, record, stated = present.language(), verdict.record, way.only_stated(verdict)
    return {
        **line(verdict, side=side),
        **present.standing_badge(verdict),
        "failing": [reason(r) for r in verdict.deciding if r.outcome == "fails"],
        "met": [
            {**reason(r), "stated": way.stated(side) if r.fact in stated else ""}
            for r in verdict.reasons if r.outcome == "ok"
        ],
        "warning": record.warning(lang) if record.warning else "",
        "timeline": way.timeline(verdict, side=side)
        if verdict.display != "no" or verdict.progress else None,
        "apply_warning": way.apply_warning(verdict.timeline, apply_by)
        if verdict.display != "no" else "",
        "costs": way.costs(record, verdict.day, side=side),
        "documents": way.documents(record, side=side),
        "ahead": [turn.text(lang) for turn in verdict.ahead()],
        "upcoming": [note(each) for each in verdict.upcoming(lang)],
        "notes": [note(each) for each in verdict.legal_notes(lang)],
        "good_to_know": [text(lang) for text in record.notes],
        "about": about(record),
        "sources": sources(record),
    }


def why(verdict: Verdict) -> str:
    """The sentence beside the shape: what decided it, or that all is met."""
    if verdict.verdict == "eligible":
        met = len(verdict.reasons)
        said = ngettext(
            "%(n)d condition is met on the facts known.",
            "All %(n)d conditions are met on the facts known.",
            met,
        ) % {"n": met}
        only = way.only_stated(verdict)
        stated = sum(each.fact in only for each in verdict.reasons)
        if not stated:
            return said
        return f"{said} " + ngettext(
            "%(n)d of them rests on the host’s word alone.",
            "%(n)d of them rest on the host’s word alone.",
            stated,
        ) % {"n": stated}
    return verdict.why(present.language())


def reason(item: Reason) -> dict[str, Any]:
    return {
        "text": item.text(present.language()),
        "citation": item.citation,
        "verified": item.verified,
        "checked": readings.short(item.requirement.backing),
        "outcome": item.outcome,
        "must": item.bars,
    }


def changes(found: Iterable[FactChange], *, side: str = CANDIDATE) -> list[dict[str, Any]]:
    """What would have to be otherwise, by how it can: what can be changed freely first, then what
    only other work or only time changes. `kind`: freely, duties or time (rules.facts.CHANGEABLE).
    """
    lang = present.language()
    return [
        {"text": capfirst(each.text(lang)), "who": way.actor(each.who, side), "side": each.who,
         "yours": each.who == side, "kind": each.changeable}
        for each in sorted(found, key=lambda each: _KINDS.index(each.changeable))
    ]  # fmt: skip


def missing(verdict: Verdict, *, side: str = CANDIDATE) -> list[dict[str, Any]]:
    """The open questions by who can answer them, the reader's own first.

    Questions about age, sex and service stand with the Korean exit rule, not here.
    """
    lang, known = present.language(), registry()
    by: dict[str, list[str]] = {}
    for fact in verdict.missing:
        if fact in PERSONAL:
            continue
        spec = known[fact]
        who = side if asking.can_answer(spec, side) else spec.who
        by.setdefault(who, []).append(spec.question(lang))
    order = sorted(by, key=lambda who: who != side)
    return [
        {"who": way.actor(who, side), "side": who, "yours": who == side, "questions": by[who]}
        for who in order
    ]


def exit_rule(verdict: Verdict) -> dict[str, Any] | None:
    """The Korean rule on leaving, for its person alone: never for a page that a host reads."""
    rule, lang = verdict.exit_rule, present.language()
    if rule is None:
        return None
    return {
        "name": rule.name(lang),
        "text": rule.text(lang),
        "needed": rule.outcome == "fails",
        "citation": rule.citation,
        "verified": rule.data.backing.verified,
        "checked": readings.short(rule.data.backing),
    }


def note(item: LegalNote) -> dict[str, Any]:
    return {
        "title": item.title,
        "text": item.text,
        "state": item.state,
        "citation": item.citation,
        "verified": item.evidence in ("", "primary"),
        "since": present.day(item.since),
    }


def about(record: Pathway) -> list[dict[str, str]]:
    labels = {
        "sponsor": _("Sponsor"),
        "dependents": _("Family"),
        "wages": _("Pay"),
        "quota": _("Limits on numbers"),
        "repeat": _("A second time"),
        "stay": _("Stay"),
        "tax": _("Tax"),
    }
    lang = present.language()
    return [
        {"label": labels[name], "value": text(lang)}
        for name, text in record.about.items()
        if name in labels
    ]


def sources(record: Pathway) -> dict[str, Any]:
    staff = readings.of(readings.checks_of(record), record.backing)
    return {
        "citations": [cited_plain(each) for each in record.citations],
        "evidence": evidence(record.evidence),
        "verified": record.backing.verified,
        "read": readings.short(record.backing, staff),
        "readings": readings.full(record.backing, staff),
        "volatility": volatility(record.volatility),
    }


def evidence(level: str) -> str:
    if level == "primary":
        return _("read in the law's own text")
    if level == "secondary":
        return _("from a secondary source; not verified against the primary text")
    return _("from memory; not verified against the primary text")


def volatility(level: str) -> str:
    return {
        "low": _("This route seldom changes."),
        "medium": _("This route changes now and then."),
        "high": _("This route changes often: check again before you decide."),
    }.get(level, _("This route is changing at present: check again before you decide."))

