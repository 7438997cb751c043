"""The duties of a dispatch: what they can be, and what each route makes of each kind of work.

Read from data/dispatch/. A route's file adds requirements to its pathway that apply only where the
kind of work is told, so that a duty is judged by the very requirements that `assess` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from corridor.rules.checks import Leaf, Told, facts_read, implies
from corridor.rules.errors import FactError, nearest
from corridor.rules.grammar import BACKING, SPAN, Grammar, both, near, span, text
from corridor.rules.model import Backing, Pathway, Requirement, Span, Text
from corridor.rules.reading import Map

ACTIVITY, PLACE = "program.activity", "program.work_place"
PAID, BY_HAND = "program.paid_from_us_source", "program.mostly_hands_on"
FROM_DUTIES = (ACTIVITY, PLACE)  # where duties are listed, they alone say these
HALF = 50  # percent; no rule names a share, so what rests on it says so
RULES = ("allowed", "if", "not_allowed", "route")
_LINE = ("id", "of", "rule", "say", "note", "check", "severity", "on_fail", *SPAN, *BACKING)
_VOCABULARY = (
    *("id", "checked_on", "kinds", "places", "abroad", "payers", "us_payers", "korean_payers"),
    *("about", "statements", "gates"),
)
MakeRequirement = Callable[[Map, str, str, Map], Requirement]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty as it is told. `activity`: a kind of duty (install, commission …), or the value of
    program.activity that it stands for. `share_pct`: percent of the working time. `place`, `payer`:
    their names in data/dispatch/duties.yaml. None: not told."""

    text: str
    activity: str
    share_pct: float | None = None
    place: str | None = None
    payer: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    note: Text
    backing: Backing


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of duty. `rank`: 0 weighs heaviest in law. `activity` None: nothing can be told."""

    id: str
    rank: int
    names: Text
    activity: str | None
    at: Mapping[str, str]  # place -> another activity there
    by_hand: bool
    gate: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a route makes of one activity while `span` lasts; `rule` is one of RULES."""

    rule: str
    span: Span
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Beside:
    """An activity that the same visa allows on another ground, beside the route's own work."""

    ground: str
    statement: Statement


@dataclass(frozen=True)
class Route:
    """A route that a dispatch can use. `short`: its name where there is little room."""

    id: str
    short: Text
    lines: Mapping[str, tuple[Line, ...]]
    beside: Mapping[str, Beside]
    added: tuple[Requirement, ...]
    no_small_share: bool


