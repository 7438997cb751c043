"""What lies ahead: the known later days on which a verdict turns, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corridor.rules.checks import Leaf, Outcome, deciding_leaf
from corridor.rules.facts import FactSpec, is_korean
from corridor.rules.model import Pathway, Requirement
from corridor.rules.reasons import Reason, say

_OUTCOMES = {True: "ok", False: "fails", None: "unknown"}
STATE_TEXT = {
    "proposed": ("아직 법이 아니라 제안된 제도입니다.", "This is only proposed; it is not law."),
    "suspended": ("현재 시행이 정지되어 있습니다.", "This is suspended at present."),
    "vacated": ("법원이 취소하여 현재 효력이 없습니다.", "A court has vacated this."),
    "past": ("이미 끝난 제도입니다.", "This has ended."),
    "none": ("이 날짜에는 아직 없던 제도입니다.", "This did not exist on this day."),
}


VERDICT_WORDS = {
    "eligible": ("가능", "works"),
    "conditional": ("조건부", "works if"),
    "not_eligible": ("불가", "does not work"),
    "not_available": ("이용할 수 없음", "not available"),
}


@dataclass(frozen=True)
class Judged:
    """One pathway judged on another day or with other facts."""

    verdict: str
    requirements: Sequence[Requirement]
    outcomes: Sequence[Outcome]
    facts: Mapping[str, Any]

    def failing(self, *, bars_only: bool) -> list[Requirement]:
        return [
            requirement
            for requirement, outcome in zip(self.requirements, self.outcomes, strict=True)
            if outcome is False and (requirement.bars or not bars_only)
        ]


# The same facts on another day, with some of them changed; None where those contradict each other.
Judge = Callable[[date, Mapping[str, Any]], Judged | None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """From `day` on, with the same facts, the verdict is another one.

    `begins`: the requirements that then fail or open and did not before; `ends`: those that did
    and no longer do; `status`: the pathway's legal status from then on, where that changes.
    """

    day: date
    verdict: str
    begins: tuple[Reason, ...] = ()
    ends: tuple[Reason, ...] = ()
    status: str = ""

    def text(self, lang: str) -> str:
        """When, to what, and how."""
        korean = is_korean(lang)
        word = VERDICT_WORDS[self.verdict][0 if korean else 1]
        if korean:
            day = f"{self.day.year}년 {self.day.month}월 {self.day.day}일"
            parts = [f"{day}부터 ‘{word}’(으)로 바뀝니다."]
            ended = "더는 적용되지 않습니다"
            parts += [f"{ended}: {reason.text(lang)}" for reason in self.ends]
        else:
            day = f"{self.day:%B} {self.day.day}, {self.day.year}"
            parts = [f"From {day} this changes to “{word}”."]
            parts += [f"No longer applies: {reason.text(lang)}" for reason in self.ends]
        if self.status in STATE_TEXT:
            parts.append(STATE_TEXT[self.status][0 if korean else 1])
        parts += [reason.text(lang) for reason in self.begins]
        return " ".join(parts)

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "verdict": self.verdict,
            "message": say(self.text, lang),
            "citations": [r.citation for r in (*self.begins, *self.ends)],
        }


def turns(
    pathway: Pathway,
    now: Judged,
    *,
    day: date,
    until: date,
    judge: Judge,
    registry: Mapping[str, FactSpec],
) -> list[Ahead]:
    """The days after `day`, up to `until`, on which the pathway's law changes and the verdict of
    the same facts is another than before."""
    found: list[Ahead] = []
    last, status = now, pathway.status_on(day)
    for cut in pathway.turning_days:  # on other days its law is the same
        if not day < cut <= until:
            continue
        then = judge(cut, {})
        if then is None or then.verdict == last.verdict:
            continue
        state = pathway.status_on(cut)
        found.append(
            Ahead(
                cut,
                then.verdict,
                tuple(reason_of(r, o, then.facts, registry) for r, o in _difference(then, last)),
                tuple(reason_of(r, o, last.facts, registry) for r, o in _difference(last, then)),
                state if state != status else "",
            )
        )
        last, status = then, state
    return found


def reason_of(
    requirement: Requirement,
    outcome: Outcome,
    facts: Mapping[str, Any],
    registry: Mapping[str, FactSpec],
) -> Reason:
    check = requirement.check
    leaf = check if isinstance(check, Leaf) else deciding_leaf(check, facts)
    return Reason(requirement, _OUTCOMES[outcome], leaf, facts.get(leaf.fact), registry)


def _difference(these: Judged, those: Judged) -> list[tuple[Requirement, Outcome]]:
    """What is not met in `these` and was met, or not asked, in `those`."""
    had = {
        requirement.id: outcome
        for requirement, outcome in zip(those.requirements, those.outcomes, strict=True)
    }
    return [
        (requirement, outcome)
        for requirement, outcome in zip(these.requirements, these.outcomes, strict=True)
        if outcome is not True and had.get(requirement.id, True) is not outcome
    ]
