"""From the YAML files to the data set. Whatever is not consistent is refused with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from corridor.rules import duties, papers, stays, timeline
from corridor.rules import facts as fact_registry
from corridor.rules.checks import (
    AllOf,
    Check,
    Told,
    facts_read,
    implies,
)
from corridor.rules.credential_files import load as load_credentials
from corridor.rules.credentials import Credential
from corridor.rules.errors import RuleDataError
from corridor.rules.facts import FactSpec
from corridor.rules.grammar import (
    BACKING,
    SPAN,
    Grammar,
    both,
    near,
    refuse_overlaps,
    span,
    text,
    whole,
)
from corridor.rules.model import (
    ACTORS,
    KINDS,
    STATES,
    VOLATILITY,
    Change,
    ChangeVersion,
    Document,
    ExitRuleData,
    Fee,
    FeeVersion,
    LeadTime,
    Pathway,
    Requirement,
    Source,
    Status,
    Step,
    Text,
)
from corridor.rules.reading import Map, Problems, read, read_each, report

DATA = Path(__file__).parent / "data"
T = TypeVar("T")
FEE_STATES = (
    "collected",
    "optional",
    "not_collected",
    "proposed",
    "vacated",
    "suspended",
    "unknown",
)
ROLES = ("route", "by_selection", "process")
PAYERS = ("participant", "employer", "school", "either")
_PATHWAY = (
    *("id", "name", "family", "kinds", "role", "selected_by", "volatility", "status", "requires"),
    *("also", "fees"),
    *("documents", "notes", "warning", "max_months", "lead_time", "steps", "citations"),
)
_REQUIREMENT = ("id", "check", "when", "when_told", "severity", "on_fail", "note")
_EXIT = ("id", "name", "concerns", "cleared", "needed", "unknown", "changes", "steps")
_ABOUT = ("sponsor", "dependents", "wages", "quota", "repeat", "stay", "states", "tax")


@dataclass(frozen=True)
class Dataset:
    """All rule data of one revision (12 hex digits of the SHA-256 over the files)."""

    revision: str
    facts: Mapping[str, FactSpec]
    pathways: Mapping[str, Pathway]
    changes: Mapping[str, Change]
    exit_rules: tuple[ExitRuleData, ...]
    credentials: Mapping[str, Credential]
    sources: Mapping[str, Source]
    dispatch: duties.DispatchData = duties.NOTHING
    papers: Mapping[str, papers.Paper] = field(default_factory=dict)
    stays: Mapping[str, stays.StayLimit] = field(default_factory=dict)  # by pathway
    citations: Mapping[str, Text] = field(default_factory=dict)  # by the words in the files

    def cuts(self) -> tuple[date, ...]:
        """Every day on which some pathway's law changes, in order."""
        return tuple(sorted({day for each in self.pathways.values() for day in each.boundaries()}))


def load(folder: Path = DATA, problems: Problems = None) -> Dataset:
    """The data set in `folder`. Raises RuleDataError at the first problem.

    With a list as `problems` each goes in there instead, and what has one is left out (upkeep).
    """
    return _Loading(folder, problems).dataset()


