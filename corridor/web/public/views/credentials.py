"""What each Korean credential is worth in the United States, by state, for anybody to read."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from corridor import rules
from corridor.places import queries as places
from corridor.rules.credentials import LEVELS, LICENSES, folded
from corridor.rules.ladder import GROUPS
from corridor.web import ladders, present

# The trades whose license one looks up state by state.
TRADES = ("electrician", "plumber", "hvac_epa608", "crane", "welder", "hrdk_gisulsa", "mlt")
_BUSY = 2  # a state with so many hubs has a row in the table of licenses
# The rules' own words for the sectors of the corridor; what is not here holds for every sector.
_WORDS = {
    "semiconductors": {"semiconductor", "semiconductor_design", "semiconductor_technician"},
    "batteries": {"battery", "battery_technician"},
    "automobiles": {"automotive"},
    "shipbuilding": {"shipbuilding"},
    "biopharma": {"biopharma", "pharma", "health"},
    "ai-software": {"software", "ai", "data_center"},
    "power-grid": {"energy", "nuclear"},
    "ports-logistics": {"logistics"},
}
_AT_A_DESK = {"ai-software"}
_BY_HAND = {"manufacturing", "construction", "welding", "electrical", "machining",
            "all electrical"}  # fmt: skip
_NO_SECTOR = {"finance", "education"}


def _serves(credential: rules.Credential, sector: str) -> bool:
    own = set(credential.sectors)
    if own & _WORDS.get(sector, set()):
        return True
    if own & _BY_HAND:
        return sector not in _AT_A_DESK
    return not own & (set().union(*_WORDS.values()) | _NO_SECTOR)


def _speaks_of(credential: rules.Credential, text: str) -> bool:
    key = folded(text)
    names = (credential.id, credential.names.ko, credential.names.en, credential.counterpart.ko,
             credential.counterpart.en, *credential.aliases, *credential.satisfies)  # fmt: skip
    return any(key in folded(name) for name in names)


def credentials(request: HttpRequest) -> HttpResponse:
    today, lang = timezone.localdate(), present.language()
    states = {state.code: state.name for state in places.states()}
    text = request.GET.get("q", "").strip()[:200]
    sector = request.GET.get("sector", "")
    state = request.GET.get("state", "")
    state = state if state in states else ""
    found = [
        each
        for each in rules.credentials()
        if (not sector or _serves(each, sector)) and (not text or _speaks_of(each, text))
    ]
    rows = []
    for credential in found:
        (rung,) = rules.ladder([credential.id], state=state or None, day=today).rungs
        counterpart = credential.counterpart(lang)
        rows.append({**ladders.rung(rung, state or None), "counterpart": counterpart})
    rank = list(GROUPS)
    rows.sort(key=lambda row: (rank.index(row["group"]), row["name"]))
    return render(
        request,
        "public/credentials.html",
        {
            "rows": rows,
            "text": text,
            "sector": sector,
            "state": state,
            "state_name": states.get(state, ""),
            "sectors": places.sectors(),
            "states": states.items(),
            "is_filtered": bool(text or sector or state),
            "all": len(rules.credentials()),
            "trades": [{"id": each.id, "name": _short(each)} for each in _trades()],
            "licenses": _licenses(today, states),
        },
    )


def _trades() -> list[rules.Credential]:
    known = {each.id: each for each in rules.credentials()}
    return [known[name] for name in TRADES]


def _short(trade: rules.Credential) -> str:
    """The trade's name without what stands in brackets, for the head of a column."""
    return trade.name(present.language()).split("(")[0].strip()


def _licenses(day: date, names: dict[str, str]) -> list[dict[str, Any]]:
    """For each busy state, who licenses each trade there, and whether the law's text was read."""
    lang = present.language()
    busy = Counter(hub.state.code for hub in places.hub_points())
    rows = []
    for code in sorted((c for c, hubs in busy.items() if hubs >= _BUSY), key=lambda c: -busy[c]):
        cells = []
        for trade in _trades():
            local = trade.local(code, day)
            told = local.rules[0].backing if local.rules else trade.backing
            license = trade.license_in(code, day) or "unknown"
            known = bool(local.rules) or license != "unknown"
            cells.append({
                "trade": _short(trade),
                "url": f"{reverse('public:credential', args=[trade.id])}?state={code}",
                "word": LICENSES[license](lang),
                "known": license != "unknown",
                "verified": known and told.verified,
            })  # fmt: skip
        rows.append({"name": names[code], "code": code, "cells": cells})
    return rows


def credential(request: HttpRequest, slug: str) -> HttpResponse:
    today, lang = timezone.localdate(), present.language()
    found = next((each for each in rules.credentials() if each.id == slug), None)
    if found is None:
        raise Http404
    states = {state.code: state.name for state in places.states()}
    state = request.GET.get("state", "")
    state = state if state in states else ""
    made = rules.ladder([found.id], state=state or None, day=today)
    every = [*found.steps, *(step for rule in found.states for step in rule.steps)]
    named = {name for rule in found.states for name in rule.backing.sources}
    named |= {name for step in every if step.backing for name in step.backing.sources}
    named |= set(found.backing.sources)
    return render(
        request,
        "public/credential.html",
        {
            "credential": found,
            "name": found.name(lang),
            "issuer": found.issuer(lang),
            "counterpart": found.counterpart(lang),
            "asked_as": [
                name for name in found.satisfies if lang == "ko" or not name.isascii()
            ],
            "level": LEVELS[found.level](lang),
            "rung": {**ladders.rung(made.rungs[0], state or None), "held": None},
            "lacking": ladders.steps_for_beginners(found, state or None, today),
            "state": state,
            "state_name": states.get(state, ""),
            "states": states.items(),
            "rules": [
                ladders.state_rule(rule, names=states)
                for rule in found.states
                if today in rule.span
            ],
            "told": {code for rule in found.states for code in rule.states},
            "backing": ladders.backing(found.backing),
            "sources": [
                {"what": source.what(lang), "kind": source.kind, "as_of": source.as_of}
                for name, source in rules.sources().items()
                if name in named
            ],
            "caveats": [caveat(lang) for caveat in made.caveats],
        },
    )
