"""Every single statement of a data set with its dated versions: one inventory for all who look
after the rules (what changed, what is due for a check, the history of a value).

A statement is one thing that the data says: a pathway's legal status, one of its requirements, a
fee, a credential. Its key is a path of words ("pathways/j1_intern/requires/duration") and stays
while its versions come and go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from corridor.rules import saying
from corridor.rules.checks import leaves
from corridor.rules.credentials import LEVELS, LICENSES, Credential, StateRule
from corridor.rules.duties import ACTIVITY, DispatchData, Route
from corridor.rules.facts import FactSpec
from corridor.rules.loading import Dataset
from corridor.rules.model import (
    VOLATILITY,
    Backing,
    Change,
    ExitRuleData,
    Fee,
    Pathway,
    Requirement,
    Span,
    Step,
    Text,
)
from corridor.rules.stays import StayLimit

Aspects = Mapping[str, tuple[Text, ...]]
USUAL = "medium"  # the volatility of what the data gives none for
PARTS = {
    "general": Text("기본 사항", "general"),
    "status": Text("법적 상태", "legal status"),
    "requirement": Text("요건", "requirement"),
    "step": Text("단계", "step"),
    "fee": Text("수수료", "fee"),
    "change": Text("규정의 이력", "history of a rule"),
    "credential": Text("자격", "credential"),
    "state": Text("주별 규정", "state rule"),
    "duty": Text("업무", "duty"),
    "exit_rule": Text("출국 규정", "exit rule"),
    "stay": Text("체류 기한", "longest stay"),
    "fact": Text("질문 항목", "fact"),
    "source": Text("읽은 자료", "source"),
    "more": Text("그 밖의 자료", "other data"),
}
# What a pathway says beside its statements with versions of their own; see _pathway.
_APART = ("id", "backing", "statuses", "requirements", "fees", "changes", "steps", "about")


@dataclass(frozen=True, slots=True)
class Version:
    """What a statement says while `span` lasts: each of its aspects in words, by the field's name.

    An aspect has several texts where the field is a list. `home`: the key under which a person
    checks it; the same for all pathways that share it.
    """

    span: Span
    aspects: Aspects
    backing: Backing | None
    home: str
    state: str = ""  # a legal state, or that of a fee


@dataclass(frozen=True, slots=True)
class Statement:
    """`owner`: the id of the pathway, fee, change, credential … that says it; `subject`: its name.

    `title`: what the statement is about, where its owner says several things.
    """

    key: str
    part: str  # see PARTS
    owner: str
    subject: Text
    title: Text
    versions: tuple[Version, ...]
    volatility: str = USUAL

    def on(self, day: date) -> list[Version]:
        """The versions of that day: one, or none; of a rule's history possibly several."""
        return [version for version in self.versions if day in version.span]

    def cuts(self) -> set[date]:
        """The days on which it may say something else than on the day before."""
        found = set()
        for version in self.versions:
            if version.span.start:
                found.add(version.span.start)
            if version.span.end and version.span.end < date.max:
                found.add(version.span.end + timedelta(days=1))
        return found


def statements(data: Dataset) -> list[Statement]:
    """All statements, in the order of the files: pathways first."""
    return list(_gathered(_Same(data)))


def of_pathway(data: Dataset, name: str) -> list[Statement]:
    """What bears on one pathway: its own statements, its fees, and the histories of its rules."""
    pathway = data.pathways[name]
    return [
        *_pathway(pathway, data),
        *(_fee(fee, {fee.id: pathway.volatility}) for fee in pathway.fees),
        *(each for change in pathway.changes for each in _change(change, data)),
    ]


class _Same:
    """A data set as a key: the same object, as a data set is never changed once it is read."""

    def __init__(self, data: Dataset) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.data is other.data

    def __hash__(self) -> int:
        return id(self.data)


@lru_cache(maxsize=2)  # the one in use and the one compared with it: staff's pages ask thrice
def _gathered(same: _Same) -> tuple[Statement, ...]:
    return tuple(_all(same.data))


