"""From a row of a file to a person: account, profile and lists. What is not said stays empty."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from corridor import rules, taxonomy
from corridor.candidates.importing.columns import (
    CREDENTIAL,
    EDUCATION,
    LANGUAGE,
    SCORES,
    WORK,
    Nested,
)
from corridor.candidates.models import Candidate
from corridor.candidates.services import credential_id_for
from corridor.common import columns as cells
from corridor.common.columns import Headings, Unfit, read_as
from corridor.common.tables import Row, plain_name
from corridor.places.loading import ground

_PROFILE = ("headline", "about", "research_interests", "city", "nationality", "available_from",
            "available_until", "min_months", "max_months")  # fmt: skip
_KINDS = ("internship", "apprenticeship", "dispatch", "joint_research", "joint_curriculum",
          "training", "startup")  # fmt: skip
Rows = list[dict[str, Any]]


@dataclass
class Person:
    """One row, read. `lists` are the rows of educations, works, credentials and languages."""

    line: int
    source_id: str
    email: str
    account: dict[str, Any]
    profile: dict[str, Any]
    lists: dict[str, Rows] = field(default_factory=dict)


class Reading:
    def __init__(self, headings: Headings, *, walk: str, day: date) -> None:
        self.headings, self.walk, self.day = headings, walk, day
        self.seen: set[bytes] = set()  # digests of ids and of addresses

    def __call__(self, row: Row) -> Person:
        said = self.headings.read(row)
        lists = {
            "educations": self._educations(said),
            "works": self._works(said),
            "credentials": self._credentials(said),
            "languages": self._languages(said),
        }
        person = Person(
            row.line,
            said.get("id") or "e-" + hashlib.sha256(said["email"].encode()).hexdigest()[:32],
            said["email"],
            {name: said[name] for name in ("name", "name_roman", "language") if name in said},
            self._profile(said, lists["educations"]),
            lists,
        )
        self._once(person)
        return person

    def _once(self, person: Person) -> None:
        for name, value in (("id", person.source_id), ("email", person.email)):
            digest = hashlib.blake2b(f"{name}\x1f{value}".encode(), digest_size=12).digest()
            if digest in self.seen:
                raise Unfit(_("This stands further up in the file already. Keep one row a person."),
                            name)  # fmt: skip
            self.seen.add(digest)

    def _profile(self, said: dict[str, Any], educations: Rows) -> dict[str, Any]:
        profile = {name: said[name] for name in _PROFILE if name in said}
        if "skills" in said:
            profile["skills_text"] = said["skills"]
        hubs = {slug: (hub.name_ko, hub.name_en) for slug, hub in ground().hubs.items()}
        for name, known in (
            ("kinds", dict.fromkeys(_KINDS, ())),
            ("sectors", taxonomy.sectors()),
            ("hubs", hubs),
        ):
            if name in said:
                profile[name] = _chosen(said[name], known, name)
        _in_order(profile, "available_from", "available_until")
        if profile.get("max_months", 60) < profile.get("min_months", 0):
            raise Unfit(_("The longest stay is under the shortest. Correct one of them."),
                        "max_months")  # fmt: skip
        profile["walk"] = said.get("walk") or self._walk(educations)
        return profile

    def _walk(self, educations: Rows) -> str:
        statuses = {row["status"] for row in educations}
        if statuses & {"enrolled", "leave"}:
            return Candidate.Walk.STUDENT
        if self.walk:
            return self.walk
        if "graduated" in statuses:
            return Candidate.Walk.GRADUATE
        raise Unfit(
            _("It is not said what this person is. Add a column “walk” (student, graduate, "
              "technician, researcher), or give --walk."), "walk",
        )  # fmt: skip

    def _educations(self, said: dict[str, Any]) -> Rows:
        flat = {
            "institution": said.get("school"), "degree": said.get("degree"),
            "major": said.get("major"), "status": said.get("study_status"),
            "country": said.get("school_country"), "started_on": said.get("enrolled_on"),
            "ended_on": said.get("graduation"), "is_accredited_engineering": said.get("abeek"),
        }  # fmt: skip
        rows = _nested(said, "educations", EDUCATION)
        if any(value is not None for value in flat.values()):
            for name, column in (("institution", "school"), ("degree", "degree")):
                if not flat[name]:
                    raise Unfit(_("Something of a study is given, but not this. Fill it in."),
                                column)  # fmt: skip
            rows.insert(0, _known(flat))
        for row in rows:
            _in_order(row, "started_on", "ended_on")
            row.setdefault("status", self._study_status(row))
        return rows

    def _study_status(self, row: dict[str, Any]) -> str:
        if "ended_on" not in row:
            raise Unfit(_("Say whether the person is enrolled or has graduated, or give the day of "
                          "graduation."), "study_status")  # fmt: skip
        return "enrolled" if row["ended_on"] > self.day else "graduated"

    def _works(self, said: dict[str, Any]) -> Rows:
        flat = {
            "employer": said.get("employer"), "title": said.get("job_title"),
            "country": said.get("work_country"), "started_on": said.get("worked_from"),
            "ended_on": said.get("worked_until"), "description": said.get("work_description"),
        }  # fmt: skip
        rows = _nested(said, "works", WORK)
        if any(value is not None for value in flat.values()):
            for name, column in (("employer", "employer"), ("title", "job_title"),
                                 ("started_on", "worked_from")):  # fmt: skip
                if not flat[name]:
                    raise Unfit(_("Something of a job is given, but not this. Fill it in."), column)
            rows.insert(0, _known(flat))
        for row in rows:
            _in_order(row, "started_on", "ended_on")
            if row["started_on"] > self.day:
                raise Unfit(_("This day is still to come. Correct it."), "worked_from")
        return rows

    def _credentials(self, said: dict[str, Any]) -> Rows:
        rows: Rows = []
        for number, given in enumerate(said.get("licenses", ()), 1):
            row = (
                _object(given, CREDENTIAL, f"licenses[{number}]")
                if isinstance(given, dict)
                else {"name": read_as(cells.text(160), given, "licenses")}
            )
            _in_order(row, "issued_on", "expires_on")
            if row["name"] not in {other["name"] for other in rows}:
                rows.append({**row, "credential_id": _credential_id(row["name"])})
        return rows

    def _languages(self, said: dict[str, Any]) -> Rows:
        rows = [self._language(row) for row in _nested(said, "languages", LANGUAGE)]
        for test in SCORES:
            if test in said:
                key = "level" if isinstance(said[test], str) else "score"
                row = {"test": test, key: said[test], "taken_on": said.get(f"{test}_date")}
                rows.append(self._language(_known(row)))
            elif f"{test}_date" in said:
                raise Unfit(_("The day of a test is given, but not its score."), f"{test}_date")
        return rows

    def _language(self, row: dict[str, Any]) -> dict[str, Any]:
        if "score" not in row and "level" not in row:
            raise Unfit(_("Give the score or the level of the test."), "languages")
        if row.get("taken_on", self.day) > self.day:
            raise Unfit(_("This day is still to come. Correct it."), f"{row['test']}_date")
        given = row.get("score", row.get("level"))
        reader = SCORES[row["test"]]
        if "score" in row or row["test"] in ("opic", "topik"):
            read_as(reader, given, row["test"])
        return row


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _in_order(row: Mapping[str, Any], first: str, last: str) -> None:
    start, end = row.get(first), row.get(last)
    if start and end and end < start:
        raise Unfit(_("This day is before “%s”. Correct one of them.") % first, last)


def _chosen(given: list[Any], known: Mapping[str, tuple[Any, ...]], name: str) -> list[str]:
    names = {
        plain_name(str(one)): slug for slug, others in known.items() for one in (slug, *others)
    }
    chosen: dict[str, None] = {}
    for one in given:
        slug = names.get(plain_name(read_as(cells.text(120), one, name)))
        if slug is None:
            listed = ", ".join(list(known)[:12]) + (" …" if len(known) > 12 else "")
            raise Unfit(_("This is none of the known values. Write one of: %s") % listed, name)
        chosen.setdefault(slug)
    return list(chosen)


def _nested(said: Mapping[str, Any], name: str, spec: Nested) -> Rows:
    return [
        _object(given, spec, f"{name}[{number}]")
        for number, given in enumerate(said.get(name, ()), 1)
    ]


def _object(given: Any, spec: Nested, name: str) -> dict[str, Any]:
    """A nested object of JSON Lines, typed; refuses fields that are not known."""
    if not isinstance(given, dict):
        raise Unfit(_("Give an object: {…}."), name)
    for key in given:
        if key not in spec:
            raise Unfit(_("This field is not known here. Known: %s") % ", ".join(spec),
                        f"{name}.{str(key)[:40]}")  # fmt: skip
    made: dict[str, Any] = {}
    for key, (reader, required) in spec.items():
        value = given.get(key)
        if value is None or value == "":
            if required:
                raise Unfit(_("This is empty. Fill it in."), f"{name}.{key}")
            continue
        made[key] = read_as(reader, value, f"{name}.{key}")
    return made


_credential_id: Callable[[str], str] = rules.remembered(5000)(credential_id_for)
