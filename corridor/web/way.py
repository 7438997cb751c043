"""The way to the first day as pages show it: steps with their days, papers, and what it costs.

Each takes a verdict and the side that reads (`candidate` or `host`), which decides who is "you".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from corridor.rules import Pathway, Timeline, Verdict
from corridor.rules.checks import facts_read
from corridor.rules.timeline import Station
from corridor.web import present, recorded

CANDIDATE, HOST, UNIVERSITY = "candidate", "host", "university"
HOSTS = ("host", "employer")  # whose steps and papers a host reads as its own
_ORDER = ("candidate", "host", "employer", "school", "sponsor", "authority", "")
_ACTORS = {
    "candidate": pgettext_lazy("actor", "Participant"),
    "host": pgettext_lazy("actor", "Host"),
    "employer": pgettext_lazy("actor", "Employer"),
    "school": pgettext_lazy("actor", "School"),
    "sponsor": pgettext_lazy("actor", "Visa sponsor"),
    "authority": pgettext_lazy("actor", "Authority or attorney"),
}
_TO_BE_AGREED = pgettext_lazy("actor", "To be agreed")
PAYERS = ("participant", "employer", "school", "either")


def actor(who: str, side: str = CANDIDATE) -> str:
    """Who acts, as the reader on `side` is addressed."""
    if side == HOST and who in HOSTS:
        return pgettext("actor", "Your organization")
    if who == side:
        return pgettext("actor", "You")
    return str(_ACTORS.get(who, _TO_BE_AGREED))


def payer(who: str, side: str = CANDIDATE) -> str:
    if (who, side) == ("participant", CANDIDATE):
        return pgettext("actor", "You")
    if (who, side) == ("employer", HOST):
        return pgettext("actor", "Your organization")
    return {
        "participant": pgettext("actor", "Participant"),
        "employer": pgettext("actor", "Employer"),
        "school": pgettext("actor", "School"),
    }.get(who, _("Either side, as agreed"))


def period(first: date, last: date) -> str:
    """“December 1 – 14, 2026”; a single day where both are one."""
    if first == last:
        return present.day(first)
    korean = present.language() == "ko"
    if first.year != last.year:
        return f"{present.day(first)} – {present.day(last)}"
    if korean:
        return f"{present.day(first)} – {formats.date_format(last, 'n월 j일')}"
    until = formats.date_format(last, "j" if first.month == last.month else "F j")
    return f"{formats.date_format(first, 'F j')} – {until}, {last.year}"


def begin_and_done(begin: date, done: date) -> str:
    """“Begin by Jan. 4, done by Jan. 8, 2027”: the year once, where both days are in one."""
    first, last = present.day(begin), present.day(done)
    if begin.year == done.year and present.language() == "ko":
        last = formats.date_format(done, "n월 j일")
    elif begin.year == done.year:
        first = formats.date_format(begin, "N j")
    return _("Begin by %(begin)s, done by %(done)s") % {"begin": first, "done": last}


def length(least: int, most: int) -> str:
    """“2–6 weeks”, “4–7 days”: whole weeks where both ends are."""
    weeks = most >= 14 and least % 7 == 0 and most % 7 == 0
    low, high = (least // 7, most // 7) if weeks else (least, most)
    span = f"{high}" if low == high else f"{low}–{high}"
    if weeks:
        return ngettext("%(n)s week", "%(n)s weeks", high) % {"n": span}
    return ngettext("%(n)s day", "%(n)s days", high) % {"n": span}


# --- steps ------------------------------------------------------------------------------------


def timeline(
    verdict: Verdict, *, side: str = CANDIDATE, only: Iterable[str] | None = None
) -> dict[str, Any] | None:
    """Stations, and in words whether the start can be met; None without known steps.

    `only`: the actors whose steps are shown. The sentence speaks of all steps nevertheless.
    Of a route that does not work, only what was recorded of it is told: no days, and nobody's turn.
    """
    way = verdict.timeline
    if way is None:
        return None
    shown = [s for s in way.stations if only is None or s.step.who in only]
    if verdict.display == "no" and verdict.progress:
        return _taken(way, shown, side)
    shown.sort(key=lambda s: (not s.done, *(way.by(s) or (s.begins[1], s.ends[1])), s.begins[0]))
    if way.is_stopped:
        return _stopped(way, shown, side)
    return {
        "stations": [_station(each, way, side) for each in shown],
        "feasible": way.feasible,
        "word": feasible_word(way.feasible),
        "sentence": feasible(way),
        "start": present.day(way.start),
        "earliest": period(*way.earliest),
        "decide_by": present.day(way.decide_by[0]) if way.decide_by else "",
        "scale": scale(way),
        "estimate": any(s.step.estimate for s in shown),
        "turn": turn(way, side),
    }


def _stopped(way: Timeline, shown: list[Station], side: str) -> dict[str, Any]:
    rows = [_station(each, way, side) for each in shown]
    rows = [row if row["state"] in ("done", "stated") or each.progress != recorded.NOTHING
            else {**row, "state": "todo", "when": ""}
            for row, each in zip(rows, shown, strict=True)]  # fmt: skip
    return {
        "stations": rows, "feasible": "", "word": pgettext("start", "stopped"), "start": "",
        "earliest": "", "decide_by": "", "scale": "", "turn": [],
        "estimate": any(each.step.estimate for each in shown),
        "sentence": _(
            "A step was refused. As long as that stands, no first day can be said, although the "
            "conditions that are known here are met: whoever refused decides. Book and pay nothing "
            "more before it is settled."
        ),
    }  # fmt: skip


def _taken(way: Timeline, shown: Iterable[Station], side: str) -> dict[str, Any]:
    """What was recorded of a route that does not work by what is known."""
    said = [each for each in shown if each.progress != recorded.NOTHING]
    return {
        "stations": [_station(each, way, side) for each in said],
        "feasible": "", "word": _("only what was recorded"), "start": "", "earliest": "",
        "decide_by": "", "scale": "", "estimate": False, "turn": [],
        "sentence": _(
            "By what is known here, a condition of this route is not met, so no days are counted "
            "for the steps that remain. What was recorded stands. If a sponsor or an authority "
            "has decided otherwise, what they decided holds: have the facts corrected."
        ),
    }  # fmt: skip


def turn(way: Timeline, side: str = CANDIDATE) -> list[dict[str, Any]]:
    """Whose turn it is: who has a step that can begin today, with those steps, the reader first."""
    lang = present.language()
    by: dict[str, list[str]] = {}
    for each in way.stations:
        told = each.progress
        if each.done or each.maybe or each.stated or told.is_stopped or each.begins[0] > way.day:
            continue
        who = told.rests.who if told.rests is not None else ""
        by.setdefault(actor(who or each.step.who, side), []).append(each.step.text(lang))
    mine = actor(side, side)
    return [
        {"who": who, "yours": who == mine, "steps": by[who]}
        for who in sorted(by, key=lambda who: who != mine)
    ]


def feasible_word(which: str) -> str:
    return {
        "in_time": pgettext("start", "in time"),
        "tight": pgettext("start", "tight"),
        "too_late": pgettext("start", "too late"),
    }.get(which, pgettext("start", "no start date yet"))


def feasible(way: Timeline) -> str:
    """Whether the program's start can be met, and until when to decide."""
    start, earliest = present.day(way.start), period(*way.earliest)
    if way.feasible == "unknown":
        return _("If all begins today, the first day can be %(earliest)s.") % {"earliest": earliest}
    safe, last = way.decide_by or (way.day, way.day)
    names = {"start": start, "safe": present.day(safe), "last": present.day(last),
             "earliest": present.day(way.earliest[0])}  # fmt: skip
    if any(each.progress != recorded.NOTHING for each in way.stations):
        return _feasible_on_the_way(way, names)
    if way.feasible == "in_time":
        return _(
            "The start on %(start)s can be met even if every step takes its longest. "
            "Decide by %(safe)s; the last possible day is %(last)s."
        ) % names
    if way.feasible == "tight":
        return _(
            "The start on %(start)s can be met only if everything goes fast. "
            "Begin now; the last possible day is %(last)s."
        ) % names
    return _(
        "It is too late for a start on %(start)s by this route. "
        "Begun today, the earliest first day is %(earliest)s."
    ) % names


