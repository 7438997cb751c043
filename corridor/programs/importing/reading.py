"""From a row of a file to the fields of a program. What the row does not say stays empty."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.common.columns import Headings, Unfit
from corridor.common.tables import Row, Table, TableError
from corridor.places.models import Hub, Sector
from corridor.places.resolve import OUTSIDE, REASONS, Place, resolve
from corridor.programs.importing.sectors import sector_of
from corridor.programs.kinds import Kind
from corridor.programs.models import Program

# A title that says somebody learns there, and one that names a post for the experienced.
_LEARNING = re.compile(
    r"\bintern(s|ship|ships)?\b|\bco-?\s?ops?\b|\bstudents?\b|trainee|apprentice|fellow|"
    r"undergrad|graduate|\bgrads?\b|\bsummer\b|early career|rotation|인턴|실습|연수|현장학습",
    re.I,
)
_EXPERIENCED = re.compile(
    r"\b(senior|sr|principal|director|manager|lead|staff|head|chief|vp|vice president|"
    r"experienced)\b|책임|수석|팀장|부장",
    re.I,
)
_HANGUL = re.compile(r"[가-힣]")
# Fields that a cell gives as they are, and what an empty cell of a named column makes of them
# (None for a number or day; `seats` and `pay_currency` keep the model's own default).
_PLAIN = {"starts_on": None, "ends_on": None, "apply_by": None, "pay_amount": None,
          "pay_period": "", "hours_per_week": None, "min_degree": "",
          "min_toeic": None}  # fmt: skip
_DEFAULTED = ("seats", "pay_currency")


@dataclass
class Posting:
    """One row, read: the fields of its program, and by what it is known again."""

    line: int
    source_id: str
    fields: dict[str, Any]
    place: Place
    notes: list[tuple[str, str]] = field(default_factory=list)


class Reading:
    """Reads the rows of one file. Needs the ground (sectors and hubs) loaded."""

    def __init__(self, headings: Headings, table: Table, *, is_member: bool, day: date) -> None:
        self.headings, self.is_member, self.day = headings, is_member, day
        self.in_header = set() if table.columns is None else headings.check_header(table.columns)
        self.hubs = {hub.slug: hub for hub in Hub.objects.all()}
        self.sectors = {sector.slug: sector for sector in Sector.objects.all()}
        if not self.hubs or not self.sectors:
            raise TableError(_("Load the ground first: manage.py load_ground"))
        self.seen: dict[bytes, int] = {}  # digest of the source id → line

    def __call__(self, row: Row) -> Posting:
        said = self.headings.read(row)
        if not self.is_member and not said.get("company"):
            raise Unfit(_("No company is named. Name who offers the place."), "company")
        place = resolve(said.get("place", ""))
        if place.unknown and place.reason == OUTSIDE:
            # Known to be elsewhere is not unknown: every rule and hub here is of the United States.
            raise Unfit(_("The place is outside the United States. Take the row out."), "place")
        posting = Posting(row.line, _source_id(said), self._fields(said, place), place)
        self._once(posting)
        self._notes(posting, said)
        return posting

    def _once(self, posting: Posting) -> None:
        digest = hashlib.blake2b(posting.source_id.encode(), digest_size=12).digest()
        if self.seen.setdefault(digest, posting.line) != posting.line:
            raise Unfit(
                _("This posting stands further up in the file already. Delete one, or give each "
                  "an id.")
            )  # fmt: skip

    def _fields(self, said: dict[str, Any], place: Place) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "kind": _kind(said),
            "external_host": "" if self.is_member else said["company"],
            "place_text": said.get("place", ""),
            "state": place.states[0] if place.states else "",
            "hub": self._hub(place),
            "sector": self.sectors.get(sector_of(said) or ""),
            "source_url": said.get("url", ""),
            **_titles(said),
        }
        for name in ("summary", "description"):
            if name in said or name in self.in_header:
                fields.update(_in_language(name, said.get(name, "")))
        for name, empty in _PLAIN.items():
            if name in said or name in self.in_header:
                fields[name] = said.get(name, empty)
        fields.update({name: said[name] for name in _DEFAULTED if name in said})
        _agree_or_refuse(fields)
        fields["status"] = self._status(said, fields)
        fields["published_at"] = self._published_at(said.get("posted_on"))
        return fields

    def _status(self, said: dict[str, Any], fields: dict[str, Any]) -> str:
        begun = (fields.get("starts_on") or date.max) <= self.day
        over = (fields.get("apply_by") or date.max) < self.day
        if begun or over or not said.get("open", True):
            return Program.Status.CLOSED
        return Program.Status.PUBLISHED

    def _published_at(self, posted: date | None) -> datetime | None:
        if posted is None:
            return None
        if posted > self.day + timedelta(days=1):  # west of here it may be the day before
            raise Unfit(_("This day is still to come. Correct it."), "posted_on")
        return timezone.make_aware(datetime.combine(posted, time(12)))

    def _hub(self, place: Place) -> Hub | None:
        """The hub near the first city that is known; a state alone names none."""
        return self.hubs.get(place.hubs[0]) if place.hubs and place.latitude is not None else None

    def _notes(self, posting: Posting, said: dict[str, Any]) -> None:
        place, fields = posting.place, posting.fields
        if place.unknown:
            posting.notes.append(("place", str(REASONS[place.reason])))
        elif not place.states:
            posting.notes.append(("place", _("Remote work: no state and no hub.")))
        elif fields["hub"] is None:
            posting.notes.append(("place", _("A state is known, but no hub near the place.")))
        if len(place.states) > 1:
            posting.notes.append(("place", _("Several states are named: the first is taken.")))
        if fields["sector"] is None:
            posting.notes.append(("sector", _("No sector is clear: left empty.")))
        if "kind" not in said and not _LEARNING.search(said["title"]):
            posting.notes.append(("title", _("The title does not say that it is an internship.")))


def _kind(said: dict[str, Any]) -> str:
    if "kind" in said:
        return str(said["kind"])
    title = said["title"]
    if _EXPERIENCED.search(title) and not _LEARNING.search(title):
        raise Unfit(
            _("The title names a post for the experienced, not an internship. If it is a program, "
              "say which in a column “kind”."), "title",
        )  # fmt: skip
    return Kind.INTERNSHIP


def _titles(said: dict[str, Any]) -> dict[str, str]:
    main = "title_ko" if _HANGUL.search(said["title"]) else "title_en"
    titles = {"title_ko": said.get("title_ko", ""), "title_en": said.get("title_en", "")}
    return {**titles, main: titles[main] or said["title"]}


def _in_language(name: str, text: str) -> dict[str, str]:
    korean = bool(_HANGUL.search(text))
    return {f"{name}_ko": text if korean else "", f"{name}_en": "" if korean else text}


def _agree_or_refuse(fields: dict[str, Any]) -> None:
    start, end, apply_by = (fields.get(n) for n in ("starts_on", "ends_on", "apply_by"))
    if start and end and end < start:
        raise Unfit(_("The last day is before the first day. Correct one of them."), "ends_on")
    if start and apply_by and apply_by > start:
        raise Unfit(_("Applications close after the first day. Correct one of them."), "apply_by")
    if fields.get("pay_amount") is not None and not fields.get("pay_period"):
        raise Unfit(
            _("Pay is given without its period. Add a column pay_period: hour, month, year, total "
              "or unpaid."), "pay_period",
        )  # fmt: skip


def _source_id(said: dict[str, Any]) -> str:
    """The file's own id, else a digest of company, title, place and link."""
    if said.get("id"):
        return str(said["id"])
    identity = "\x1f".join(
        " ".join(str(said.get(name, "")).casefold().split())
        for name in ("company", "title", "place", "url")
    )
    return "h-" + hashlib.sha256(identity.encode()).hexdigest()[:32]
