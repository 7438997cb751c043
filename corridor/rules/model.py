"""What the rule data says, once loaded: pathways, requirements, fees, histories, exit rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from corridor.rules.checks import Check, Facts, outcome
from corridor.rules.facts import is_korean

KINDS = (
    "internship",
    "apprenticeship",
    "dispatch",
    "joint_research",
    "joint_curriculum",
    "training",
    "startup",
)
STATES = ("in_force", "proposed", "suspended", "vacated", "past")
EVIDENCE = ("primary", "secondary", "background")
VOLATILITY = ("low", "medium", "high", "very_high", "extreme")
# Who does a step or brings a document.
ACTORS = ("candidate", "host", "employer", "school", "sponsor", "authority")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    ko: str
    en: str

    def __call__(self, lang: str) -> str:
        return self.ko if is_korean(lang) else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: a snapshot, a register abstract, a press report. `as_of` in its own words."""

    id: str
    what: Text
    kind: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Backing:
    """Why a statement may be believed.

    `evidence`: primary (the law's own text was read), secondary, or background (from memory, not
    checked against any text). `checked_on`: the day its source was read for this rule (background:
    the day it was written down); checks by staff are kept apart (corridor.policy). `file` and
    `line`: where the statement stands in the rule data; no part of what it says.
    """

    citation: str
    evidence: str
    checked_on: date
    sources: tuple[str, ...] = ()
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def verified(self) -> bool:
        return self.evidence == "primary"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included; None is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Span) -> bool:
        return (self.end is None or other.start is None or other.start <= self.end) and (
            other.end is None or self.start is None or self.start <= other.end
        )


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a pathway while `span` lasts.

    `bars`: failing it closes the pathway. Otherwise failing it leaves the pathway conditional:
    soft requirements, and hard ones that can still be put right (`on_fail: conditional`).
    """

    id: str
    check: Check
    facts: tuple[str, ...]
    severity: str
    bars: bool
    note: Text
    backing: Backing
    span: Span = Span()
    via: str | None = None  # the pathway it is borrowed from
    # Only where this holds, and other facts than its own say whether; None: always. (A limit of
    # months for longer stays alone concerns a shorter one too: it is met.)
    when: Check | None = None

    def applies(self, facts: Facts) -> bool:
        """Not known to be beside the point."""
        return self.when is None or outcome(self.when, facts) is not False


@dataclass(frozen=True, slots=True)
class Status:
    state: str
    span: Span
    note: Text | None
    backing: Backing


@dataclass(frozen=True, slots=True)
class FeeVersion:
    """`usd` None: an amount exists, but no source states it. `collected`: really taken in."""

    usd: Decimal | None
    state: str  # collected, optional, not_collected, proposed, vacated, suspended, unknown
    span: Span
    backing: Backing
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    id: str
    name: Text
    payer: str  # participant, employer, school, either
    versions: tuple[FeeVersion, ...]

    def on(self, day: date) -> FeeVersion | None:
        return next((version for version in self.versions if day in version.span), None)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that has to be there, and who brings it (see ACTORS; "" where it may be either)."""

    text: Text
    who: str = ""

    def __call__(self, lang: str) -> str:
        return self.text(lang)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something within a step that a person can record with its day; see progress.py.

    `means`: what it makes of the step, one of MEANINGS. `begins`: the step that begins on the day
    told, which may lie ahead (an interview that is booked); empty for most. `who`: whose turn it is
    from then on, where it is another's than the step's.
    """

    id: str
    text: Text
    means: str
    begins: str = ""
    who: str = ""


MEANINGS = ("part", "begun", "waits", "done", "stopped")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does before the first day; see timeline.py.

    `least`, `most`: calendar days. `after`: the steps it waits for. `opens`, `closes`: the month
    and day on which, or between which, it can begin each year. `done`: the facts under which it is
    over. `marks`: what can be recorded of it; empty: only that it is done.
    """

    id: str
    text: Text
    who: str
    least: int
    most: int
    estimate: bool
    after: tuple[str, ...]
    opens: tuple[int, int] | None = None
    closes: tuple[int, int] | None = None
    done: Check | None = None
    note: Text | None = None
    backing: Backing | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadTime:
    """From the decision to go until the visa, in days. `estimate`: no source states it."""

    least: int
    most: int
    estimate: bool
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ChangeVersion:
    text: Text
    state: str
    span: Span
    backing: Backing


@dataclass(frozen=True, slots=True)
class Change:
    """The dated history of one rule. `caution`: what a reader is likely to get wrong."""

    id: str
    title: Text
    affects: tuple[str, ...]
    versions: tuple[ChangeVersion, ...]
    caution: Text | None = None

    def touches(self, pathway: str) -> bool:
        return any(
            pathway == each or (each.endswith("*") and pathway.startswith(each[:-1]))
            for each in self.affects
        )

    def on(self, day: date) -> list[ChangeVersion]:
        return [version for version in self.versions if day in version.span]


