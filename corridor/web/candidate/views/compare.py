from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.matching import facts, sponsored
from corridor.matching import queries as matching
from corridor.matching.views import MatchView
from corridor.programs import queries as programs
from corridor.programs.bilingual import in_readers_language
from corridor.programs.models import Program
from corridor.rules import Assessment
from corridor.web import ladders, present, routes, way
from corridor.web.public import judging

MOST = 4
_ASKED = 12  # numbers of an address that are looked at


def compare(request: HttpRequest) -> HttpResponse:
    """Up to four programs side by side: ?p=1&p=2. The address can be passed on."""
    candidate = candidates.of(request.user)
    numbers = chosen(request.GET)
    found = [made for pk in numbers if (made := programs.page(request.user, pk)) is not None]
    shown = found[:MOST]
    columns = [_column(request, each, candidate) for each in shown]
    kept = [each.pk for each in shown]
    titles = [column["title"] for column in columns]
    for column in columns:
        column["without"] = _address([pk for pk in kept if pk != column["pk"]])
        twice = titles.count(column["title"]) > 1 and column["hub"]
        # On a phone each value stands under its program's name.
        column["label"] = f"{column['title']} · {column['hub']}" if twice else column["title"]
    return render(
        request,
        "candidate/compare.html",
        {
            "columns": columns,
            "personal": candidate is not None,
            "left_out": len(found) - len(shown),
            "gone": len(numbers) - len(found),
            "room": MOST - len(shown),
            "address": _address(kept),
            "most": MOST,
            "plain": _rows(columns),
            "today": present.day(timezone.localdate()),
        },
    )


def chosen(query: QueryDict) -> list[int]:
    """The programs that an address names: ?p=1&p=2."""
    written = [value for value in query.getlist("p")[:_ASKED] if value.isdecimal()]
    return list(dict.fromkeys(int(value) for value in written if len(value) < 18))


def _address(numbers: list[int]) -> str:
    return "?" + "&".join(f"p={pk}" for pk in numbers)


def _column(
    request: HttpRequest, program: Program, candidate: Candidate | None
) -> dict[str, Any]:
    today = timezone.localdate()
    match: MatchView | None = None
    if candidate is not None:
        match = matching.match(candidate, program, day=today)
        assessment = match.assessment.upon(facts.claims(program, candidate))
        needs_visa = match.needs_pathway
    else:
        assessment = judging.for_visitor(request, program, day=today)
        needs_visa = facts.needs_pathway(assessment.facts, program)
    assessment = sponsored.first(assessment, program)
    return {
        **present.program_card(program),
        "dates": _dates(program),
        "length": present.months(program),
        "sponsor": in_readers_language(program.sponsor_name)
        or (program.get_sponsor_display() if program.sponsor else ""),
        "pays": in_readers_language(program.candidate_cost_note),
        "needs_visa": needs_visa,
        **(_visa(assessment) if needs_visa else {}),
        "ladder": ladders.of_program(program, match, assessment),
        "score": match.percent if match else None,
        "parts": present.bars(match) if match else [],
        "unmet": [point.text for point in match.unmet] if match else [],
        "gaps": [gap.text for gap in match.gaps] if match else [],
        "provisional": match is not None and match.is_provisional,
    }


def _dates(program: Program) -> str:
    first, last = program.starts_on, program.ends_on
    if first and last and last >= first:
        return way.period(first, last)
    return present.day(first or last)


def _visa(assessment: Assessment) -> dict[str, Any]:
    """The open routes, and of the best: what it costs whom, whether in time, what is missing."""
    best = assessment.best
    if best is None:
        return {"open": [], "closed": 0}
    found = routes.routes(assessment)
    timeline = way.timeline(best) if best.display != "no" else None
    return {
        "open": [present.badge(verdict) for verdict in found if verdict.display != "no"][:4],
        "closed": sum(verdict.display == "no" for verdict in found),
        "best": present.badge(best),
        "why": routes.why(best),
        "costs": way.costs(best.record, best.day),
        "timeline": timeline,
        "missing": routes.missing(best) if best.display != "no" else [],
    }


def _rows(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plain rows: a label and one text a column, or `same`, the one text of all; a row that
    nobody fills is left out."""
    rows = [
        (_("Kind"), "kind"), (_("Host"), "host"), (_("Place"), "hub"), (_("Sector"), "sector"),
        (_("Dates"), "dates"), (_("Length"), "length"), (_("Apply by"), "apply_by"),
        (_("Pay"), "pay"), (_("Who sponsors the visa"), "sponsor"),
        (_("What a candidate pays"), "pays"),
    ]  # fmt: skip
    return [
        {"label": label,
         "same": _same([str(each[name] or "") for each in columns]),
         "cells": [{"title": each["label"], "text": str(each[name] or "")} for each in columns]}
        for label, name in rows
        if any(each[name] for each in columns)
    ]  # fmt: skip


def _same(texts: list[str]) -> str:
    return texts[0] if len(texts) > 1 and len(set(texts)) == 1 else ""