@dataclass(frozen=True)
class DispatchData:
    """The vocabulary of duties and the routes that a dispatch can use."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    places: Mapping[str, Text] = field(default_factory=dict)
    payers: Mapping[str, Text] = field(default_factory=dict)
    abroad: tuple[str, ...] = ()
    us_payers: tuple[str, ...] = ()
    korean_payers: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()
    statements: Mapping[str, Statement] = field(default_factory=dict)
    gates: Mapping[str, Statement] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """False for rule data from before there were duties in it (an archive)."""
        return bool(self.kinds)

    def attached(self, pathways: Mapping[str, Pathway]) -> dict[str, Pathway]:
        """The pathways with the requirements that the routes add to them."""
        made = dict(pathways)
        for name, route in self.routes.items():
            own = made[name].requirements
            made[name] = replace(made[name], requirements=(*own, *route.added))
        return made

    def added(self) -> frozenset[str]:
        """The ids of the requirements that come from here."""
        return frozenset(each.id for route in self.routes.values() for each in route.added)

    # what a duty says

    def check(self, duties: Sequence[Duty]) -> None:
        """Raises FactError naming the duty (counted from 1) and the nearest name that is known."""
        if not self:
            return
        names = {"activity": [*self.kinds, *self._activities()],
                 "place": list(self.places), "payer": list(self.payers)}  # fmt: skip
        for number, duty in enumerate(duties, 1):
            for key, known in names.items():
                said = getattr(duty, key)
                if (said or key == "activity") and said not in known:
                    holding = [name for name in known if said and str(said) in name]
                    close = nearest(str(said), known) or next(iter(holding), None)
                    hint = f"did you mean '{close}'?" if close else f"known: {', '.join(known)}"
                    raise FactError(f"duties[{number}].{key}", f"unknown {key} {said!r}; {hint}")
            share = duty.share_pct
            if share is not None and (
                isinstance(share, bool) or not isinstance(share, (int, float))
                or not 0 < share <= 100
            ):  # fmt: skip
                problem = f"must be a percentage above 0 and up to 100, not {share!r}"
                raise FactError(f"duties[{number}].share_pct", problem)

    def kind(self, duty: Duty) -> Kind:
        found = self.kinds.get(duty.activity)
        return found or self._activities()[duty.activity]

    def activity(self, duty: Duty) -> str | None:
        """The value of program.activity that the duty stands for."""
        if duty.activity not in self.kinds:
            return duty.activity
        kind = self.kinds[duty.activity]
        return kind.at.get(duty.place or "", kind.activity)

    def is_abroad(self, duty: Duty) -> bool:
        return duty.place in self.abroad

    def paid_in_us(self, duty: Duty) -> bool | None:
        if duty.payer in self.us_payers:
            return True
        return False if duty.payer in self.korean_payers else None

    def weight(self, duty: Duty) -> tuple[int, int, int]:
        """Sorts the duty with most against it first."""
        places, payers = list(self.places), list(self.payers)
        return (
            self.kind(duty).rank,
            places.index(duty.place) if duty.place else len(places),
            payers.index(duty.payer) if duty.payer else len(payers),
        )

    def facts(self, duties: Sequence[Duty]) -> dict[str, Any]:
        """What the duties together say as facts of the program: the heaviest one decides what it
        is; one duty paid from the U.S. makes it paid from there. Absent is unknown."""
        here = [duty for duty in duties if not self.is_abroad(duty)]
        if not here or not self:
            return {}
        found: dict[str, Any] = {}
        heaviest = min(here, key=self.weight)
        if (activity := self.activity(heaviest)) is not None:
            found[ACTIVITY] = activity
            if heaviest.place:
                found[PLACE] = heaviest.place
        paid = [self.paid_in_us(duty) for duty in here]
        if True in paid or None not in paid:
            found[PAID] = True in paid
        if (mostly := self._mostly_by_hand(here)) is not None:
            found[BY_HAND] = mostly
        return found

    def _mostly_by_hand(self, duties: Sequence[Duty]) -> bool | None:
        by_hand = [duty for duty in duties if self.kind(duty).by_hand]
        if sum(duty.share_pct or 0 for duty in by_hand) > HALF:
            return True
        untold = [duty for duty in by_hand if duty.share_pct is None]
        untold += [duty for duty in duties if self.activity(duty) is None]
        return None if untold else False

    def _activities(self) -> dict[str, Kind]:
        """The first kind that stands for each value of program.activity."""
        found: dict[str, Kind] = {}
        for kind in self.kinds.values():
            for activity in (kind.activity, *kind.at.values()):
                if activity is not None:
                    found.setdefault(activity, kind)
        return found


NOTHING = DispatchData()


def load(
    tops: Sequence[Map],
    grammar: Grammar,
    pathways: Mapping[str, Pathway],
    requirement: MakeRequirement,
) -> DispatchData:
    """From the files of data/dispatch/. `requirement` makes one of (body, name, pathway, top)."""
    files = {str(top["id"]): top for top in tops}
    top = files.pop("duties", None)
    if top is None:
        return DispatchData()
    data = DispatchData()
    with top.noting():
        data = _vocabulary(top, grammar)
    routes = {}
    for name, body in files.items():
        with body.noting():
            routes[name] = _Route(body, grammar, data, pathways, requirement).route()
    return replace(data, routes=routes)


def _vocabulary(top: Map, grammar: Grammar) -> DispatchData:
    top.allow(_VOCABULARY)
    activities = grammar.facts[ACTIVITY].choices
    gates = _statements(top, "gates", grammar)
    places = {key: text(body) for key, body in _entries(top, "places")}
    payers = {key: text(body) for key, body in _entries(top, "payers")}
    kinds: dict[str, Kind] = {}
    for key, body in _entries(top, "kinds"):
        body.allow(("name", "activity", "at", "by_hand", "gate"))
        at = dict(body.get("at") or {})
        gate = body.text("gate")
        for value, known in (
            *((each, activities) for each in (body.get("activity"), *at.values()) if each),
            *((each, places) for each in at),
            *((each, gates) for each in (gate,) if each),
        ):
            if value not in known:
                raise body.refuse(f"unknown name '{value}'; {near(str(value), known)}")
        kinds[key] = Kind(
            key, len(kinds), both(body, "name"), body.get("activity"), at,
            bool(body.get("by_hand", False)), gate,
        )  # fmt: skip
    for key, known in (("abroad", places), ("us_payers", payers), ("korean_payers", payers),
                       ("about", grammar.facts)):  # fmt: skip
        for each in top.texts(key):
            if each not in known:
                raise top.refuse(f"unknown name '{each}'; {near(each, known)}", key)
    here = set(places) - set(top.texts("abroad"))
    if here != set(grammar.facts[PLACE].choices):
        raise top.refuse(f"the places in the U.S. must be the choices of {PLACE}", "places")
    return DispatchData(
        kinds=kinds,
        places=places,
        payers=payers,
        abroad=top.texts("abroad"),
        us_payers=top.texts("us_payers"),
        korean_payers=top.texts("korean_payers"),
        about=frozenset(top.texts("about")),
        statements=_statements(top, "statements", grammar),
        gates=gates,
    )


def _entries(top: Map, key: str) -> list[tuple[str, Map]]:
    body = top.need(key)
    if not isinstance(body, Map) or not all(isinstance(each, Map) for each in body.values()):
        raise top.refuse(f"'{key}' must be a map of maps", key)
    return list(body.items())


def _statements(top: Map, key: str, grammar: Grammar) -> dict[str, Statement]:
    made = {}
    for name, body in _entries(top, key):
        body.allow(("note", *BACKING))
        made[name] = Statement(both(body, "note"), grammar.backing(body, top))
    return made


class _Route:
    """Reads one route's file."""

    def __init__(
        self,
        top: Map,
        grammar: Grammar,
        data: DispatchData,
        pathways: Mapping[str, Pathway],
        requirement: MakeRequirement,
    ) -> None:
        self.top, self.grammar, self.data, self.pathways = top, grammar, data, pathways
        self.make = requirement
        self.activities = tuple(dict.fromkeys(data._activities()))

    def route(self) -> Route:
        top = self.top
        top.allow(
            ("id", "short", "checked_on", "no_small_share", "beside", "requires", "duties")
        )
        name = top.text("id", needed=True)
        pathway = self.pathways.get(name)
        if pathway is None:
            raise top.refuse(f"no such pathway; {near(name, self.pathways)}", "id")
        added = [self.make(body, body.text("id", needed=True), name, top)
                 for body in top.maps("requires")]  # fmt: skip
        lines: dict[str, tuple[Line, ...]] = {}
        for body in top.maps("duties", needed=True):
            line, requirement = self._line(body, name)
            if requirement is not None:
                added.append(requirement)
            for activity in self._of(body):
                if any(each.span.overlaps(line.span) for each in lines.get(activity, ())):
                    raise body.refuse(f"'{activity}' is judged twice for the same days", "of")
                lines[activity] = (*lines.get(activity, ()), line)
        beside = self._beside()
        for activity in self.activities:
            if (activity in lines) is (activity in beside):
                raise top.refuse(
                    f"'{activity}' must stand once under 'duties' or 'beside'", "duties"
                )
        taken = {each.id for each in pathway.requirements}
        for each in added:
            if each.id in taken:
                raise top.refuse(f"requirement '{each.id}' is there twice", "duties")
            taken.add(each.id)
        small = bool(top.get("no_small_share", False))
        return Route(name, both(top, "short"), lines, beside, tuple(added), small)

    def _of(self, body: Map) -> tuple[str, ...]:
        found = body.texts("of")
        if not found:
            raise body.refuse("'of' must list activities", "of")
        for each in found:
            if each not in self.activities:
                raise body.refuse(
                    f"no duty stands for '{each}'; {near(each, self.activities)}", "of"
                )
        return found

    def _line(self, body: Map, name: str) -> tuple[Line, Requirement | None]:
        body.allow(_LINE)
        rule, days = body.choice("rule", RULES), span(body)
        statement = self._statement(body) if rule != "route" or "note" in body else None
        if rule not in ("if", "not_allowed"):
            if "check" in body:
                raise body.refuse("'check' belongs to the rule 'if'", "check")
            return Line(rule, days, statement), None
        assert statement is not None
        told = Told(Leaf(ACTIVITY, "one_of", self._of(body)))
        if rule == "if":
            check = self.grammar.check(body.need("check"), body, "check")
            severity = body.choice("severity", ("hard", "soft"))
            fails = body.choice(
                "on_fail", ("not_eligible", "conditional"),
                "not_eligible" if severity == "hard" else "conditional",
            )  # fmt: skip
        else:
            check, severity, fails = Leaf(ACTIVITY, "none_of", self._of(body)), "hard", ""
        asked, check = check, implies(told, check)
        return Line(rule, days, statement), Requirement(
            id=f"{name}.{body.text('id', needed=True)}",
            check=check,
            facts=facts_read([check]),
            severity=severity,
            bars=fails != "conditional",
            note=statement.note,
            backing=statement.backing,
            span=days,
            when=told if rule == "if" and ACTIVITY not in facts_read([asked]) else None,
        )

    def _statement(self, body: Map) -> Statement:
        if "say" in body:
            said = body.text("say", needed=True)
            if said not in self.data.statements:
                hint = near(said, self.data.statements)
                raise body.refuse(f"unknown statement '{said}'; {hint}", "say")
            return self.data.statements[said]
        return Statement(both(body, "note"), self.grammar.backing(body, self.top))

    def _beside(self) -> dict[str, Beside]:
        made: dict[str, Beside] = {}
        for body in self.top.maps("beside"):
            body.allow(("of", "ground", "note", *BACKING))
            ground = body.text("ground", needed=True)
            if ground not in self.pathways:
                raise body.refuse(
                    f"unknown pathway '{ground}'; {near(ground, self.pathways)}", "ground"
                )
            for activity in self._of(body):
                made[activity] = Beside(ground, self._statement(body))
        return made