def _all(data: Dataset) -> Iterator[Statement]:
    fees: dict[str, Fee] = {}
    often: dict[str, str] = {}  # a fee is checked as often as the most changeable of its pathways
    for pathway in data.pathways.values():
        yield from _pathway(pathway, data)
        for fee in pathway.fees:
            fees[fee.id] = fee
            often[fee.id] = max(often.get(fee.id, "low"), pathway.volatility, key=VOLATILITY.index)
    yield from (_fee(fee, often) for fee in fees.values())
    for change in data.changes.values():
        yield from _change(change, data)
    for credential in data.credentials.values():
        yield from _credential(credential, data)
    yield from (_exit(each, data) for each in data.exit_rules)
    yield from (_stay(each, data) for each in dict.fromkeys(data.stays.values()))
    yield from map(_fact, data.facts.values())
    for key, source in data.sources.items():
        yield _plain(data, f"sources/{key}", "source", saying.both(key), source)
    yield from _dispatch(data.dispatch, data)
    yield from _more(data)


def _pathway(pathway: Pathway, data: Dataset) -> Iterator[Statement]:
    own, often = f"pathways/{pathway.id}", pathway.volatility

    def statement(name: str, part: str, title: Text, versions: Sequence[Version]) -> Statement:
        key = f"{own}/{name}"
        return Statement(key, part, pathway.id, pathway.names, title, tuple(versions), often)

    general = _aspects(pathway, data, without=_APART) | _said(**pathway.about)
    yield statement("general", "general", PARTS["general"],
                    [Version(Span(), general, pathway.backing, f"{own}/general")])  # fmt: skip
    yield statement("status", "status", PARTS["status"], [
        Version(each.span, _said(state=saying.word(each.state), note=each.note), each.backing,
                _home(f"{own}/status", each.span), each.state)
        for each in pathway.statuses
    ])  # fmt: skip
    requirements: dict[str, list[Requirement]] = {}
    for each in pathway.requirements:
        requirements.setdefault(each.id.removeprefix(f"{pathway.id}."), []).append(each)
    for name, group in requirements.items():
        versions = [_requirement(each, pathway, data) for each in group]
        yield statement(f"requires/{name}", "requirement", _topic(group[-1], data), versions)
    for step in pathway.steps:
        yield statement(f"steps/{step.id}", "step", step.text, [_step(step, own, data)])


def _requirement(each: Requirement, pathway: Pathway, data: Dataset) -> Version:
    lender, _, name = each.id.partition(".")
    shared = each.backing.file.startswith("shared/")
    home = f"shared/requirements/{name}" if shared else f"pathways/{lender}/requires/{name}"
    aspects = _said(
        check=saying.check(each.check, data.facts),
        severity=saying.severity(each),
        note=each.note,
        via=data.pathways[each.via].names if each.via else None,
    )
    span = Span() if shared else each.span  # one check serves all who use it
    return Version(each.span, aspects, each.backing, _home(home, span))


def _topic(requirement: Requirement, data: Dataset) -> Text:
    """The fact that a requirement is about: the one that its check reads last."""
    spec = data.facts[list(leaves(requirement.check))[-1].fact]
    return Text(spec.label_ko, spec.label_en)


def _step(step: Step, own: str, data: Dataset) -> Version:
    home = f"{own}/steps/{step.id}"
    if step.backing and step.backing.file.startswith("shared/"):
        home = f"shared/steps/{step.id}"
    return Version(Span(), _aspects(step, data, without=("id", "backing")), step.backing, home)


def _fee(fee: Fee, often: Mapping[str, str]) -> Statement:
    versions = [
        Version(
            each.span,
            _said(name=fee.name, usd=saying.amount(each.usd), state=saying.word(each.state),
                  payer=saying.word(fee.payer), note=each.note),
            each.backing, _home(f"fees/{fee.id}", each.span), each.state,
        )
        for each in fee.versions
    ]  # fmt: skip
    return Statement(f"fees/{fee.id}", "fee", fee.id, fee.name, PARTS["fee"], tuple(versions),
                     often.get(fee.id, USUAL))  # fmt: skip


