"""Credentials on pages: the two gates, the rungs with their steps, and what one is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from corridor import rules
from corridor.matching import facts
from corridor.matching.views import MatchView
from corridor.programs.models import Program
from corridor.rules.amounts import Period, Price
from corridor.rules.credentials import LEVELS, LICENSES, StateRule, Step
from corridor.rules.gates import GATE_NAMES, GATE_STATES, NO_VISA_NEEDED, Gate, visa_gate
from corridor.rules.ladder import GROUPS, LadderStep
from corridor.rules.model import Backing
from corridor.web import present, readings

# The shapes of verdicts say the same of gates and of what can be done in time.
_GATE_SHAPES = {"open": "eligible", "closed": "not_eligible", "unknown": "unknown"}
_TIME_SHAPES = {"in_time": "eligible", "tight": "conditional", "too_late": "not_eligible",
                "unknown": "unknown"}  # fmt: skip


def of_program(
    program: Program, match: MatchView | None, assessment: rules.Assessment
) -> dict[str, Any] | None:
    """What the program's state makes of what is asked and held; None where that is nothing.

    Without a match (a visitor), what is asked is shown with all of its steps.
    """
    if match is not None:
        ladder = match.ladder
    else:
        asked = [need.ref or need.text for need in program.requirements.all()
                 if need.kind == "credential"]  # fmt: skip
        ladder = rules.ladder(
            [], state=program.state or None, day=assessment.day, required=asked,
            start=program.starts_on,
        )  # fmt: skip
        needs_visa = facts.needs_pathway(assessment.facts, program)
        ladder = ladder.with_visa(visa_gate(assessment.best) if needs_visa else NO_VISA_NEEDED)
    return page(ladder, state_name=_state_name(program)) if ladder.rungs else None


def _state_name(program: Program) -> str:
    return program.hub.state.name if program.hub else program.state


def page(ladder: rules.Ladder, *, state_name: str = "") -> dict[str, Any]:
    """What public/_credentials.html shows of a ladder."""
    lang = present.language()
    return {
        "gates": [gate(each) for each in ladder.gates],
        "asked": [rung(each, ladder.state) for each in ladder.required],
        "others": [rung(each, ladder.state) for each in ladder.rungs if each.required is None],
        "total": total(ladder),
        "state": state_name,
        "questions": [question(lang) for question in ladder.questions],
        "caveats": [caveat(lang) for caveat in ladder.caveats],
    }


def gate(item: Gate) -> dict[str, str]:
    lang = present.language()
    return {
        "kind": item.kind,
        "state": item.state,
        "shape": _GATE_SHAPES[item.state],
        "name": GATE_NAMES[item.kind](lang),
        "word": GATE_STATES[item.state](lang),
        "why": item.why(lang),
    }


def total(ladder: rules.Ladder) -> dict[str, Any] | None:
    """Time, money and whether it fits before the start, of all that is asked and still missing."""
    if not ladder.missing:
        return None
    earliest = ladder.earliest
    words = {
        "in_time": _("Can be done before the program starts"),
        "tight": _("Can be done before the start only if all goes fast"),
        "too_late": _("Cannot be done before the program starts"),
        "unknown": _("Not known whether it can be done before the start"),
    }
    return {
        "time": period(ladder.time),
        "costs": costs(ladder.costs),
        "soonest": present.day(earliest[0]) if earliest else "",
        "latest": present.day(earliest[1]) if earliest and earliest[1] else "",
        "start": present.day(ladder.start) if ladder.start else "",
        "shape": _TIME_SHAPES[ladder.feasible],
        "word": words[ladder.feasible] if ladder.start else "",
    }


def rung(item: rules.Rung, state: str | None) -> dict[str, Any]:
    lang = present.language()
    credential, unneeded = item.credential, item.level == "not_needed"
    return {
        "name": item.name(lang),
        "url": _address(credential.id, state) if credential else "",
        "required": item.required,
        "held": item.held,
        "asked_as": _differing(item.required, item),
        "held_as": _differing(item.held, item),
        "group": item.group,
        # Where there is no license, nothing is recognized either: that is said, not the group.
        "group_name": capfirst(LEVELS[item.level](lang)) if unneeded else GROUPS[item.group](lang),
        "level_name": "" if unneeded or item.level == item.group else LEVELS[item.level](lang),
        "license": LICENSES[item.license](lang) if item.license else "",
        "notes": [note(lang) for note in item.notes],
        "rules": [state_rule(each) for each in item.rules],
        "steps": [step(each) for each in item.steps],
        "done": item.is_done,
        "time": period(item.time),
        "costs": costs(item.costs),
        "backing": backing(credential.backing) if credential else None,
    }


def _differing(name: str | None, item: rules.Rung) -> str:
    """A name as somebody wrote it, where that is not the heading's own or an id of the rules."""
    credential = item.credential
    if name is None or credential is None:
        return ""
    return "" if name in (credential.id, credential.names.ko, credential.names.en) else name


