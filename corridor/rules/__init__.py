"""Dated, cited visa and credential rules, and the engine that reads them. Knows no Django.

Facts go in as a flat mapping ("candidate.nationality" -> "KR"); absent or None means unknown,
which never counts as yes and never as no. Verdicts come out for an exact day and carry the
revision of the data they rest on. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from corridor.rules import credentials as _credentials
from corridor.rules import dispatch as _dispatch
from corridor.rules import facts as _facts
from corridor.rules import ladder as _ladder
from corridor.rules import papers as _papers
from corridor.rules import stays as _stays
from corridor.rules.consistency import contradiction
from corridor.rules.credentials import Credential, Recognition
from corridor.rules.dispatch import Cell, DutyCheck, RouteCheck
from corridor.rules.duties import Duty
from corridor.rules.errors import (
    Contradiction,
    FactError,
    RuleDataError,
    UnknownFact,
    UnknownPathway,
    WrongType,
)
from corridor.rules.facts import FactSpec
from corridor.rules.gates import Gate, visa_gate
from corridor.rules.ladder import Ladder, Rung
from corridor.rules.model import KINDS, Change, LegalNote, Pathway, Source, Step, Text
from corridor.rules.papers import Item, Paragraph, Piece, Wording
from corridor.rules.reasons import ExitRule, FactChange, Reason
from corridor.rules.running import Standing, configure, reload, remembered, standing
from corridor.rules.running import engine as _engine
from corridor.rules.stays import Count, Stay, StayLimit
from corridor.rules.timeline import Timeline
from corridor.rules.verdicts import Assessment, Verdict

__all__ = [
    "KINDS",
    "Assessment",
    "Cell",
    "Change",
    "Contradiction",
    "Count",
    "Credential",
    "Duty",
    "DutyCheck",
    "ExitRule",
    "FactChange",
    "FactError",
    "FactSpec",
    "Gate",
    "Item",
    "Ladder",
    "LegalNote",
    "Paragraph",
    "Pathway",
    "Piece",
    "Reason",
    "Recognition",
    "RouteCheck",
    "RuleDataError",
    "Rung",
    "Source",
    "Standing",
    "Stay",
    "StayLimit",
    "Step",
    "Text",
    "Timeline",
    "UnknownFact",
    "UnknownPathway",
    "Verdict",
    "Wording",
    "WrongType",
    "assess",
    "changes",
    "cited",
    "completed",
    "configure",
    "contradiction",
    "count_stay",
    "credentials",
    "duty_activities",
    "duty_facts",
    "exit_steps",
    "facts",
    "judge_duties",
    "ladder",
    "parse_case",
    "pathway",
    "pathways",
    "question",
    "recognition",
    "reload",
    "remembered",
    "revision",
    "service_clause",
    "signature",
    "sources",
    "standing",
    "stay_limits",
    "support_letter",
    "traveler_checklist",
]


def revision() -> str:
    """The content hash of the rule data, 12 hex digits."""
    return _engine().data.revision


def pathways() -> list[Pathway]:
    return list(_engine().data.pathways.values())


def pathway(name: str) -> Pathway:
    """The pathway with this id. Raises UnknownPathway."""
    _engine().chosen([name], None)
    return _engine().data.pathways[name]


def exit_steps() -> list[Step]:
    """The steps of the Korean rules on leaving, which come beside those of any route."""
    return [step for rule in _engine().data.exit_rules for step in rule.steps]


def changes() -> list[Change]:
    """The dated histories of single rules."""
    return list(_engine().data.changes.values())


def assess(
    facts: Mapping[str, object],
    *,
    day: date,
    pathways: Sequence[str] | None = None,
    kind: str | None = None,
) -> Assessment:
    """The verdict of each pathway on `day`, best first.

    `pathways` limits to these ids, `kind` to those that suit the program kind (see KINDS).
    Raises UnknownFact, WrongType, UnknownPathway, or ValueError for an unknown kind.
    """
    return _engine().assess(facts, day=day, pathways=pathways, kind=kind)


def judge_duties(
    duties: Sequence[Duty],
    facts: Mapping[str, object],
    *,
    day: date,
    pathways: Sequence[str] | None = None,
) -> DutyCheck:
    """Each duty on each route that a dispatch can use, and each route by its worst duty.

    `facts`: what is known besides the duties. Raises FactError for a duty that cannot be read
    (naming the nearest known word), UnknownFact, WrongType or UnknownPathway.
    """
    return _dispatch.judge(_engine(), duties, facts, day=day, pathways=pathways)


def duty_facts(duties: Sequence[Duty]) -> dict[str, Any]:
    """What the duties together say of a program: the heaviest one decides what is done there.

    Raises FactError for a duty that cannot be read.
    """
    data = _engine().data.dispatch
    data.check(duties)
    return data.facts(duties)


def duty_activities(duties: Sequence[Duty]) -> set[str]:
    """The values of program.activity that the duties stand for."""
    data = _engine().data.dispatch
    return {found for duty in duties if (found := data.activity(duty)) is not None}


def support_letter(
    ground: str,
    values: Mapping[str, str | Sequence[Piece] | None],
    *,
    facts: Mapping[str, Any],
    kinds: Iterable[str],
) -> list[Paragraph]:
    """The draft letter of support for a B-1 `ground` (a pathway's id), in English.

    `values`: by the names of its blanks; what is None or absent stays a visible blank. `facts`
    decide on the sentences that state one, `kinds` (of duties) on paragraphs that belong to some.
    """
    held = _engine().data.papers
    return _papers.letter(held, ground, values, facts=facts, kinds=set(kinds))


def traveler_checklist(
    ground: str, *, facts: Mapping[str, Any], kinds: Iterable[str]
) -> list[tuple[str, str, list[Item]]]:
    """Each phase with its names in Korean and English and what each traveler then takes care of."""
    held = _engine().data.papers
    found = _papers.checklist(held, ground, facts=facts, kinds=set(kinds))
    return [(title.ko, title.en, items) for title, items in found]


def service_clause() -> tuple[Wording, Wording] | None:
    """What B-1 asks of the contract of sale, and a wording to begin with."""
    return _papers.clause(_engine().data.papers)


def stay_limits() -> Mapping[str, StayLimit]:
    """Pathway id -> how long one may stay on it; a route without an entry has no limit we know."""
    return _engine().data.stays


def count_stay(stay: Stay, *, day: date, earlier: Iterable[Stay] = ()) -> Count:
    """A traveler's stay on `day`: its days, its last day or that it is unknown, what is near.

    `earlier`: the same traveler's other stays, which count where a route has a total.
    """
    return _stays.count(_engine().data.stays, stay, day=day, earlier=earlier)


def completed(facts: Mapping[str, object], *, day: date) -> dict[str, Any]:
    """`facts` with those that follow from them: what `signature` names can be read from this."""
    return _engine().completed(facts, day)


def signature(kind: str | None = None, *, day: date | None = None) -> tuple[str, ...]:
    """The facts (after `completed`) that verdicts for `kind` depend on, exit rule included.

    With `day`, those read on that day; without, those read on any day.
    """
    engine = _engine()
    names = engine.chosen(None, kind)
    if day is not None:
        read = set(engine.plan(day, names).signature)
    else:
        read = {
            fact
            for name in names
            for requirement in engine.data.pathways[name].requirements
            for fact in requirement.facts
        }
    return tuple(sorted(read | engine.exit_facts))


def facts() -> Mapping[str, FactSpec]:
    """The registry: every fact that rules read or that others follow from, by name."""
    return _engine().data.facts


def question(fact: str, lang: str) -> str:
    """The plain question that asks for `fact`. Raises UnknownFact."""
    spec = facts().get(fact)
    if spec is None:
        raise UnknownFact(fact, facts())
    return spec.question(lang)


def parse_case(case: Mapping[str, Any]) -> dict[str, Any]:
    """Flat facts from a case with candidate:, program:, derived: and system: maps.

    Raises UnknownFact (naming the nearest known fact) or WrongType.
    """
    return _facts.parse_case(case, facts())


def credentials() -> list[Credential]:
    return list(_engine().data.credentials.values())


def sources() -> Mapping[str, Source]:
    """What was read for the data, by id."""
    return _engine().data.sources


def cited(citation: str, lang: str) -> str:
    """A citation, or how a source was read, in the words of a reader of `lang`.

    What names a law by number alone (22 CFR 62.22) reads the same in every language.
    """
    found = _engine().data.citations.get(citation)
    return found(lang) if found else citation


def recognition(
    held: Iterable[str],
    *,
    state: str | None,
    day: date,
    required: Iterable[str] = (),
) -> list[Recognition]:
    """What `state` (two-letter code, None: unknown) makes of the held credentials, and which of
    the required ones are still missing. Names may be ids or what people write."""
    return _credentials.recognition(_engine().names, held, state=state, day=day, required=required)


def ladder(
    held: Iterable[str] | Mapping[str, str],
    *,
    state: str | None,
    day: date,
    required: Iterable[str] = (),
    facts: Mapping[str, object] | None = None,
    kind: str | None = None,
    start: date | None = None,
) -> Ladder:
    """What `state` makes of the credentials held, the steps still missing to what is `required`
    with their time and cost, and the visa and license gates apart.

    `held`: names as people write them, or a mapping from them to the rules' ids where known.
    `facts` (with the program's `kind`) judge the visa gate; `start` (else the fact
    program.start_date) says by when the steps must be done. Raises like `assess`.
    """
    known = facts or {}
    gate = visa_gate(assess(known, day=day, kind=kind).best) if known else None
    said = known.get("program.start_date")
    told = known.get("program.license_if_required")
    return _ladder.ladder(
        _engine().names,
        held,
        state=state,
        day=day,
        required=required,
        start=start or (said if isinstance(said, date) else None),
        visa=gate,
        license_held=told if isinstance(told, bool) else None,
    )