def _feasible_on_the_way(way: Timeline, names: dict[str, str]) -> str:
    """The same once steps are recorded: all is decided, and it is the next step that must begin."""
    if way.feasible == "too_late":
        return _(
            "With what is done so far, the start on %(start)s cannot be met any more: the earliest "
            "first day is %(earliest)s. Talk with the other side about another first day."
        ) % names
    if way.feasible == "in_time":
        said = _("The start on %(start)s can be met even if every step that remains takes its "
                 "longest.") % names  # fmt: skip
    else:
        said = _("The start on %(start)s can be met only if all that remains goes fast.") % names
    if any(each.progress.rests is not None for each in way.stations):
        said = f"{said} " + _(
            "This holds only if what is waiting ends within its usual time; nobody can promise "
            "when it does."
        )
    if way.decide_by is None:
        return said
    if way.feasible == "in_time":
        return f"{said} " + _("The next step must begin by %(safe)s.") % names
    return f"{said} " + _("The next step must begin by %(last)s at the latest.") % names


def scale(way: Timeline) -> str:
    """How the days of the steps are counted; empty without a start."""
    if way.start is None:
        return ""
    if way.counts_quickest:
        return _(
            "The days are counted back from the first day with every step at its quickest: they "
            "are the last possible ones."
        )
    return _("The days are counted back from the first day with every step at its longest.")


def apply_late(way: Timeline | None, apply_by: date | None) -> tuple[date, date] | None:
    """(`apply_by`, the last day on which the way can be begun), where one can still apply after
    it; None of a way that is too late already, which is said by itself."""
    if way is None or apply_by is None or way.decide_by is None or way.feasible == "too_late":
        return None
    last = way.decide_by[1]
    return (apply_by, last) if apply_by > last else None


