"""Facts as hypothesis draws them: values on both sides of every line that some rule draws."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from corridor import rules
from corridor.rules import _engine
from corridor.rules.checks import Check, leaves
from corridor.rules.facts import FactSpec
from tests.rules.legal_cases import read_all

DATA = _engine().data
CASES = read_all()
PATHWAYS = list(DATA.pathways)
TODAY = date(2026, 11, 23)


def _checks() -> list[Check]:
    checks = [each.check for pathway in DATA.pathways.values() for each in pathway.requirements]
    return checks + [check for rule in DATA.exit_rules for check in (rule.concerns, rule.cleared)]


def _named() -> dict[str, set[Any]]:
    """The values that rules name, by fact."""
    named: dict[str, set[Any]] = defaultdict(set)
    for check in _checks():
        for leaf in leaves(check):
            named[leaf.fact].update(leaf.value if isinstance(leaf.value, tuple) else [leaf.value])
    return named


NAMED = _named()


def values(spec: FactSpec) -> list[Any]:
    named = NAMED[spec.name]
    match spec.type:
        case "yes_no":
            return [True, False]
        case "choice":
            return [*spec.choices, "something else"]
        case "country":
            return sorted(named | {"KR", "US", "VN"})
        case "number" if spec.unit == "year":
            return [1995, 2001, 2002, 2003, 2010]
        case "number":
            drawn = {v + by for v in named for by in (-1, 0, 1)} | {0, 12}
            return sorted(v for v in drawn if spec.minimum <= v <= spec.maximum)
        case "date":
            near = {day + timedelta(days=by) for day in named for by in (-1, 0, 1)}
            return sorted(near | {date(2025, 8, 20), date(2026, 12, 1), date(2027, 3, 2)})
        case "periods":
            first = date(2025, 1, 1)
            return [
                ((first, date(2025, 6, 30)), (date(2025, 7, 1), date(2025, 12, 31))),
                ((first, date(2025, 6, 30)), (date(2025, 9, 1), date(2026, 3, 31))),
                ((first, None),),
            ]
        case "chains":
            return [((100.0,),), ((80.0, 60.0),), ((80.0, 60.0), (5.0,)), ((49.0,), (1.0,))]
    return ["text"]


VALUES = {name: values(spec) for name, spec in DATA.facts.items() if spec.type != "text"}
FACT = st.sampled_from(sorted(VALUES))
READ = sorted(set(rules.signature()) & set(VALUES))
DAYS = st.sampled_from(
    sorted({TODAY} | {cut - timedelta(days=by) for cut in _engine().cuts for by in (0, 1)})
)
_FREELY = st.fixed_dictionaries({}, optional={name: st.sampled_from(VALUES[name]) for name in READ})
_CHANGES = st.dictionaries(FACT, st.none() | st.integers(0, 30), max_size=4)


@st.composite
def _near_a_case(draw: st.DrawFn) -> dict[str, Any]:
    """A legal case's facts with a few of them changed: nearly every requirement is met."""
    facts = dict(draw(st.sampled_from(CASES)).facts)
    for name, at in draw(_CHANGES).items():
        facts[name] = None if at is None else VALUES[name][at % len(VALUES[name])]
    return {name: value for name, value in facts.items() if value is not None}


def _agree(facts: dict[str, Any]) -> bool:
    """Two starts that contradict each other are refused, so nothing can be said of them."""
    start, target = facts.get("program.start_date"), facts.get("derived.target_start")
    return start is None or target is None or start == target


FACTS = (_near_a_case() | _near_a_case() | _FREELY).filter(_agree)
