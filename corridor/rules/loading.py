"""From the YAML files to the data set. Whatever is not consistent is refused with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from corridor.rules import facts as fact_registry
from corridor.rules import timeline
from corridor.rules.checks import (
    Told,
    facts_read,
    implies,
)
from corridor.rules.credentials import Credential
from corridor.rules.credentials import load as load_credentials
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
    Span,
    Status,
    Step,
    Text,
)
from corridor.rules.reading import Map, read

DATA = Path(__file__).parent / "data"
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
    *("id", "name", "family", "kinds", "role", "volatility", "status", "requires", "also", "fees"),
    *("documents", "notes", "warning", "max_months", "lead_time", "steps", "citations"),
)
_REQUIREMENT = ("id", "check", "when", "when_told", "severity", "on_fail", "note")
_EXIT = ("id", "name", "concerns", "cleared", "needed", "unknown", "changes", "steps")
_ABOUT = ("sponsor", "dependents", "wages", "quota", "repeat", "stay", "states")


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

    def cuts(self) -> tuple[date, ...]:
        """Every day on which some pathway's law changes, in order."""
        return tuple(sorted({day for each in self.pathways.values() for day in each.boundaries()}))


@lru_cache(maxsize=4)
def load(folder: Path = DATA) -> Dataset:
    """The data set in `folder`, read once a process. Raises RuleDataError."""
    return _Loading(folder).dataset()


