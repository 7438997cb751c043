"""The visa notes of an application: as they stood when it was sent, and what has turned since."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from corridor import rules
from corridor.rules import Assessment, Verdict
from corridor.web import present, routes

# Evidence of before `display` was kept says only whether conditions were left.
_SHOWN = {"eligible": "eligible", "conditional": "conditional", "not_eligible": "not_eligible",
          "not_available": "not_eligible"}  # fmt: skip


def sent(evidence: dict[str, Any], *, of: str = "verdicts") -> dict[str, Any]:
    """The notes as they were kept: the day, the revision, and the routes that were open.

    `of`: "for_host" gives those that a host may read.
    """
    rows = [
        {**_named(kept["pathway"]), "state": _then(kept)} for kept in evidence.get(of, [])
    ]
    return {
        "day": present.day(date.fromisoformat(evidence["day"])) if evidence.get("day") else "",
        "revision": evidence.get("rules_revision", ""),
        "open": [row for row in rows if row["state"] != "not_eligible"],
    }


def turned(evidence: dict[str, Any], now: Assessment) -> list[dict[str, Any]]:
    """The routes whose verdict is another one today, with why, and what became known meanwhile."""
    kept = {each["pathway"]: each for each in evidence.get("verdicts", [])}
    found = []
    for verdict in routes.routes(now):
        then = kept.get(verdict.pathway)
        state = present.STATES[verdict.display]
        if then is None or not _differs(then, verdict):
            continue
        found.append(
            {
                **_named(verdict.pathway),
                "then": _then(then),
                "now": state,
                "why": routes.why(verdict),
                "known": _known_since(then, verdict),
            }
        )
    return found


def _differs(then: dict[str, Any], now: Verdict) -> bool:
    if "display" in then:
        return bool(then["display"] != now.display)
    return bool(then["verdict"] != now.verdict)


def _then(kept: dict[str, Any]) -> str:
    if "display" in kept:
        return present.STATES.get(kept["display"], "unknown")
    return _SHOWN.get(kept["verdict"], "unknown")


def _known_since(then: dict[str, Any], now: Verdict) -> list[str]:
    """What was asked then and is known now."""
    registry, lang = rules.facts(), present.language()
    return [
        registry[fact].label(lang)
        for fact in then.get("missing", [])
        if fact in registry and now.facts.get(fact) is not None
    ]


def _named(pathway: str) -> dict[str, str]:
    """A route's name and page; its id where today's rules know it no more."""
    try:
        found = rules.pathway(pathway)
    except rules.UnknownPathway:
        return {"name": pathway, "url": ""}
    return {
        "name": found.name(present.language()),
        "url": reverse("public:pathway", args=[pathway]),
    }