@dataclass(frozen=True, slots=True)
class LegalNote:
    """Something to know about a pathway's law on a day; prints as its text."""

    text: str
    state: str
    citation: str = ""
    evidence: str = ""
    title: str = ""
    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Pathway:
    """A visa or status route. `kinds`: program kinds it suits. `role`: route; by_selection (a route
    only for those whom a U.S. school or an agency has already taken in); or process (an overlay
    such as the KIT Desk that never grants a status by itself). `selected_by`: of a route by
    selection, the requirement that says whether somebody has been taken in; "" where none does."""

    id: str
    names: Text
    family: str
    kinds: tuple[str, ...]
    role: str
    volatility: str
    statuses: tuple[Status, ...]
    requirements: tuple[Requirement, ...]
    citations: tuple[str, ...]
    backing: Backing
    fees: tuple[Fee, ...] = ()
    documents: tuple[Document, ...] = ()
    notes: tuple[Text, ...] = ()
    warning: Text | None = None
    max_months: int | None = None
    lead_time: LeadTime | None = None
    steps: tuple[Step, ...] = ()
    about: Mapping[str, Text] = field(default_factory=dict)  # sponsor, dependents, wages, quota …
    changes: tuple[Change, ...] = ()
    selected_by: str = ""

    def name(self, lang: str) -> str:
        return self.names(lang)

    @property
    def citation(self) -> str:
        return self.backing.citation

    @property
    def evidence(self) -> str:
        return self.backing.evidence

    @property
    def checked_on(self) -> date:
        return self.backing.checked_on

    def status_record_on(self, day: date) -> Status | None:
        return next((status for status in self.statuses if day in status.span), None)

    def status_on(self, day: date) -> str:
        """in_force, proposed, suspended, vacated or past; `none` before the first record."""
        status = self.status_record_on(day)
        return status.state if status else "none"

    def requirements_on(self, day: date) -> tuple[Requirement, ...]:
        return tuple(each for each in self.requirements if day in each.span)

    def legal_notes(self, day: date, lang: str) -> list[LegalNote]:
        """The status note, the standing warning, and each dated rule that bears on the pathway.

        Versions that are over are left out; proposed, suspended and vacated ones are kept, as
        they are what a reader may have heard of.
        """
        notes: list[LegalNote] = []
        status = self.status_record_on(day)
        if status and status.note:
            notes.append(_note(status.note(lang), status.state, status.backing, status.span))
        if self.warning:
            notes.append(_note(self.warning(lang), "in_force", self.backing, Span()))
        for change in self.changes:
            for version in change.on(day):
                if version.state == "past":
                    continue
                notes.append(
                    _note(
                        version.text(lang),
                        version.state,
                        version.backing,
                        version.span,
                        change.title(lang),
                    )
                )
        return notes

    def upcoming(self, day: date, until: date, lang: str) -> list[LegalNote]:
        """The versions of dated rules that are known to begin after `day`, `until` included."""
        return [
            _note(version.text(lang), version.state, version.backing, version.span,
                  change.title(lang))
            for change in self.changes
            for version in change.versions
            if version.span.start is not None and day < version.span.start <= until
        ]  # fmt: skip

    def fees_on(self, day: date) -> list[tuple[Fee, FeeVersion]]:
        return [(fee, version) for fee in self.fees if (version := fee.on(day)) is not None]

    def fee_totals(self, day: date) -> dict[str, Decimal]:
        """USD by payer, of what is really collected and not optional on `day`."""
        totals: dict[str, Decimal] = {}
        for fee, version in self.fees_on(day):
            if version.state == "collected" and version.usd is not None:
                totals[fee.payer] = totals.get(fee.payer, Decimal(0)) + version.usd
        return totals

    @cached_property
    def turning_days(self) -> tuple[date, ...]:
        return tuple(sorted(set(self.boundaries())))

    def boundaries(self) -> Iterable[date]:
        """The days on which what applies may differ from the day before."""
        for span in [r.span for r in self.requirements] + [s.span for s in self.statuses]:
            if span.start:
                yield span.start
            if span.end and span.end < date.max:
                yield date.fromordinal(span.end.toordinal() + 1)


def _note(text: str, state: str, backing: Backing, span: Span, title: str = "") -> LegalNote:
    return LegalNote(text, state, backing.citation, backing.evidence, title, span.start, span.end)


@dataclass(frozen=True, slots=True)
class ExitRuleData:
    """A Korean rule on leaving the country, on top of every pathway.

    `concerns`: the person needs the permit. `cleared`: the permit is there and lasts.
    """

    id: str
    names: Text
    concerns: Check
    cleared: Check
    needed: Text
    unknown: Text
    backing: Backing
    changes: Sequence[Change] = ()
    steps: tuple[Step, ...] = ()