class _Loading:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts = fact_registry.load(folder / "facts", "facts")
        self.sources = {key: self._source(key, body) for key, body in self._shared("sources")}
        self.grammar = Grammar(self.facts, self.sources)
        self.documents = {key: self._document(body) for key, body in self._shared("documents")}
        self.notes = {key: text(body) for key, body in self._shared("notes")}
        self.fees = {key: self._fee(key, body) for key, body in self._shared("fees")}
        self.shared = dict(self._shared("requirements"))
        self.steps = dict(self._shared("steps"))

    def dataset(self) -> Dataset:
        pathways: dict[str, Pathway] = {}
        borrows: dict[str, tuple[Map, list[Map]]] = {}
        for top in self._files("pathways"):
            pathway = self._pathway(top)
            pathways[pathway.id] = pathway
            borrows[pathway.id] = (top, top.maps("also"))
        changes = {change.id: change for change in map(self._change, self._files("changes"))}
        for top in self._files("changes"):
            for each in top.texts("affects"):
                if not any(changes[top["id"]].touches(pathway) for pathway in pathways):
                    raise top.refuse(f"'{each}' affects no known pathway", "affects")
        for name, (top, also) in borrows.items():
            pathways[name] = replace(
                pathways[name],
                requirements=self._with_borrowed(pathways[name], also, pathways, top),
                changes=tuple(change for change in changes.values() if change.touches(name)),
            )
        exits = tuple(self._exit(top, changes) for top in self._files("exit"))
        return Dataset(
            revision=revision_of(self.folder),
            facts=self.facts,
            pathways=pathways,
            changes=changes,
            exit_rules=exits,
            credentials=load_credentials(
                self._files("credentials"), lambda body: self.grammar.backing(body, body)
            ),
            sources=self.sources,
        )

    # files

    def _files(self, kind: str) -> list[Map]:
        found = []
        for path in sorted((self.folder / kind).glob("*.yaml")):
            top = read(path, name=f"{kind}/{path.name}")
            if top.text("id", needed=True) != path.stem:
                raise top.refuse(f"'id' must be the file's name, {path.stem}", "id")
            found.append(top)
        return found

    def _shared(self, kind: str) -> list[tuple[str, Map]]:
        path = self.folder / "shared" / f"{kind}.yaml"
        if not path.exists():
            return []
        top = read(path, name=f"shared/{path.name}")
        for key, body in top.items():
            if not isinstance(body, Map):
                raise top.refuse(f"'{key}' must be a map", key)
        return list(top.items())

    # parts

    def _source(self, key: str, body: Map) -> Source:
        body.allow(("what", "kind", "as_of"))
        what, kind = body.text("what", needed=True), body.text("kind", needed=True)
        return Source(key, what, kind, body.text("as_of", needed=True))

    def _pathway(self, top: Map) -> Pathway:
        top.allow((*_PATHWAY, *_ABOUT, *BACKING))
        name = top.text("id", needed=True)
        kinds = top.texts("kinds")
        for kind in kinds:
            if kind not in KINDS:
                raise top.refuse(f"unknown program kind '{kind}'; {near(kind, KINDS)}", "kinds")
        requirements = [self._requirement(body, name, top) for body in top.maps("requires")]
        refuse_overlaps([(each.id, each.span) for each in requirements], top, "requires")
        statuses = tuple(self._status(body, top) for body in top.maps("status", needed=True))
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
            about={key: both(top, key) for key in _ABOUT if key in top},
        )

    def _named(self, top: Map, key: str, known: Mapping[str, Any]) -> list[Any]:
        for each in top.texts(key):
            if each not in known:
                raise top.refuse(f"unknown entry '{each}' in '{key}'; {near(each, known)}", key)
        return [known[each] for each in top.texts(key)]

    def _notes(self, top: Map) -> list[Text]:
        made = []
        for each in top.get("notes") or []:
            if isinstance(each, Map):
                made.append(text(each))
            elif each in self.notes:
                made.append(self.notes[each])
            else:
                raise top.refuse(f"unknown note '{each}'; {near(str(each), self.notes)}", "notes")
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
        if not (isinstance(ends, list) and len(ends) == 2 and ends[0] <= ends[1]):
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
        if "when" in body:
            check = implies(self.grammar.check(body["when"], body, "when"), check)
        if "when_told" in body:
            check = implies(Told(self.grammar.check(body["when_told"], body, "when_told")), check)
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
        )

    def _with_borrowed(
        self, pathway: Pathway, also: Sequence[Map], pathways: Mapping[str, Pathway], top: Map
    ) -> tuple[Requirement, ...]:
        """The pathway's requirements and, under a condition, those of another one."""
        own = list(pathway.requirements)
        for body in also:
            body.allow(("when", "pathway"))
            lender = pathways.get(body.text("pathway", needed=True))
            if lender is None:
                hint = near(str(body["pathway"]), pathways)
                raise body.refuse(f"unknown pathway '{body['pathway']}'; {hint}", "pathway")
            when = self.grammar.check(body.need("when"), body, "when")
            have = {each.check for each in pathway.requirements}
            for each in lender.requirements:
                if each.check in have:
                    continue
                check = implies(when, each.check)
                own.append(replace(each, check=check, facts=facts_read([check]), via=lender.id))
        return tuple(own)

    def _fee(self, key: str, body: Map) -> Fee:
        body.allow(("name", "payer", "versions", "checked_on"))
        versions = []
        for each in body.maps("versions", needed=True):
            each.allow(("usd", "state", "note", *SPAN, *BACKING))
            usd = each.get("usd")
            if usd is not None and (isinstance(usd, bool) or not isinstance(usd, (int, float))):
                raise each.refuse("'usd' must be a number", "usd")
            versions.append(
                FeeVersion(
                    usd=None if usd is None else Decimal(str(usd)),
                    state=each.choice("state", FEE_STATES),
                    span=span(each),
                    backing=self.grammar.backing(each, body),
                    note=both(each, "note") if "note" in each else None,
                )
            )
        refuse_overlaps([(key, version.span) for version in versions], body, "versions")
        return Fee(key, both(body, "name"), body.choice("payer", PAYERS), tuple(versions))

    def _change(self, top: Map) -> Change:
        top.allow(("id", "title", "affects", "caution", "versions", "checked_on"))
        versions = []
        by_state: list[tuple[str, Span]] = []
        for body in top.maps("versions", needed=True):
            body.allow(("text", "state", *SPAN, *BACKING))
            state, days = body.choice("state", STATES), span(body)
            # A proposal or a suspended text stands beside the law in force; two laws may not.
            by_state.append(("in force" if state in ("in_force", "past") else state, days))
            versions.append(
                ChangeVersion(both(body, "text"), state, days, self.grammar.backing(body, top))
            )
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
