"""The two gates before the work: the visa and the license. Passing one never passes the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.rules.model import Text
from corridor.rules.verdicts import Verdict

if TYPE_CHECKING:
    from corridor.rules.ladder import Rung

GATE_NAMES = {"visa": Text("비자 관문", "Visa gate"), "license": Text("면허 관문", "License gate")}
GATE_STATES = {
    "open": Text("열림", "Open"),
    "closed": Text("닫힘", "Closed"),
    "unknown": Text("확인 필요", "Not known yet"),
}
WHICH_STATE = Text(
    "일할 곳은 어느 주인가요? 면허는 주마다 다릅니다.",
    "In which state is the work? Licenses differ by state.",
)


@dataclass(frozen=True, slots=True)
class Gate:
    """`kind`: visa or license; `state`: open, closed or unknown, and why."""

    kind: str
    state: str
    why: Text

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        say = saying(lang)
        return {
            "gate": self.kind,
            "name": say(GATE_NAMES[self.kind]),
            "state": self.state,
            "state_name": say(GATE_STATES[self.state]),
            "why": say(self.why),
        }


def saying(lang: str | None) -> Callable[[Text], Any]:
    return lambda text: text(lang) if lang else {"ko": text.ko, "en": text.en}


NO_FACTS = Text(
    "비자에 필요한 사실을 알려 주시면 판단합니다.",
    "Tell us the facts that a visa depends on, and we judge it.",
)


NO_VISA_NEEDED = Gate(
    "visa",
    "open",
    Text(
        "이 프로그램에는 미국 비자가 필요하지 않습니다.",
        "No U.S. visa is needed for this program.",
    ),
)


def visa_gate(best: Verdict | None) -> Gate:
    """The gate as the best route's verdict leaves it. None: no route suits the program at all."""
    if best is None:
        return Gate("visa", "unknown", NO_FACTS)
    ko, en = best.name("ko"), best.name("en")
    match best.display:
        case "works":
            return Gate("visa", "open", Text(f"가능한 경로: {ko}", f"This route works: {en}"))
        case "works_if":
            why = Text(f"조건을 갖추면 열립니다: {ko}", f"Opens if its conditions are met: {en}")
            return Gate("visa", "unknown", why)
        case "no":
            why = Text(
                "지금 알려진 사실로는 가능한 비자 경로가 없습니다.",
                "With what is known now, no visa route works.",
            )
            return Gate("visa", "closed", why)
    why = Text(f"아직 모르는 사실이 있습니다: {ko}", f"Some facts are not known yet: {en}")
    return Gate("visa", "unknown", why)


def license_gate(required: Sequence[Rung], state: str | None, told: bool | None) -> Gate:
    if state is None:
        return Gate("license", "unknown", WHICH_STATE)
    todo = [
        rung
        for rung in required
        if rung.group != "unknown" and any(each.step.gate == "license" for each in rung.steps)
    ]
    if told is False or todo:
        count = sum(each.step.gate == "license" for rung in todo for each in rung.steps)
        ko = ", ".join(rung.names.ko for rung in todo)
        en = ", ".join(rung.names.en for rung in todo)
        why = (
            Text(f"아직 할 일이 {count}가지 있습니다: {ko}", f"{count} still to do: {en}")
            if todo
            else Text(
                "필요한 주 면허가 없다고 답하셨습니다.",
                "You said that the state license needed is not held.",
            )
        )
        return Gate("license", "closed", why)
    unsure = [rung for rung in required if not _is_settled(rung)]
    if unsure:
        ko = ", ".join(rung.names.ko for rung in unsure)
        en = ", ".join(rung.names.en for rung in unsure)
        return Gate(
            "license",
            "unknown",
            Text(
                f"주 면허 기관이나 시·카운티에 확인해야 합니다: {ko}",
                f"To be checked with the state board or the city or county: {en}",
            ),
        )
    if told:
        return Gate(
            "license",
            "open",
            Text(
                "필요한 주 면허가 있거나 필요 없다고 답하셨습니다.",
                "You said that the state license is held or not needed.",
            ),
        )
    if not any(map(_tells_of_licenses, required)):
        return Gate(
            "license",
            "unknown",
            Text(
                "프로그램이 면허가 필요한 일인지 적지 않았습니다. "
                "배선·배관·냉매·크레인 작업이 있으면 면허를 확인하십시오.",
                "The program does not say whether the work needs a license. If it includes wiring, "
                "plumbing, refrigerants or cranes, check.",
            ),
        )
    return Gate(
        "license",
        "open",
        Text(
            "요구하는 자격에 대해 더 받아야 할 면허가 알려져 있지 않습니다.",
            "For the credentials asked for, no license is known to be still missing.",
        ),
    )


def _is_settled(rung: Rung) -> bool:
    """Whether it is known what the state asks: of a trade only where the state's rule was read."""
    if rung.group == "unknown" or rung.license == "contractor":
        return False
    return bool(rung.rules) or not _tells_of_licenses(rung)


def _tells_of_licenses(rung: Rung) -> bool:
    """Whether what is asked says something of the work: a degree or a safety card does not."""
    return bool(rung.license and rung.credential and rung.credential.is_licensed_work)
