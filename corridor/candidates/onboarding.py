"""From a CV to a confirmed profile: read it, lay it beside what the profile holds, take in only
what its owner confirms.

The file is read at once, in a process of its own with bounded time and memory: no worker is
needed, so no outage of one can lose it. It is kept only where its owner asks for that, and then
before it is read.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import services as accounts
from corridor.accounts.models import User
from corridor.candidates import documents, permissions, services
from corridor.candidates.cv import proposal, sandbox
from corridor.candidates.cv.lines import Unreadable
from corridor.candidates.models import Candidate, CvReading, Document
from corridor.common import audit

KEPT_FOR = timedelta(days=14)
MAX_ROWS = 20  # of one list, as in the profile's forms
NAMES = ("name", "name_roman")  # of the account, not of the profile
# Facts that may be added to what stands there, rather than put in its place.
TEXTS = ("skills_text", "research_interests", "about")
AT_ONCE = 2  # files being read by one process at a time; the others wait
_turns = threading.BoundedSemaphore(AT_ONCE)
_SECONDS_TO_WAIT = 30


@dataclass(frozen=True)
class Fact:
    """A simple fact. `now`: what the profile holds ("" if nothing)."""

    name: str
    value: str
    now: str
    line: dict[str, Any]
    private: bool

    @property
    def conflicts(self) -> bool:
        return bool(self.now)


@dataclass(frozen=True)
class Part:
    """One field of an entry. `line` is None where the CV does not say it."""

    name: str
    value: str
    now: str = ""
    line: dict[str, Any] | None = None

    @property
    def conflicts(self) -> bool:
        return bool(self.value and self.now and self.value != self.now)


@dataclass(frozen=True)
class Entry:
    """A row of a list of the profile. `beside`: the row that the profile holds of the same thing.
    `key` names it among the reading's entries."""

    key: str
    list: str
    parts: list[Part]
    beside: int | None = None

    @property
    def conflicts(self) -> bool:
        return any(part.conflicts for part in self.parts)


@dataclass
class Review:
    file_name: str
    facts: list[Fact] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    known: int = 0  # values that the profile holds already, word for word
    format: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.entries)


def read_cv(candidate: Candidate, *, by: User, upload: Any, keep: bool) -> CvReading:
    """Read an uploaded CV and hold what it proposes; an earlier reading gives way.

    `keep`: also keep the file among the private documents; it stays there even if it cannot be
    read. Raises ValidationError with a sentence to the person, PermissionDenied.
    """
    if not permissions.owns(by, candidate):
        raise PermissionDenied
    if upload.size > documents.MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Please choose a smaller one."))
    if keep:
        documents.add_document(candidate, by=by, kind=Document.Kind.CV, upload=upload)
        upload.seek(0)
    if not _turns.acquire(timeout=_SECONDS_TO_WAIT):
        raise ValidationError(_("Many CVs are being read just now. Please try again in a minute."))
    try:
        told = sandbox.read_apart(upload.read(), day=timezone.localdate())
    except Unreadable as error:
        raise ValidationError(_reason(error.code), code=error.code) from error
    finally:
        _turns.release()
    with transaction.atomic():
        reading, _made = CvReading.objects.update_or_create(
            candidate=candidate,
            defaults={"file_name": str(upload.name)[-160:],
                      "told": json.dumps(told, ensure_ascii=False)},
        )  # fmt: skip
        audit.record("cv.read", reading, by=by, format=told["format"], lines=told["read"])
    return reading


def _reason(code: str) -> str:
    return {
        "too_large": _("The file is larger than 10 MB. Please choose a smaller one."),
        "unknown": _("This is not a PDF, DOCX, HWP or HWPX file. Please save your CV as one of "
                     "these."),
        "old_hwp": _("This HWP file is of an old kind (Hangul 97 or older). Please open it in "
                     "Hangul, save it as .hwp or .hwpx and choose it again."),
        "old_word": _("This is an old Word file (.doc). Please open it, save it as .docx or PDF "
                      "and choose it again."),
        "picture": _("This is a picture, and text in pictures is not read. Please choose the file "
                     "that you wrote, or fill in your profile by hand."),
        "encrypted": _("The file is locked with a password or for distribution only, so it cannot "
                       "be read. Please save it without a lock and choose it again."),
        "no_text": _("No text was found: the pages are probably pictures, as a scan is. Please "
                     "choose the file that you wrote, or fill in your profile by hand."),
        "too_much": _("The file holds more than a CV does (over 30 pages or 3,000 lines). Please "
                      "choose a shorter one."),
        "too_slow": _("Reading took too long and was stopped. Please save the file anew, as PDF if "
                      "you can, and choose it again."),
        "damaged": _("The file is damaged or incomplete. Please save it anew and choose it again."),
    }[code]  # fmt: skip


def of(candidate: Candidate) -> CvReading | None:
    """The reading that waits for its owner, unless it has become too old."""
    since = timezone.now() - KEPT_FOR
    return CvReading.objects.filter(candidate=candidate, updated_at__gte=since).first()


