"""Two opened data sets compared: in words wherever today's loader reads both, else line by line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from corridor.policy.revisions import Opened
from corridor.rules import archives, upkeep
from corridor.rules.comparing import Difference, FileChange, compare, compare_files, history
from corridor.rules.errors import RuleDataError
from corridor.rules.loading import Dataset


@dataclass
class Compared:
    """`differences` and `history` in words; `files`: what could only be compared line by line,
    because of `unreadable` (by the data set's name); `quiet_files`: the other files that differ."""

    old_name: str
    old_revision: str
    new_name: str
    new_revision: str
    day: date
    until: date | None = None
    differences: list[Difference] = field(default_factory=list)
    history: list[Difference] = field(default_factory=list)
    files: list[FileChange] = field(default_factory=list)
    quiet_files: list[FileChange] = field(default_factory=list)
    unreadable: dict[str, list[RuleDataError]] = field(default_factory=dict)

    @property
    def said(self) -> list[Difference]:
        """The differences in what the data says."""
        return [each for each in self.differences if each.kind != "checked"]

    @property
    def checked(self) -> list[Difference]:
        """The statements of which only the day of the last check moved."""
        return [each for each in self.differences if each.kind == "checked"]

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        return {
            "old": {"name": self.old_name, "revision": self.old_revision},
            "new": {"name": self.new_name, "revision": self.new_revision},
            "day": self.day.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "differences": [each.as_dict(lang) for each in self.differences],
            "history": [each.as_dict(lang) for each in self.history],
            "files": [each.as_dict() for each in self.files],
            "unreadable": {
                name: [{"file": each.file, "line": each.line, "problem": each.problem}
                       for each in errors]
                for name, errors in self.unreadable.items()
            },
        }  # fmt: skip


def compared(
    old: Opened,
    new: Opened,
    *,
    day: date,
    until: date | None = None,
    about: Collection[str] = (),
) -> Compared:
    """What `new` says otherwise than `old`; with `until`, also what the law of `new` itself changes
    after `day`. `about`: only these pathways, rules, fees, credentials or facts (ids)."""
    made = Compared(old.name, old.revision, new.name, new.revision, day, until)
    before, after = _read(old, made), _read(new, made)
    broken = {error.file for errors in made.unreadable.values() for error in errors}
    # What others are written with being unreadable, nothing else can be trusted to be whole.
    whole = before is None or after is None or any(
        file.partition("/")[0] in ("facts", "shared") for file in broken
    )  # fmt: skip
    if before is not None and after is not None and not whole:
        ids = {Path(file).stem for file in broken}
        made.differences = [
            each
            for each in compare(before, after, day=day)
            if each.file not in broken and not ids.issuperset(each.owners)
        ]
        if until is not None:
            made.history = history(after, day=day, until=until)
    if old.revision != new.revision:
        files = compare_files(archives.contents(old.folder), archives.contents(new.folder))
        made.files = [each for each in files if whole or each.file in broken]
        made.quiet_files = [each for each in files if each not in made.files]
    if about:
        made.differences = [each for each in made.differences if set(about) & set(each.owners)]
        made.history = [each for each in made.history if set(about) & set(each.owners)]
        made.files = [each for each in made.files if any(name in each.file for name in about)]
    return made


def _read(opened: Opened, made: Compared) -> Dataset | None:
    """The data set, without what cannot be read; None where nothing can."""
    data, problems = upkeep.read(opened.folder)
    if problems:
        made.unreadable[opened.name] = problems
    return data
