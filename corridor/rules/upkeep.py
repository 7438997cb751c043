"""Looking after the rule data: every problem in the files, what deserves a second look, and which
statements a person should check again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from corridor.rules import mending
from corridor.rules.errors import RuleDataError
from corridor.rules.loading import Dataset, load
from corridor.rules.model import Backing, Text
from corridor.rules.statements import PARTS, Statement, Version, statements

# Days after which a person should look at a statement again, by how often its rule changes.
RECHECK_AFTER = {"extreme": 14, "very_high": 30, "high": 60, "medium": 120, "low": 365}
SOON = 60  # days before a coming version is told of
# What may end without a successor: it was not the law, or it says itself that it is over.
_ENDS = ("proposed", "suspended", "vacated", "past")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend (`level` error: the data does not load) or to look at (warning).

    `kind` groups warnings: coming, ended, background. `line` is 1-based.
    """

    file: str
    line: int
    problem: Text
    mend: Text
    level: str = "error"
    kind: str = "error"

    def text(self, lang: str) -> str:
        return f"{self.file}:{self.line}: {self.problem(lang)} — {self.mend(lang)}"

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        def say(text: Text) -> Any:
            return text(lang) if lang else {"ko": text.ko, "en": text.en}

        return {"file": self.file, "line": self.line, "level": self.level, "kind": self.kind,
                "problem": say(self.problem), "mend": say(self.mend)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A statement that a person should check again. `late`: days over (negative: days left)."""

    key: str
    part: str
    owners: tuple[str, ...]
    subjects: tuple[Text, ...]
    title: Text
    backing: Backing
    volatility: str
    checked_on: date  # by the data or, where that is later, by a person since
    allowed: int
    late: int

    @property
    def file(self) -> str:
        return self.backing.file

    @property
    def line(self) -> int:
        return self.backing.line

    @property
    def due_on(self) -> date:
        return self.checked_on + timedelta(days=self.allowed)

    def heading(self, lang: str) -> str:
        """Whose statement it is, and which."""
        names = ", ".join(subject(lang) for subject in self.subjects)
        part, title = PARTS[self.part](lang), self.title(lang)
        return f"{names} · {part}" if title == part else f"{names} · {part}: {title}"

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        def say(text: Text) -> Any:
            return text(lang) if lang else {"ko": text.ko, "en": text.en}

        return {
            "statement": self.key, "part": self.part, "of": list(self.owners),
            "names": [say(each) for each in self.subjects], "title": say(self.title),
            "file": self.file, "line": self.line, "citation": self.backing.citation,
            "evidence": self.backing.evidence, "volatility": self.volatility,
            "checked_on": self.checked_on.isoformat(), "due_on": self.due_on.isoformat(),
            "late": self.late,
        }  # fmt: skip


def check(folder: Path) -> list[Problem]:
    """Every problem that keeps the files in `folder` from loading, in order of file and line."""
    return [
        Problem(error.file, error.line, *mending.said(error.problem)) for error in read(folder)[1]
    ]


def read(folder: Path) -> tuple[Dataset | None, list[RuleDataError]]:
    """The data set without what has a problem (None where nothing can be read), and the problems.

    What only follows from another problem (an unknown fact whose own entry is broken) is left out.
    """
    data, errors = None, list[RuleDataError]()
    try:
        data = load(folder, errors)
    except RuleDataError as error:
        errors.append(error)
    except Exception as error:  # no reader foresaw it; where it stands is not known
        odd = f"cannot be read ({type(error).__name__}: {error})"
        errors.append(RuleDataError(folder.name, 1, odd))
    found = {(each.file, each.line, each.problem): each for each in _causes(errors, folder)}
    return data, [found[key] for key in sorted(found)]


_UNKNOWN = re.compile(
    r"unknown [\w ]+ '(?P<name>[^']+)'|'(?P<one>[^']+)' affects no known pathway"
    r"|'after' names no step above: '(?P<step>[^']+)'|(?P<own>no such pathway)"
)
_MISSING = re.compile(r"'(\w+)' is missing")
_MISSPELT = re.compile(r"unknown key .+ did you mean '(\w+)'")
_ENTRY = re.compile(r"^([\w.]+):", re.M)


def _causes(errors: Iterable[RuleDataError], folder: Path) -> list[RuleDataError]:
    """The errors that stand for themselves."""
    errors = list(errors)
    broken = {error.file for error in errors if not _UNKNOWN.match(error.problem)}
    names = {Path(file).stem for file in broken}
    for file in broken:
        if file.startswith(("facts/", "shared/")) and (folder / file).is_file():
            text = (folder / file).read_bytes().decode(errors="replace")
            names |= set(_ENTRY.findall(text))
    told = {(error.file, error.line) for error in errors if not _MISSING.match(error.problem)}
    meant = {(error.file, key[1]) for error in errors if (key := _MISSPELT.match(error.problem))}
    kept = []
    for error in errors:
        unknown = _UNKNOWN.match(error.problem)
        if unknown:
            named = unknown["name"] or unknown["one"] or unknown["step"] or Path(error.file).stem
            if named in names:
                continue
        missing = _MISSING.match(error.problem)
        if missing and ((error.file, error.line) in told or (error.file, missing[1]) in meant):
            continue  # it is there, and what is wrong with it is told
        kept.append(error)
    return kept


def warnings(data: Dataset, *, day: date) -> list[Problem]:
    """What a maintainer should look at: a version that begins soon, one that ended and has no
    successor, and a must that no text backs."""
    found: dict[tuple[str, str, int], Problem] = {}
    for statement in statements(data):
        for version in statement.versions:
            for made in _doubts(statement, version, day):
                found.setdefault((made.kind, made.file, made.line), made)
    return [found[key] for key in sorted(found)]


def _doubts(statement: Statement, version: Version, day: date) -> Iterable[Problem]:
    backing, span = version.backing, version.span
    if backing is None:
        return
    over = span.end is not None and span.end < day
    name = Text(*(f"{statement.subject(at)} · {statement.title(at)}" for at in ("ko", "en")))

    def warn(kind: str, problem: Text, mend: Text) -> Problem:
        said = Text(f"{name.ko}: {problem.ko}", f"{name.en}: {problem.en}")
        return Problem(backing.file, backing.line, said, mend, "warning", kind)

    if span.start and day < span.start <= day + timedelta(days=SOON):
        at = span.start.isoformat()
        yield warn(
            "coming",
            Text(f"{at}에 시작하는 버전입니다", f"a version begins on {at}"),
            Text("시작 전에 아직 맞는지 확인하십시오.",
                 "Check before that day that it still holds."),
        )  # fmt: skip
    if over and version.state not in _ENDS and span.end == _last(statement):
        at = str(span.end)
        yield warn(
            "ended",
            Text(f"{at}에 끝났고 다음 버전이 없습니다", f"ended on {at} and nothing follows"),
            Text("이어지는 버전을 추가하거나, 정말 끝났다면 state: past로 적으십시오.",
                 "Add the version that follows or, if it has really ended, one with state: past."),
        )  # fmt: skip
    hard = any(text.en.startswith("a must") for text in version.aspects.get("severity", ()))
    if hard and backing.evidence == "background" and not over:
        yield warn(
            "background",
            Text("원문을 확인하지 않은 필수 요건입니다",
                 "a must that was not checked against any text"),
            Text("근거 법령을 읽은 뒤 evidence를 고치십시오.",
                 "Read the law it cites, then raise its evidence level."),
        )  # fmt: skip


def _last(statement: Statement) -> date:
    """The last day that any version of the statement covers."""
    return max((version.span.end or date.max) for version in statement.versions)


def due(
    data: Dataset,
    *,
    day: date,
    days: int | None = None,
    ahead: int = 0,
    checks: Mapping[str, date] | None = None,
) -> list[Due]:
    """The backed statements that were last checked more than `days` ago, most overdue first.

    `days` None: as the statement's volatility allows (RECHECK_AFTER). `ahead` adds those that fall
    due within so many days. `checks`: later checks by a person, by the statement's key. Versions
    that ended before `day` are history and never due; a shared statement is listed once.
    """
    found: dict[tuple[str, int], Due] = {}
    for statement in statements(data):
        for version in statement.versions:
            if version.backing is None or (version.span.end and version.span.end < day):
                continue
            made = _due(statement, version, version.backing, day, days, checks or {})
            have = found.get((made.file, made.line))
            if have is None:
                found[made.file, made.line] = made
            elif statement.owner not in have.owners:
                found[made.file, made.line] = _together(have, made)
    late = [each for each in found.values() if each.late > -ahead or each.late > 0]
    return sorted(late, key=lambda each: (-each.late, each.file, each.line))


def _due(
    statement: Statement, version: Version, backing: Backing, day: date, days: int | None,
    checks: Mapping[str, date],
) -> Due:  # fmt: skip
    checked = max(backing.checked_on, checks.get(version.home, date.min))
    allowed = RECHECK_AFTER[statement.volatility] if days is None else days
    return Due(
        key=version.home, part=statement.part, owners=(statement.owner,),
        subjects=(statement.subject,), title=statement.title, backing=backing,
        volatility=statement.volatility, checked_on=checked, allowed=allowed,
        late=(day - checked).days - allowed,
    )  # fmt: skip


def _together(one: Due, other: Due) -> Due:
    """A statement that several pathways share is due when the most changeable of them asks."""
    stricter = min(one, other, key=lambda each: each.allowed)
    owners, subjects = (*one.owners, *other.owners), (*one.subjects, *other.subjects)
    return replace(stricter, key=one.key, owners=owners, subjects=subjects)


def find(data: Dataset, key: str) -> tuple[Statement, Version] | None:
    """The statement version whose checks are kept under `key`, None if the data has none such."""
    for statement in statements(data):
        for version in statement.versions:
            if version.home == key and version.backing is not None:
                return statement, version
    return None
