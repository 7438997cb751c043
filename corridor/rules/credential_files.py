"""Reading `data/credentials/*.yaml`. Whatever is not consistent is refused with file and line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from corridor.rules.amounts import period, price
from corridor.rules.credentials import (
    GATES,
    LEVELS,
    LICENSES,
    STATES,
    WHO,
    Credential,
    StateRule,
    Step,
    way,
)
from corridor.rules.errors import nearest
from corridor.rules.grammar import BACKING, SPAN, both, span
from corridor.rules.model import Backing
from corridor.rules.reading import Map, read_each

_FILE = (
    *("id", "name", "aliases", "family", "issuer", "sectors", "counterpart", "satisfies"),
    *("us_names", "level", "license", "summary", "caution", "steps", "time", "cost", "states"),
)
_STEP = (
    *("id", "text", "who", "gate", "time", "cost", "after", "unless_held", "asked_as"),
    *("only_in", "not_in"),
)
_RULE = ("in", "note", "level", "license", "drop", "steps", "time", "cost")
_STATE_ONLY = "local"  # a level that only a state's own rule can give

Reader = Callable[[Map, Map], Backing]


def load(files: Iterable[Map], backing: Reader) -> dict[str, Credential]:
    """The credentials by id. `backing` reads citation and evidence of a map, given its file."""
    made = read_each(lambda top: _credential(top, backing), files)
    return {each.id: each for each in made}


def _credential(top: Map, backing: Reader) -> Credential:
    top.allow((*_FILE, *BACKING))
    level = top.choice("level", set(LEVELS) - {_STATE_ONLY})
    satisfies, american = top.texts("satisfies"), top.texts("us_names")
    for name in american:
        if name not in satisfies:
            raise top.refuse(f"'{name}' of 'us_names' is missing in 'satisfies'", "us_names")
    top.need("steps")
    steps = _steps(top, top, backing, known=())
    made = Credential(
        id=top.text("id", needed=True),
        names=both(top, "name"),
        aliases=top.texts("aliases"),
        family=top.text("family", needed=True),
        issuer=both(top, "issuer"),
        sectors=top.texts("sectors"),
        counterpart=both(top, "counterpart"),
        satisfies=satisfies,
        us_names=american,
        level=level,
        license=top.choice("license", LICENSES) if "license" in top else "",
        summary=both(top, "summary"),
        caution=both(top, "caution") if "caution" in top else None,
        steps=steps,
        time=period(top, "time"),
        cost=price(top, "cost"),
        states=tuple(
            read_each(lambda body: _rule(body, top, backing, steps), top.maps("states"))
        ),
        backing=backing(top, top),
    )
    _refuse_two_answers(made, top)
    return made


def _refuse_two_answers(made: Credential, top: Map) -> None:
    """Two rules for one state may add to each other, but not both give a level or a license;
    and the whole way cannot end before its own steps do."""
    bodies = top.maps("states")
    if len(bodies) != len(made.states):
        return  # one was left out while problems are collected, and is told already
    for later, rule in enumerate(made.states):
        for other in made.states[:later]:
            shared = set(rule.states) & set(other.states)
            for key in ("level", "license", "time", "cost") if shared else ():
                twice = getattr(rule, key) and getattr(other, key)
                if twice and rule.span.overlaps(other.span):
                    raise bodies[later].refuse(f"{min(shared)} has its '{key}' above", key)
    took = way(made.steps)[1]
    if made.time and took:
        longest, shortest = made.time.days[1], took.days[0]
        if longest is not None and shortest > longest:
            raise top.refuse("the steps take longer than the whole 'time'", "time")


def _steps(body: Map, top: Map, backing: Reader, known: Collection[str]) -> tuple[Step, ...]:
    made: list[Step] = []
    for each in body.maps("steps"):
        each.allow((*_STEP, *BACKING))
        name = each.text("id", needed=True)
        before = [*known, *(step.id for step in made)]
        if name in before:
            raise each.refuse(f"two steps are called '{name}'", "id")
        after = each.texts("after")
        for waited in after:
            if waited not in before:
                near = nearest(waited, before)
                hint = f"; did you mean '{near}'?" if near else ""
                raise each.refuse(f"'{waited}' is no earlier step{hint}", "after")
        if "after" not in each and made:
            after = (made[-1].id,)
        flag = each.get("unless_held", False)
        if not isinstance(flag, bool):
            raise each.refuse("'unless_held' must be true or false", "unless_held")
        made.append(
            Step(
                id=name,
                text=both(each, "text"),
                who=each.choice("who", WHO),
                gate=each.choice("gate", GATES) if "gate" in each else "",
                time=period(each, "time"),
                cost=price(each, "cost"),
                after=after,
                unless_held=flag,
                asked_as=each.texts("asked_as"),
                only_in=_states(each, "only_in"),
                not_in=_states(each, "not_in"),
                backing=backing(each, top) if "citation" in each or "evidence" in each else None,
            )
        )
    return tuple(made)


def _rule(body: Map, top: Map, backing: Reader, general: tuple[Step, ...]) -> StateRule:
    body.allow((*_RULE, *SPAN, *BACKING))
    body.need("in")
    known = [step.id for step in general]
    for name in body.texts("drop"):
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean '{near}'?" if near else ""
            raise body.refuse(f"'{name}' is no step of this file{hint}", "drop")
    return StateRule(
        states=_states(body, "in"),
        note=both(body, "note"),
        level=body.choice("level", LEVELS) if "level" in body else None,
        license=body.choice("license", LICENSES) if "license" in body else None,
        drop=body.texts("drop"),
        steps=_steps(body, top, backing, known),
        time=period(body, "time"),
        cost=price(body, "cost"),
        span=span(body),
        backing=backing(body, top),
    )


def _states(body: Map, key: str) -> tuple[str, ...]:
    codes = body.texts(key)
    for code in codes:
        if code not in STATES:
            raise body.refuse(f"'{code}' is not a state's two-letter code", key)
    return codes