def _change(change: Change, data: Dataset) -> Iterator[Statement]:
    touched = [p.volatility for p in data.pathways.values() if change.touches(p.id)]
    often = max(touched, key=VOLATILITY.index, default=USUAL)
    key = f"changes/{change.id}"
    about = _aspects(change, data, without=("id", "versions"))
    yield Statement(f"{key}/general", "general", change.id, change.title, PARTS["general"],
                    (Version(Span(), about, None, f"{key}/general"),), often)  # fmt: skip
    versions = []
    for each in change.versions:
        # A proposal may stand beside the law in force from the same day: the state tells them apart
        home = f"{_home(key, each.span)}/{each.state}"
        aspects = _said(state=saying.word(each.state), text=each.text)
        versions.append(Version(each.span, aspects, each.backing, home, each.state))
    yield Statement(key, "change", change.id, change.title, PARTS["change"], tuple(versions), often)


def _credential(credential: Credential, data: Dataset) -> Iterator[Statement]:
    own = f"credentials/{credential.id}"

    def statement(key: str, part: str, title: Text, versions: Sequence[Version]) -> Statement:
        return Statement(key, part, credential.id, credential.names, title, tuple(versions))

    aspects = _aspects(credential, data, without=("id", "backing", "steps", "states"))
    aspects |= _levels(credential)
    yield statement(own, "credential", PARTS["credential"],
                    [Version(Span(), aspects, credential.backing, own)])  # fmt: skip
    for step in credential.steps:
        key = f"{own}/steps/{step.id}"
        aspects = _aspects(step, data, without=("id", "backing"))
        yield statement(key, "step", step.text, [Version(Span(), aspects, step.backing, key)])
    by_state: dict[str, list[Version]] = {}
    for rule in credential.states:
        home = _home(f"{own}/states/{'+'.join(rule.states)}", rule.span)
        aspects = _aspects(rule, data, without=("states", "span", "backing")) | _levels(rule)
        for state in rule.states:
            made = Version(rule.span, aspects, rule.backing, home)
            by_state.setdefault(state, []).append(made)
    for state, versions in by_state.items():
        yield statement(f"{own}/states/{state}", "state", saying.both(state), versions)


def _levels(item: Credential | StateRule) -> dict[str, tuple[Text, ...]]:
    return _said(
        level=LEVELS.get(item.level or ""),
        license=LICENSES.get(item.license or ""),
    )


def _dispatch(data: DispatchData, whole: Dataset) -> Iterator[Statement]:
    """What each route makes of each duty, and what holds of duties on any route."""
    names = Text("파견 업무", "duties of a dispatch")
    duties = _aspects(data, whole, without=("statements", "gates", "routes"))
    yield Statement("dispatch/duties", "duty", "duties", names, names,
                    (Version(Span(), duties, None, "dispatch/duties"),))  # fmt: skip
    for name, said in (*data.statements.items(), *data.gates.items()):
        key = f"dispatch/duties/{name}"
        yield Statement(key, "duty", "duties", names, saying.both(name.replace("_", " ")),
                        (Version(Span(), _said(note=said.note), said.backing, key),))  # fmt: skip
    for route in data.routes.values():
        yield from _route(route, whole)


def _route(route: Route, data: Dataset) -> Iterator[Statement]:
    pathway, names = data.pathways[route.id], data.facts[ACTIVITY].choices
    said = [
        (activity, line.span, line.statement, saying.word(line.rule), None)
        for activity, lines in route.lines.items()
        for line in lines
    ] + [
        (activity, Span(), other.statement, saying.word("beside"),
         data.pathways[other.ground].names)
        for activity, other in route.beside.items()
    ]  # fmt: skip
    homes: dict[tuple[str, int], str] = {}  # one line of the file may be about several activities
    key = f"dispatch/{route.id}/general"
    about = _aspects(route, data, without=("id", "lines", "beside", "added"))
    yield Statement(key, "general", route.id, pathway.names, PARTS["general"],
                    (Version(Span(), about, None, key),))  # fmt: skip
    made: dict[str, list[Version]] = {}
    for activity, span, statement, rule, ground in said:
        home = _home(f"dispatch/{route.id}/{activity}", span)
        aspects, backing = _said(state=rule, via=ground), None
        if statement is not None:
            aspects |= _said(note=statement.note)
            backing = statement.backing
            home = homes.setdefault((backing.file, backing.line), home)
        made.setdefault(activity, []).append(Version(span, aspects, backing, home))
    for activity, versions in made.items():
        title = Text(*names.get(activity, (activity, activity)))
        yield Statement(f"dispatch/{route.id}/{activity}", "duty", route.id, pathway.names, title,
                        tuple(versions), pathway.volatility)  # fmt: skip