def _address(credential: str, state: str | None) -> str:
    url = reverse("public:credential", args=[credential])
    return f"{url}?state={state}" if state else url


def step(item: LadderStep) -> dict[str, Any]:
    ends = item.ends if item.ends and item.ends.most is not None else None
    return {
        **plain_step(item.step),
        "parallel": item.parallel,
        "until": period(ends) if ends and item.begins else "",
    }


def plain_step(item: Step) -> dict[str, Any]:
    """A step of the data, apart from any one person."""
    lang = present.language()
    who = {
        "candidate": _("you"),
        "employer": _("the employer"),
        "school": _("the school"),
        "board": _("the licensing body"),
    }
    gates = {
        "visa": _("visa gate"),
        "license": _("license gate"),
        "employer": _("the employer’s check"),
        "site": _("the site’s rule"),
    }
    return {
        "text": item.text(lang),
        "who": who[item.who],
        "gate": gates.get(item.gate, ""),
        "time": period(item.time),
        "cost": price(item.cost),
        "unless_held": item.unless_held,
        "backing": backing(item.backing) if item.backing else None,
    }


def steps_for_beginners(
    credential: rules.Credential, state: str | None, day: date
) -> list[dict[str, Any]]:
    """What comes before the steps of a holder, for who does not hold the credential."""
    local = credential.local(state, day)
    return [plain_step(each) for each in local.steps if each.unless_held]


def state_rule(item: StateRule, *, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    lang = present.language()
    return {
        "states": [(names or {}).get(code, code) for code in item.states],
        "text": item.note(lang),
        "level": LEVELS[item.level](lang) if item.level else "",
        "license": LICENSES[item.license](lang) if item.license else "",
        "steps": [each.text(lang) for each in item.steps],
        "time": period(item.time) if item.time else "",
        "backing": backing(item.backing),
    }


def backing(item: Backing) -> dict[str, Any]:
    return {
        "citation": item.citation,
        "verified": item.verified,
        "weak": item.evidence == "background",
        "checked": readings.short(item),
        "sources": item.sources,
    }


def period(item: Period | None) -> str:
    return item.say(present.language()) if item and item != Period(0, None) else ""


def price(item: Price | None) -> str:
    """The amount and, where known, who pays."""
    return costs({item.payer: item})[0] if item else ""


def costs(items: Mapping[str, Price]) -> list[str]:
    """Each payer's part in words, as in "100–600달러 (추정), 고용주 부담"."""
    lang, told = present.language(), []
    for payer, item in items.items():
        who = item.payer_name(lang)
        if item.least is None and payer == "unknown":
            told += [_("other costs not known")] if told else []
            continue
        if item.least is None:
            told.append(_("paid by %(who)s, amount not known") % {"who": who})
        elif payer == "unknown":
            told.append(_("%(amount)s, ask who pays") % {"amount": item.say(lang)})
        else:
            told.append(_("%(amount)s, paid by %(who)s") % {"amount": item.say(lang), "who": who})
    return told


def worth(held: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """What each held credential (name, the rules' id or "") is worth before any state is known."""
    lang, rows = present.language(), []
    by_name = dict(held)
    if not by_name:
        return []
    ladder = rules.ladder(by_name, state=None, day=timezone.localdate())
    for item in ladder.rungs:
        rows.append(
            {
                "held": item.held,
                "name": item.name(lang) if item.credential else "",
                "url": reverse("public:credential", args=[item.credential.id])
                if item.credential else "",
                "group": item.group,
                "word": LEVELS[item.level](lang),
                "summary": item.notes[0](lang),
            }
        )  # fmt: skip
    return rows