class _Loading:
    def __init__(self, folder: Path, problems: Problems) -> None:
        self.folder, self.problems = folder, problems
        self.facts = fact_registry.load(self._read("facts"))
        self.sources = self._shared("sources", self._source)
        self.grammar = Grammar(self.facts, self.sources)
        self.documents = self._shared("documents", lambda _, body: self._document(body))
        self.notes = self._shared("notes", lambda _, body: text(body))
        self.fees = self._shared("fees", self._fee)
        self.shared: dict[str, Map] = self._shared("requirements", lambda _, body: body)
        self.steps: dict[str, Map] = self._shared("steps", lambda _, body: body)

    def dataset(self) -> Dataset:
        tops = {top["id"]: top for top in self._files("pathways")}
        if not tops:
            report(self.problems, RuleDataError("pathways", 1, "no pathway is in this folder"))
        pathways = {made.id: made for made in read_each(self._pathway, tops.values())}
        tops_of_changes = self._files("changes")
        changes = {made.id: made for made in read_each(self._change, tops_of_changes)}
        for top in tops_of_changes:
            for name in top.texts("affects"):
                if top["id"] in changes and not any(map(changes[top["id"]].touches, tops)):
                    problem = top.refuse(f"'{name}' affects no known pathway", "affects")
                    report(self.problems, problem)
        dispatch = duties.load(
            self._files("dispatch"), self.grammar, pathways, self._own_requirement
        )
        pathways = dispatch.attached(pathways)
        for name, pathway in list(pathways.items()):
            pathways[name] = replace(
                pathway,
                requirements=self._with_borrowed(pathway, tops, pathways),
                changes=tuple(change for change in changes.values() if change.touches(name)),
            )
        exits = tuple(read_each(lambda top: self._exit(top, changes), self._files("exit")))
        return Dataset(
            revision=revision_of(self.folder),
            facts=self.facts,
            pathways=pathways,
            changes=changes,
            exit_rules=exits,
            credentials=load_credentials(self._files("credentials"), self.grammar.backing),
            sources=self.sources,
            dispatch=dispatch,
            papers=papers.load(
                self._files("papers"), self.grammar, pathways=tops, kinds=dispatch.kinds
            ),
            stays=stays.load(self._files("stays"), self.grammar, pathways),
            citations=dict(self._shared("citations", self._citation).values()),
        )

    # files

    def _read(self, kind: str, name: str = "*") -> list[Map]:
        found = []
        for path in sorted((self.folder / kind).glob(f"{name}.yaml")):
            try:
                found.append(read(path, name=f"{kind}/{path.name}", problems=self.problems))
            except RuleDataError as error:
                report(self.problems, error)
        return found

    def _files(self, kind: str) -> list[Map]:
        """One map a file, each with the file's name as its `id`."""
        found = self._read(kind)
        for top in found:
            stem = Path(top.file).stem
            with top.noting():
                if top.text("id", needed=True) != stem:
                    raise top.refuse(f"'id' must be the file's name, {stem}", "id")
            top["id"] = stem
        return found

    def _shared(self, kind: str, make: Callable[[str, Map], T]) -> dict[str, T]:
        """What `make` makes of each entry of a shared file, by its key."""
        made: dict[str, T] = {}
        for top in self._read("shared", kind):
            for key, body in top.items():
                with top.noting():
                    if not isinstance(body, Map):
                        raise top.refuse(f"'{key}' must be a map", key)
                    made[key] = make(key, body)
        return made

    # parts

    def _source(self, key: str, body: Map) -> Source:
        body.allow(("what", "kind", "as_of"))
        kind, as_of = body.text("kind", needed=True), body.text("as_of", needed=True)
        return Source(key, both(body, "what"), kind, as_of)

    def _citation(self, _key: str, body: Map) -> tuple[str, Text]:
        body.allow(("as", "ko", "en"))
        said = body.text("as", needed=True)
        return said, Text(body.text("ko", needed=True), body.text("en") or said)

    def _pathway(self, top: Map) -> Pathway:
        top.allow((*_PATHWAY, *_ABOUT, *BACKING))
        name = top.text("id", needed=True)
        kinds = top.texts("kinds")
        for kind in kinds:
            if kind not in KINDS:
                problem = f"unknown program kind '{kind}'; {near(kind, KINDS)}"
                report(self.problems, top.refuse(problem, "kinds"))
        requirements = read_each(
            lambda body: self._requirement(body, name, top), top.maps("requires")
        )
        refuse_overlaps([(each.id, each.span) for each in requirements], top, "requires")
        statuses = tuple(
            read_each(lambda body: self._status(body, top), top.maps("status", needed=True))
        )
        refuse_overlaps([("status", each.span) for each in statuses], top, "status")
        return Pathway(
            id=name,
            names=both(top, "name"),
            family=top.text("family", needed=True),
            kinds=kinds,
            role=top.choice("role", ROLES, "route"),
            volatility=top.choice("volatility", VOLATILITY),
            statuses=statuses,
            requirements=tuple(requirements),
            citations=top.texts("citations"),
            backing=self.grammar.backing(top, top),
            fees=tuple(self._named(top, "fees", self.fees)),
            documents=tuple(self._named(top, "documents", self.documents)),
            notes=tuple(self._notes(top)),
            warning=both(top, "warning") if "warning" in top else None,
            max_months=whole(top, "max_months"),
            lead_time=self._lead_time(top),
            steps=self._steps(top),
            about={key: self._about(top, key) for key in _ABOUT if key in top},
            selected_by=self._selected_by(top, name, requirements),
        )

    def _selected_by(self, top: Map, name: str, asked: Sequence[Requirement]) -> str:
        named = top.text("selected_by")
        if not named:
            return ""
        known = [each.id.removeprefix(f"{name}.") for each in asked]
        if named not in known:
            problem = f"'selected_by' names no requirement: '{named}'; {near(named, known)}"
            report(self.problems, top.refuse(problem, "selected_by"))
        return f"{name}.{named}"

    def _about(self, top: Map, key: str) -> Text:
        """A text of the pathway's own, or the name of one in shared/notes.yaml."""
        told = top.get(key)
        shared = self.notes.get(told) if isinstance(told, str) else None
        return shared or both(top, key)

    def _named(self, top: Map, key: str, known: Mapping[str, Any]) -> list[Any]:
        for each in top.texts(key):
            if each not in known:
                problem = f"unknown entry '{each}' in '{key}'; {near(each, known)}"
                report(self.problems, top.refuse(problem, key))
        return [known[each] for each in top.texts(key) if each in known]

    def _notes(self, top: Map) -> list[Text]:
        made = []
        for each in top.get("notes") or []:
            if isinstance(each, Map):
                made.append(text(each))
            elif each in self.notes:
                made.append(self.notes[each])
            else:
                problem = f"unknown note '{each}'; {near(str(each), self.notes)}"
                report(self.problems, top.refuse(problem, "notes"))
        return made

    def _status(self, body: Map, top: Map) -> Status:
        body.allow(("state", "note", *SPAN, *BACKING))
        note = both(body, "note") if "note" in body else None
        state = body.choice("state", STATES)
        return Status(state, span(body), note, self.grammar.backing(body, top))

    def _lead_time(self, top: Map) -> LeadTime | None:
        body = top.get("lead_time")
        if body is None:
            return None
        if not isinstance(body, Map):
            raise top.refuse("'lead_time' must be a map", "lead_time")
        body.allow(("weeks", "days", "estimate", "note"))
        unit, factor = ("weeks", 7) if "weeks" in body else ("days", 1)
        ends = body.need(unit)
        whole = isinstance(ends, list) and len(ends) == 2 and all(type(e) is int for e in ends)
        if not whole or ends[0] > ends[1]:
            raise body.refuse(f"'{unit}' must be [least, most]", unit)
        note = both(body, "note") if "note" in body else None
        return LeadTime(ends[0] * factor, ends[1] * factor, bool(body.get("estimate", True)), note)

    def _steps(self, top: Map) -> tuple[Step, ...]:
        """A pathway's steps must add up to the lead time that its file states."""
        steps = timeline.read(top.maps("steps"), self.steps, self.grammar)
        lead = self._lead_time(top)
        if steps and lead and not any(step.opens for step in steps):
            took = timeline.length(steps)
            if took != (lead.least, lead.most):
                raise top.refuse(
                    f"the steps take {took[0]} to {took[1]} days together, "
                    f"but 'lead_time' says {lead.least} to {lead.most}",
                    "steps",
                )
        return steps

    def _document(self, body: Map) -> Document:
        body.allow(("ko", "en", "who"))
        who = body.choice("who", ACTORS) if "who" in body else ""
        return Document(Text(body.text("ko", needed=True), body.text("en", needed=True)), who)

    def _requirement(self, body: Map, pathway: str, top: Map) -> Requirement:
        name = body.get("use")
        if name is not None:
            body.allow(("use", "severity", "on_fail", *SPAN))
            if name not in self.shared:
                hint = near(str(name), self.shared)
                raise body.refuse(f"unknown shared requirement '{name}'; {hint}", "use")
            shared = self.shared[name]
            made = self._own_requirement(shared, name, pathway, shared)
            return replace(made, span=span(body)) if body.keys() & set(SPAN) else made
        return self._own_requirement(body, body.text("id", needed=True), pathway, top)

    def _own_requirement(self, body: Map, name: str, pathway: str, top: Map) -> Requirement:
        body.allow((*_REQUIREMENT, *SPAN, *BACKING))
        check = self.grammar.check(body.need("check"), body, "check")
        when: Check | None = None
        if "when_told" in body:
            when = Told(self.grammar.check(body["when_told"], body, "when_told"))
        if "when" in body:
            said = self.grammar.check(body["when"], body, "when")
            when = said if when is None else AllOf((said, when))
        own = set(facts_read([check]))
        if when is not None:
            check = implies(when, check)
        severity = body.choice("severity", ("hard", "soft"))
        on_fail = body.choice(
            "on_fail",
            ("not_eligible", "conditional"),
            "not_eligible" if severity == "hard" else "conditional",
        )
        return Requirement(
            id=f"{pathway}.{name}",
            check=check,
            facts=facts_read([check]),
            severity=severity,
            bars=on_fail == "not_eligible",
            note=both(body, "note"),
            backing=self.grammar.backing(body, top),
            span=span(body),
            when=when if when is not None and not own.issuperset(facts_read([when])) else None,
        )

    def _with_borrowed(
        self, pathway: Pathway, tops: Mapping[str, Map], pathways: Mapping[str, Pathway]
    ) -> tuple[Requirement, ...]:
        """The pathway's requirements and, under a condition, those of another one."""

        def borrowed(body: Map) -> list[Requirement]:
            body.allow(("when", "pathway", "without"))
            lender = pathways.get(body.text("pathway", needed=True))
            if lender is None:
                hint = near(str(body["pathway"]), pathways)
                raise body.refuse(f"unknown pathway '{body['pathway']}'; {hint}", "pathway")
            when = self.grammar.check(body.need("when"), body, "when")
            have = {each.check for each in pathway.requirements}
            listed = {each.get("id", each.get("use")) for each in tops[lender.id].maps("requires")}
            for name in body.texts("without"):
                if name not in listed:
                    raise body.refuse(f"unknown requirement '{name}'", "without")
            without = {f"{lender.id}.{name}" for name in body.texts("without")}
            return [
                replace(
                    each, check=check, facts=facts_read([check]), via=lender.id,
                    when=when if each.when is None else AllOf((when, each.when)),
                )
                for each in lender.requirements
                if each.check not in have and each.id not in without
                for check in [implies(when, each.check)]
            ]

        lent = read_each(borrowed, tops[pathway.id].maps("also"))
        return (*pathway.requirements, *(each for some in lent for each in some))

    def _fee(self, key: str, body: Map) -> Fee:
        body.allow(("name", "payer", "versions", "checked_on"))

        def version(each: Map) -> FeeVersion:
            each.allow(("usd", "state", "note", *SPAN, *BACKING))
            usd = each.get("usd")
            if usd is not None and (isinstance(usd, bool) or not isinstance(usd, (int, float))):
                raise each.refuse("'usd' must be a number", "usd")
            return FeeVersion(
                usd=None if usd is None else Decimal(str(usd)),
                state=each.choice("state", FEE_STATES),
                span=span(each),
                backing=self.grammar.backing(each, body),
                note=both(each, "note") if "note" in each else None,
            )

        versions = read_each(version, body.maps("versions", needed=True))
        refuse_overlaps([(key, made.span) for made in versions], body, "versions")
        return Fee(key, both(body, "name"), body.choice("payer", PAYERS), tuple(versions))

    def _change(self, top: Map) -> Change:
        top.allow(("id", "title", "affects", "caution", "versions", "checked_on"))

        def version(body: Map) -> ChangeVersion:
            body.allow(("text", "state", *SPAN, *BACKING))
            state, days = body.choice("state", STATES), span(body)
            return ChangeVersion(both(body, "text"), state, days, self.grammar.backing(body, top))

        versions = read_each(version, top.maps("versions", needed=True))
        # A proposal or a suspended text stands beside the law in force; two laws may not.
        by_state = [
            ("in force" if made.state in ("in_force", "past") else made.state, made.span)
            for made in versions
        ]
        refuse_overlaps(by_state, top, "versions")
        return Change(
            id=top["id"],
            title=both(top, "title"),
            affects=top.texts("affects"),
            versions=tuple(versions),
            caution=both(top, "caution") if "caution" in top else None,
        )

    def _exit(self, top: Map, changes: Mapping[str, Change]) -> ExitRuleData:
        top.allow((*_EXIT, *BACKING))
        return ExitRuleData(
            id=top["id"],
            names=both(top, "name"),
            concerns=self.grammar.check(top.need("concerns"), top, "concerns"),
            cleared=self.grammar.check(top.need("cleared"), top, "cleared"),
            needed=both(top, "needed"),
            unknown=both(top, "unknown"),
            backing=self.grammar.backing(top, top),
            changes=tuple(self._named(top, "changes", changes)),
            steps=timeline.read(top.maps("steps"), self.steps, self.grammar),
        )


def revision_of(folder: Path) -> str:
    """The content hash of every data file, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(b"\0")
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()[:12]
