"""Reading the ground's YAML strictly: every complaint names file, line and entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

_HANGUL = re.compile(r"[가-힣]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    entry: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.entry}: {self.message}"


class GroundError(Exception):
    """The data contradicts itself or lacks something. ``problems`` lists all of it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Complaints:
    """Problems collected while reading, so that one run shows all of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def raise_if_any(self) -> None:
        if self.problems:
            raise GroundError(self.problems)


class Entry:
    """One YAML mapping. Each reader takes one key; ``close`` refuses the keys nobody took.

    A reader that cannot give what it promises complains and returns an empty value, so that
    reading goes on; the result must not be used once there are complaints.
    """

    def __init__(
        self, node: yaml.MappingNode, file: str, complaints: Complaints, name: str = ""
    ) -> None:
        self.file = file
        self.line = node.start_mark.line + 1
        self.complaints = complaints
        self._nodes: dict[str, yaml.Node] = {}
        self._taken: set[str] = set()
        for key, value in node.value:
            if key.value in self._nodes:
                self.name = name or "?"
                self.complain(f"{key.value} is given twice", at=key)
            self._nodes[key.value] = value
        own = next((self._nodes[k] for k in ("slug", "code", "name") if k in self._nodes), None)
        self.name = name or (own.value if isinstance(own, yaml.ScalarNode) else "?")

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def complain(self, message: str, *, at: yaml.Node | None = None, key: str = "") -> None:
        node = at or self._nodes.get(key)
        line = node.start_mark.line + 1 if node else self.line
        self.complaints.problems.append(Problem(self.file, line, self.name, message))

    def _take(self, key: str) -> yaml.Node | None:
        self._taken.add(key)
        node = self._nodes.get(key)
        if isinstance(node, yaml.ScalarNode) and node.tag == _NULL:
            return None
        return node

    def text(self, key: str, *, required: bool = True) -> str:
        node = self._take(key)
        if node is None:
            if required:
                self.complain(f"{key} is missing", key=key)
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.complain(f"{key} must be text", at=node)
            return ""
        return str(node.value).strip()

    def slug(self, key: str = "slug") -> str:
        value = self.text(key)
        if value and not _SLUG.fullmatch(value):
            self.complain(f"{key} {value!r} must be small letters, digits and hyphens", key=key)
        return value

    def choice(self, key: str, allowed: set[str]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self.complain(f"{key} {value!r} is none of {', '.join(sorted(allowed))}", key=key)
        return value

    def korean(self, key: str, *, required: bool = True) -> str:
        value = self.text(key, required=required)
        if value and not _HANGUL.search(value):
            self.complain(f"{key} has no Korean in it: {value!r}", key=key)
        return value

    def english(self, key: str, *, required: bool = True) -> str:
        value = self.text(key, required=required)
        if value and _HANGUL.search(value):
            self.complain(f"{key} has Korean in it: {value!r}", key=key)
        return value

    def both(self, key: str, *, required: bool = True) -> tuple[str, str]:
        """Korean and English of ``key: {ko: …, en: …}``; both empty where it may be absent."""
        pair = self.child(key, required=required)
        if pair is None:
            return "", ""
        texts = pair.korean("ko"), pair.english("en")
        pair.close()
        return texts

    def whole(self, key: str, *, low: int, high: int) -> int | None:
        """A whole number, None where it is absent or null. Underscores may group digits."""
        node = self._take(key)
        if node is None:
            return None
        try:
            value = int(str(node.value))
        except ValueError:
            self.complain(f"{key} must be a whole number, not {node.value!r}", at=node)
            return None
        if not low <= value <= high:
            self.complain(f"{key} {value} must lie between {low} and {high}", at=node)
        return value

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        node = self._take(key)
        if isinstance(node, yaml.SequenceNode) and len(node.value) == count:
            try:
                return tuple(float(item.value) for item in node.value)
            except (TypeError, ValueError):
                pass
        self.complain(f"{key} must be {count} numbers", key=key)
        return (0.0,) * count

    def day(self, key: str) -> date:
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError:
            if value:
                self.complain(f"{key} must be a day like 2025-03-24, not {value!r}", key=key)
            return date.min

    def day_or_less(self, key: str) -> tuple[date | None, str]:
        """A day, month or year, as its first day and ``day``, ``month`` or ``year``."""
        value = self.text(key, required=False)
        if not value:
            return None, ""
        precision = {4: "year", 7: "month", 10: "day"}.get(len(value), "")
        try:
            if precision:
                return date.fromisoformat(value + "-01-01"[len(value) - 4 :]), precision
        except ValueError:
            pass
        self.complain(f"{key} must be like 2025-03-24, 2025-03 or 2025, not {value!r}", key=key)
        return None, ""

    def words(self, key: str) -> list[str]:
        node = self._take(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.complain(f"{key} must be a list", key=key)
            return []
        found = [str(item.value) for item in node.value]
        if len(set(found)) < len(found):
            self.complain(f"{key} repeats itself", key=key)
        return found

    def child(self, key: str, *, required: bool = True) -> Entry | None:
        node = self._take(key)
        if isinstance(node, yaml.MappingNode):
            return Entry(node, self.file, self.complaints, self.name)
        if node is not None or required:
            self.complain(f"{key} is missing" if node is None else f"{key} must be a mapping")
        return None

    def children(self, key: str) -> list[Entry]:
        node = self._take(key)
        if not isinstance(node, yaml.SequenceNode):
            self.complain(f"{key} must be a list", key=key)
            return []
        return list(_entries(node, self.file, self.complaints))

    def close(self) -> None:
        for key in self._nodes.keys() - self._taken:
            self.complain(f"unknown key {key!r}", at=self._nodes[key])


def entries(path: Path, root: Path, complaints: Complaints) -> list[Entry]:
    """The entries of one file, which holds a list of mappings."""
    file = str(path.relative_to(root))
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        complaints.problems.append(Problem(file, line, "YAML", error.problem or "unreadable"))
        return []
    if not isinstance(node, yaml.SequenceNode):
        complaints.problems.append(Problem(file, 1, "YAML", "the file must hold a list"))
        return []
    return list(_entries(node, file, complaints))


def _entries(node: yaml.SequenceNode, file: str, complaints: Complaints) -> Iterator[Entry]:
    for item in node.value:
        if isinstance(item, yaml.MappingNode):
            yield Entry(item, file, complaints)
        else:
            line = item.start_mark.line + 1
            complaints.problems.append(Problem(file, line, "?", "every item must be a mapping"))