def _exit(rule: ExitRuleData, data: Dataset) -> Statement:
    aspects = _aspects(rule, data, without=("id", "backing", "changes"))
    aspects["changes"] = tuple(change.title for change in rule.changes)
    key = f"exit/{rule.id}"
    return Statement(key, "exit_rule", rule.id, rule.names, PARTS["exit_rule"],
                     (Version(Span(), aspects, rule.backing, key),))  # fmt: skip


def _stay(limit: StayLimit, data: Dataset) -> Statement:
    """One limit, however many pathways share it."""
    held = [data.pathways[name].names for name in limit.pathways if name in data.pathways]
    subject = Text(", ".join(each.ko for each in held), ", ".join(each.en for each in held))
    aspects = _aspects(limit, data, without=("id", "backing", "pathways"))
    key = f"stays/{limit.id}"
    return Statement(key, "stay", limit.id, subject, PARTS["stay"],
                     (Version(Span(), aspects, limit.backing, key),))  # fmt: skip


_KNOWN = {"revision", "pathways", "changes", "exit_rules", "credentials", "facts", "sources",
          "dispatch", "stays"}  # fmt: skip


def _more(data: Dataset) -> Iterator[Statement]:
    """Whatever else a data set holds, so that nothing new in it can pass unseen."""
    for each in fields(data):
        if each.name in _KNOWN:
            continue
        held = getattr(data, each.name)
        if isinstance(held, (tuple, list)):
            held = {str(getattr(item, "id", at)): item for at, item in enumerate(held, 1)}
        if not isinstance(held, Mapping):
            held = {"": held}
        for name, item in held.items():
            subject = getattr(item, "names", None) or getattr(item, "name", None)
            if not isinstance(subject, Text):
                subject = saying.both(str(name) or each.name)
            yield _plain(data, f"{each.name}/{name}".rstrip("/"), "more", subject, item)


def _plain(data: Dataset, key: str, part: str, subject: Text, item: Any) -> Statement:
    """A statement of whatever the fields of `item` say, without dates."""
    backing = getattr(item, "backing", None)
    if hasattr(item, "__dataclass_fields__"):
        aspects = _aspects(item, data, without=("id", "backing", "name"))
    else:
        aspects = _said(text=saying.value(item, data.facts))
    version = Version(Span(), aspects, backing if isinstance(backing, Backing) else None, key)
    return Statement(key, part, key.rpartition("/")[2], subject, PARTS[part], (version,))


def _fact(spec: FactSpec) -> Statement:
    label = Text(spec.label_ko, spec.label_en)
    aspects = _said(
        label=label,
        question=Text(spec.question_ko, spec.question_en),
        type=saying.word(spec.type),
        unit=saying.word(spec.unit) if spec.unit else None,
        range=None if spec.type != "number"
        else saying.both(f"{spec.minimum:g} – {spec.maximum:g}"),
        who=saying.word(spec.who),
        changeable=saying.CHANGEABLE[spec.changeable],
    )
    choices = tuple(Text(f"{key}: {ko}", f"{key}: {en}") for key, (ko, en) in spec.choices.items())
    if choices:
        aspects["choices"] = choices
    key = f"facts/{spec.name}"
    return Statement(key, "fact", spec.name, label, PARTS["fact"],
                     (Version(Span(), aspects, None, key),))  # fmt: skip


def _aspects(item: Any, data: Dataset, *, without: Sequence[str]) -> dict[str, tuple[Text, ...]]:
    """Each field of a dataclass in words; fields that say nothing are left out."""
    return {
        each.name: saying.items(held, data.facts)
        for each in fields(item)
        if each.name not in without
        and (held := getattr(item, each.name)) not in (None, (), [], {}, "")
    }


def _said(**texts: Text | None) -> dict[str, tuple[Text, ...]]:
    return {name: (text,) for name, text in texts.items() if text is not None}


def _home(key: str, span: Span) -> str:
    return f"{key}/{span.start.isoformat()}" if span.start else key