def review(candidate: Candidate, reading: CvReading) -> Review:
    """What the CV proposes beside what the profile holds; what is the same is left out."""
    told = json.loads(reading.told)
    lines, proposed = told["lines"], told["proposal"]
    made = Review(reading.file_name, format=told["format"])
    for name, (value, line) in proposed["facts"].items():
        now = _fact_now(candidate, name)
        if _same(value, now) or (name in TEXTS and now and _same(value, now, within=True)):
            made.known += 1
            continue
        private = name in proposal.PRIVATE
        made.facts.append(Fact(name, value, now, lines[str(line)], private))
    for list_name, entries in proposed["lists"].items():
        rows = list(getattr(candidate, list_name).all())
        for index, entry in enumerate(entries):
            if not entry["values"]:  # decided already
                continue
            values = {key: value for key, (value, _line) in entry["values"].items()}
            beside = _beside(list_name, values, rows)
            if beside is not None:
                rows.remove(beside)
            parts = []
            for key in proposal.LISTS[list_name]:
                value, line = entry["values"].get(key, ("", None))
                if key == "ended_on" and not value:
                    line = entry["goes_on"]
                now = _text(getattr(beside, key)) if beside is not None else ""
                shown = lines[str(line)] if line is not None else None
                parts.append(Part(key, value, now, shown))
            if beside is not None and all(not p.value or _same(p.value, p.now) for p in parts):
                made.known += sum(bool(part.value) for part in parts)
                continue
            pk = beside.pk if beside is not None else None
            made.entries.append(Entry(f"{list_name}-{index}", list_name, parts, pk))
    return made


@transaction.atomic
def accept(
    candidate: Candidate,
    *,
    by: User,
    facts: Mapping[str, Any],
    entries: Iterable[tuple[str, int | None, Mapping[str, Any]]],
) -> int:
    """Write what was confirmed: `facts` by name; `entries` as (list, the pk of the profile's own
    row or None, fields). All or nothing; returns the number of values. Raises ValidationError."""
    if not permissions.owns(by, candidate):
        raise PermissionDenied
    unknown = set(facts) - set(proposal.FACTS)
    if unknown:
        raise ValidationError(_("These fields cannot be changed here: %s") % ", ".join(unknown))
    names = {name: str(value) for name, value in facts.items() if name in NAMES}
    if names:
        accounts.set_names(candidate.user, by=by, **names)
    others = {name: value for name, value in facts.items() if name not in NAMES}
    if others:
        services.save_profile(candidate, by=by, **others)
    count = len(facts)
    by_list: dict[str, list[tuple[int | None, Mapping[str, Any]]]] = {}
    for list_name, pk, fields in entries:
        by_list.setdefault(list_name, []).append((pk, fields))
        count += sum(value not in (None, "") for value in fields.values())
    for list_name, given in by_list.items():
        _merge(candidate, list_name, given, by=by)
    audit.record("cv.confirmed", candidate, by=by, facts=sorted(facts), lists=sorted(by_list))
    return count


def _merge(
    candidate: Candidate,
    list_name: str,
    given: list[tuple[int | None, Mapping[str, Any]]],
    *,
    by: User,
) -> None:
    changed = {pk: fields for pk, fields in given if pk is not None}
    rows = []
    for row in getattr(candidate, list_name).order_by("pk"):
        kept = {
            each.name: getattr(row, each.name) for each in row._meta.concrete_fields
            if each.name not in ("id", "candidate")
        }  # fmt: skip
        rows.append({**kept, **changed.pop(row.pk, {})})
    if changed:
        raise ValidationError(
            _(
                "This list was changed in another window. "
                "Please open it again and repeat your change."
            )
        )
    rows += [dict(fields) for pk, fields in given if pk is None]
    if len(rows) > MAX_ROWS:
        raise ValidationError(_("A list of the profile holds at most 20 entries."))
    services.replace_list(candidate, by=by, name=list_name, rows=rows)



@transaction.atomic
def settle(candidate: Candidate, *, names: Iterable[str]) -> CvReading | None:
    """Strike what has been decided (names of facts, keys of entries) from the reading; the reading
    itself goes with its last line. Returns what is left."""
    reading = CvReading.objects.select_for_update().filter(candidate=candidate).first()
    if reading is None:
        return None
    done, told = set(names), json.loads(reading.told)
    facts, lists = told["proposal"]["facts"], told["proposal"]["lists"]
    for name in done & set(facts):
        del facts[name]
    for list_name, entries in lists.items():
        for index, entry in enumerate(entries):
            if f"{list_name}-{index}" in done:
                entry["values"], entry["goes_on"] = {}, None
    if not facts and not any(entry["values"] for each in lists.values() for entry in each):
        reading.delete()
        return None
    reading.told = json.dumps(told, ensure_ascii=False)
    reading.save(update_fields=["told", "updated_at"])
    return reading


@transaction.atomic
def put_away(candidate: Candidate, *, by: User) -> None:
    """Forget the reading with all that was not taken in."""
    for reading in CvReading.objects.filter(candidate=candidate):
        audit.record("cv.put_away", reading, by=by)
        reading.delete()


def forget_old() -> int:
    """Drop readings that nobody came back to."""
    return CvReading.objects.filter(updated_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _fact_now(candidate: Candidate, name: str) -> str:
    owner = candidate.user if name in NAMES else candidate
    return _text(getattr(owner, name))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _same(value: str, now: str, *, within: bool = False) -> bool:
    told, held = _plain(value), _plain(now)
    return told == held or (within and told in held)


def _plain(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return "".join(text.casefold().split())


_ALIKE: dict[str, tuple[tuple[str, ...], ...]] = {
    "educations": (("institution", "degree"),),
    "works": (("employer", "started_on"), ("employer", "title")),
    "credentials": (("name",),),
    "languages": (("test", "taken_on"), ("test", "score", "level")),
}


def _beside(list_name: str, values: Mapping[str, str], rows: Iterable[Any]) -> Any | None:
    """The profile's row of the same school, job, license or test."""
    for keys in _ALIKE[list_name]:
        for row in rows:
            if any(values.get(key) for key in keys) and all(
                _same(values.get(key, ""), _text(getattr(row, key))) for key in keys
            ):
                return row
    return None
