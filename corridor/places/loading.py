"""The ground as the YAML in ``data/`` states it: read, checked, and held as plain values.

``read_ground`` refuses what is inconsistent and says where (file, line, entry); nothing here
touches the database. ``data/README.md`` says what each field means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from corridor.places.reading import Complaints, Entry, GroundError, Problem, entries

__all__ = ["DATA", "Ground", "GroundError", "Problem", "ground", "read_ground"]

DATA = Path(__file__).parent / "data"
EVIDENCE = {"primary", "secondary", "background"}
KINDS = {"firm", "university", "agency"}
PHASES = {"announced", "build", "install", "ramp", "operate"}


@dataclass(frozen=True)
class SectorFact:
    slug: str
    name_ko: str
    name_en: str
    summary_ko: str
    summary_en: str
    order: int


@dataclass(frozen=True)
class StateFact:
    code: str
    name_ko: str
    name_en: str
    box: tuple[float, ...]  # south, west, north, east in degrees


@dataclass(frozen=True)
class SourceFact:
    source_title: str
    source_publisher: str
    source_url: str
    evidence: str


@dataclass(frozen=True)
class AnchorFact:
    name: str
    kind: str
    note_ko: str
    note_en: str
    source: SourceFact
    as_of: date


@dataclass(frozen=True)
class HubFact:
    slug: str
    name_ko: str
    name_en: str
    city: str
    state: str
    latitude: float
    longitude: float
    timezone: str
    sectors: tuple[str, ...]
    summary_ko: str
    summary_en: str
    source: SourceFact
    as_of: date
    anchors: tuple[AnchorFact, ...]


@dataclass(frozen=True)
class ProjectFact:
    slug: str
    firm_name_ko: str
    firm_name_en: str
    hub: str
    sector: str
    title_ko: str
    title_en: str
    note_ko: str
    note_en: str
    amount_usd: int | None
    jobs: int | None
    phase: str
    announced_on: date | None
    announced_precision: str
    status_title: str
    status_publisher: str
    status_url: str
    source: SourceFact
    as_of: date


@dataclass(frozen=True)
class Ground:
    sectors: dict[str, SectorFact]
    states: dict[str, StateFact]
    hubs: dict[str, HubFact]
    projects: dict[str, ProjectFact]


@cache
def ground() -> Ground:
    """The committed ground, read once a process."""
    return read_ground()


def read_ground(root: Path = DATA, *, today: date | None = None) -> Ground:
    """Read everything under ``root``. Raises ``GroundError`` with all that is wrong."""
    reader = _Reader(root, today or date.today())
    reader.read()
    reader.complaints.raise_if_any()
    return Ground(reader.sectors, reader.states, reader.hubs, reader.projects)


class _Reader:
    def __init__(self, root: Path, today: date) -> None:
        self.root, self.today = root, today
        self.timezones = available_timezones()  # walks a directory: once is enough
        self.complaints = Complaints()
        self.sectors: dict[str, SectorFact] = {}
        self.states: dict[str, StateFact] = {}
        self.hubs: dict[str, HubFact] = {}
        self.projects: dict[str, ProjectFact] = {}

    def read(self) -> None:
        for entry in self._in("sectors.yaml"):
            self._keep(self.sectors, self._sector(entry), entry)
        for entry in self._in("states.yaml"):
            state = self._state(entry)
            if state.code in self.states:
                entry.complain(f"state {state.code} is given twice")
            self.states[state.code] = state
        for entry in self._in("hubs/*.yaml"):
            self._keep(self.hubs, self._hub(entry), entry)
        for entry in self._in("projects/*.yaml"):
            self._keep(self.projects, self._project(entry), entry)

    def _in(self, pattern: str) -> list[Entry]:
        paths = sorted(self.root.glob(pattern))
        if not paths:
            self.complaints.problems.append(Problem(pattern, 1, "file", "there is no such file"))
        return [entry for path in paths for entry in entries(path, self.root, self.complaints)]

    @staticmethod
    def _keep(
        known: dict[str, Any], fact: SectorFact | HubFact | ProjectFact, entry: Entry
    ) -> None:
        entry.close()
        if fact.slug in known:
            entry.complain(f"slug {fact.slug} is given twice")
        known[fact.slug] = fact

    def _sector(self, entry: Entry) -> SectorFact:
        name, summary = entry.both("name"), entry.both("summary")
        return SectorFact(entry.slug(), *name, *summary, order=len(self.sectors) + 1)

    def _state(self, entry: Entry) -> StateFact:
        code = entry.text("code")
        if len(code) != 2 or not code.isupper():
            entry.complain(f"code {code!r} must be two capital letters")
        fact = StateFact(code, entry.korean("ko"), entry.english("en"), box=entry.numbers("box", 4))
        entry.close()
        return fact

    def _hub(self, entry: Entry) -> HubFact:
        lat, lon = entry.numbers("at", 2)
        state = entry.text("state")
        if state not in self.states:
            entry.complain(f"unknown state {state!r}", key="state")
        else:
            south, west, north, east = self.states[state].box
            if not (south <= lat <= north and west <= lon <= east):
                entry.complain(f"{lat}, {lon} lies outside {state}", key="at")
        timezone = entry.text("timezone")
        if timezone and timezone not in self.timezones:
            entry.complain(f"unknown time zone {timezone!r}", key="timezone")
        sectors = entry.words("sectors")
        for sector in sectors:
            if sector not in self.sectors:
                entry.complain(f"unknown sector {sector!r}", key="sectors")
        source, as_of = self._source(entry), self._as_of(entry)
        anchors = [self._anchor(child, source, as_of) for child in entry.children("anchors")]
        names = [anchor.name for anchor in anchors]
        if len(set(names)) < len(names):
            entry.complain("an anchor is given twice", key="anchors")
        kinds = {anchor.kind for anchor in anchors}
        if "university" not in kinds or not kinds & {"firm", "agency"}:
            entry.complain("a hub needs a university and a firm or public agency", key="anchors")
        name_ko, name_en = entry.both("name")
        summary_ko, summary_en = entry.both("summary")
        return HubFact(
            slug=entry.slug(),
            name_ko=name_ko,
            name_en=name_en,
            city=entry.text("city"),
            state=state,
            latitude=lat,
            longitude=lon,
            timezone=timezone,
            sectors=tuple(sectors),
            summary_ko=summary_ko,
            summary_en=summary_en,
            source=source,
            as_of=as_of,
            anchors=tuple(anchors),
        )

    def _anchor(self, entry: Entry, hub_source: SourceFact, hub_day: date) -> AnchorFact:
        """An anchor cites its own source, or its official site (``url``), or the hub's source."""
        name, url = entry.text("name"), entry.text("url", required=False)
        if "source" in entry:
            source = self._source(entry)
        elif url:
            self._check_url(entry, url)
            source = SourceFact(f"{name}: official site", name, url, "background")
        else:
            source = hub_source
        fact = AnchorFact(
            name=name,
            kind=entry.choice("kind", KINDS),
            note_ko=entry.korean("ko", required=False),
            note_en=entry.english("en", required=False),
            source=source,
            as_of=self._as_of(entry) if "as_of" in entry else hub_day,
        )
        if bool(fact.note_ko) != bool(fact.note_en):
            entry.complain("a note needs both languages")
        entry.close()
        return fact

    def _project(self, entry: Entry) -> ProjectFact:
        hub, sector = entry.text("hub"), entry.text("sector")
        if hub not in self.hubs:
            entry.complain(f"unknown hub {hub!r}", key="hub")
        elif sector not in self.hubs[hub].sectors:
            entry.complain(f"sector {sector!r} is not one of {hub}'s", key="sector")
        as_of = self._as_of(entry)
        announced_on, precision = entry.day_or_less("announced")
        if announced_on and announced_on > as_of:
            entry.complain("announced after as_of", key="announced")
        firm_ko, firm_en = entry.both("firm")
        title_ko, title_en = entry.both("title")
        note_ko, note_en = entry.both("note", required=False)
        status_title, status_publisher, status_url = self._status(entry)
        return ProjectFact(
            slug=entry.slug(),
            firm_name_ko=firm_ko,
            firm_name_en=firm_en,
            hub=hub,
            sector=sector,
            title_ko=title_ko,
            title_en=title_en,
            note_ko=note_ko,
            note_en=note_en,
            amount_usd=entry.whole("amount_usd", low=1_000_000, high=200_000_000_000),
            jobs=entry.whole("jobs", low=1, high=50_000),
            phase=entry.choice("phase", PHASES),
            announced_on=announced_on,
            announced_precision=precision,
            status_title=status_title,
            status_publisher=status_publisher,
            status_url=status_url,
            source=self._source(entry),
            as_of=as_of,
        )

    def _status(self, entry: Entry) -> tuple[str, str, str]:
        child = entry.child("status_source", required=False)
        if child is None:
            return "", "", ""
        found = child.text("title"), child.text("publisher"), child.text("url")
        self._check_url(child, found[2])
        child.close()
        return found

    def _as_of(self, entry: Entry) -> date:
        day = entry.day("as_of")
        if day > self.today:
            entry.complain(f"as_of {day} is in the future", key="as_of")
        return day

    def _source(self, entry: Entry) -> SourceFact:
        child = entry.child("source")
        if child is None:
            return SourceFact("", "", "", "")
        url = child.text("url", required=False)
        fact = SourceFact(
            child.text("title"), child.text("publisher"), url, child.choice("evidence", EVIDENCE)
        )
        if url:
            self._check_url(child, url)
        elif fact.evidence != "background":
            child.complain(f"{fact.evidence} evidence needs the address where it can be read")
        child.close()
        return fact

    @staticmethod
    def _check_url(entry: Entry, url: str) -> None:
        if not url.startswith(("https://", "http://")) or len(url) > 500 or " " in url:
            entry.complain(f"{url!r} is not a web address", key="url")