def apply_warning(way: Timeline | None, apply_by: date | None) -> str:
    """To a candidate; empty where whoever applies in time can begin in time."""
    found = apply_late(way, apply_by)
    if found is None:
        return ""
    return _(
        "Applications are open until %(apply)s, but to make the start, this route must be begun "
        "by %(last)s at the latest. Apply well before then: the host needs time to answer."
    ) % {"apply": present.day(found[0]), "last": present.day(found[1])}


def only_stated(verdict: Verdict) -> frozenset[str]:
    """The facts of the route's steps that are only the host's word: a signed plan, an insurance,
    a check that a sponsor has made. The terms of a program are not among them."""
    if not verdict.claimed:
        return frozenset()
    asked = facts_read(step.done for step in verdict.record.steps if step.done is not None)
    return verdict.claimed.intersection(asked)


def stated(side: str) -> str:
    """The mark of what only the host has stated of all its participants."""
    if side == HOST:
        return pgettext("step", "stated by your organization")
    return pgettext("step", "stated by the host")


def _station(each: Station, way: Timeline, side: str) -> dict[str, Any]:
    lang, step = present.language(), each.step
    state, by = "done" if each.done else "maybe" if each.maybe else "todo", way.by(each)
    if each.done:
        when = ""
    elif by is None:
        when = _("Can begin %s") % period(*each.begins)
    elif by[0] < way.day:
        when = _("Should have begun by %s") % present.day(by[0])
        state = "late" if state == "todo" else state
    else:
        when = begin_and_done(*by)
        is_now = by[0] == way.day or (way.counts_quickest and each.begins[0] <= way.day)
        state = "now" if state == "todo" and is_now else state
    told = recorded.station(each, way, period(*each.ends))
    state, when = told.get("state", state), told.get("when", when)
    who = actor(told.get("who") or step.who, side)
    return {
        "id": step.id,
        "text": step.text(lang),
        "who": who,
        "yours": who == actor(side, side),
        "length": "" if each.done else length(step.least, step.most),
        "estimate": step.estimate and not each.done,
        "when": when,
        "state": "stated" if each.stated and not each.done else state,
        "mark": stated(side) if each.stated and not each.done else "",
        "note": step.note(lang) if step.note else "",
        "citation": step.backing.citation if step.backing else "",
        "verified": step.backing.verified if step.backing else True,
    }


# --- papers -----------------------------------------------------------------------------------


def documents(record: Pathway, *, side: str = CANDIDATE) -> list[dict[str, Any]]:
    """Papers by who brings them: the reader's own first."""
    lang = present.language()
    by: dict[str, list[str]] = {}
    for document in record.documents:
        by.setdefault(document.who, []).append(document(lang))
    order = sorted(by, key=lambda who: (actor(who, side) != actor(side, side), _ORDER.index(who)))
    return [
        {"who": actor(who, side), "side": who, "yours": actor(who, side) == actor(side, side),
         "papers": by[who]}
        for who in order
    ]  # fmt: skip


# --- costs ------------------------------------------------------------------------------------


def usd(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return _("$%s") % formats.number_format(
        amount, decimal_pos=0 if whole else 2, force_grouping=True
    )


def costs(record: Pathway, day: date, *, side: str = CANDIDATE) -> dict[str, Any]:
    """What is really collected, by payer with its total; all else apart and in no total.

    `gist`: the totals in a line. `unknown`: a fee exists whose amount no source states.
    """
    lines: dict[str, list[dict[str, Any]]] = {}
    apart: list[dict[str, Any]] = []
    lang = present.language()
    for fee, version in record.fees_on(day):
        row = {
            "name": fee.name(lang),
            "usd": usd(version.usd) if version.usd is not None else "",
            "payer": payer(fee.payer, side),
            "note": version.note(lang) if version.note else "",
            "citation": version.backing.citation,
            "verified": version.backing.verified,
            "state": fee_state(version.state),
        }
        if version.state == "collected" and version.usd is not None:
            if version.usd:
                lines.setdefault(fee.payer, []).append(row)
        else:
            apart.append(row)
    totals = record.fee_totals(day)
    payers = [
        {"who": payer(who, side), "side": who, "total": usd(totals[who]), "lines": lines[who]}
        for who in PAYERS
        if who in lines
    ]
    return {
        "payers": payers,
        "apart": apart,
        "gist": " · ".join(f"{each['who']} {each['total']}" for each in payers)
        or _("No government fee is on record here; that does not mean there is none"),
        "unknown": any(not row["usd"] for row in apart),
    }


def fee_state(state: str) -> str:
    say: dict[str, Callable[[], str]] = {
        "optional": lambda: _("optional"),
        "not_collected": lambda: _("not collected"),
        "proposed": lambda: _("Proposed only"),
        "vacated": lambda: _("Vacated by a court"),
        "suspended": lambda: _("Suspended"),
    }
    return say[state]() if state in say else _("amount not confirmed")
