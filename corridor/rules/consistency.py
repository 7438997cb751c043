"""Facts that cannot all be true. Refused as they come in, with the field to look at named.

Checked where people state facts (case files, the API, answers on a page), not in the evaluation:
a stored profile that has come to contradict itself must still open its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from corridor.rules.errors import Contradiction

_TRACK = "candidate.intern_track"
_GRADUATED = "graduated_within_12_months_of_start"


@dataclass(frozen=True, slots=True)
class _Clash:
    """`clashes` takes the values of `facts` in order; all must be known. The first is named."""

    facts: tuple[str, ...]
    clashes: Callable[..., bool]
    ko: str
    en: str


_CLASHES = (
    _Clash(
        ("candidate.graduation_date", "candidate.enrollment_date"),
        lambda graduated, enrolled: graduated < enrolled,
        "졸업일이 입학일보다 빠릅니다.",
        "The graduation is before the enrollment.",
    ),
    _Clash(
        ("derived.target_start", "program.start_date"),
        lambda target, start: target != start,
        "시작 예정일이 프로그램 시작일과 다릅니다.",
        "The planned start contradicts program.start_date.",
    ),
    _Clash(
        ("candidate.graduation_date", "candidate.birth_year"),
        lambda graduated, birth_year: graduated.year <= birth_year,
        "졸업일이 태어난 해보다 늦지 않습니다.",
        "The graduation is not after the year of birth.",
    ),
    _Clash(
        ("candidate.degree", "candidate.has_degree_bachelor_or_higher"),
        lambda degree, has: has is False and degree in ("bachelor_specific_specialty", "higher"),
        "학사 이상의 학위가 없다고 하셨는데 학위가 적혀 있습니다.",
        "A degree is stated beside the answer that there is none.",
    ),
    _Clash(
        (_TRACK, "candidate.graduation_date", "program.start_date"),
        lambda track, graduated, start: track == _GRADUATED and graduated > start,
        "시작일까지 졸업하지 않는데 졸업생으로 되어 있습니다.",
        "The graduation is after the start, but a graduate is stated.",
    ),
)


def contradiction(facts: Mapping[str, Any]) -> Contradiction | None:
    """The first contradiction among the known facts, or None."""
    for clash in _CLASHES:
        values = [facts.get(fact) for fact in clash.facts]
        if all(value is not None for value in values) and clash.clashes(*values):
            return Contradiction(clash.facts[0], clash.facts[1:], clash.ko, clash.en)
    return None


def periods(value: Any) -> tuple[tuple[date, date | None], ...]:
    """`value` as periods: a list of [first day, last day], the last None while it goes on.

    Raises ValueError with what is wrong.
    """
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of [first day, last day]")
    made = []
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise ValueError(f"must be a list of [first day, last day], not {pair!r}")
        first, last = (_day(end) for end in pair)
        if first is None:
            raise ValueError("every period needs a first day")
        if last is not None and last < first:
            raise ValueError(f"a period ends on {last}, before it begins on {first}")
        made.append((first, last))
    return tuple(sorted(made, key=lambda pair: (pair[0], pair[1] or date.max)))


def _day(value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"must hold days like 2027-03-02, not {value!r}") from None


def chains(value: Any) -> tuple[tuple[float, ...], ...]:
    """`value` as chains of holdings: a list of lists of percents. Raises ValueError."""
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of chains such as [[80, 60], [5]]")
    made = []
    for chain in value:
        if not isinstance(chain, (list, tuple)) or not chain:
            raise ValueError(f"must be a list of chains such as [[80, 60], [5]], not {chain!r}")
        for percent in chain:
            if type(percent) not in (int, float) or not 0 <= percent <= 100:
                raise ValueError(f"holds percents from 0 to 100, not {percent!r}")
        made.append(tuple(float(percent) for percent in chain))
    return tuple(made)
