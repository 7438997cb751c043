"""YAML as the rule data allows it: no duplicate keys, no unquoted `on`; maps know their lines.

A problem stops the reading, unless all of them are being collected: then each is noted, what was
being read is left out, and the reading goes on (upkeep.check).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from corridor.rules.errors import RuleDataError, nearest

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Problems = list[RuleDataError] | None  # None: the first one stops the reading
Made = TypeVar("Made")


def report(problems: Problems, error: RuleDataError) -> None:
    """Collect `error`, or raise it where none are collected."""
    if problems is None:
        raise error
    problems.append(error)


class Map(dict[str, Any]):
    """A YAML mapping that remembers its file, its line and the line of each key (1-based)."""

    __slots__ = ("file", "line", "lines", "problems")

    def __init__(self, file: str, line: int, problems: Problems = None) -> None:
        super().__init__()
        self.file, self.line, self.problems = file, line, problems
        self.lines: dict[str, int] = {}

    @contextmanager
    def noting(self) -> Iterator[None]:
        """What goes wrong inside is a problem of this map, noted or raised; see above.

        A shape that no reader foresaw (text where a list belongs) is one too.
        """
        try:
            yield
        except RuleDataError as error:
            report(self.problems, error)
        except Exception as error:
            odd = self.refuse(f"cannot be read ({type(error).__name__}: {error})")
            report(self.problems, odd)

    def refuse(self, problem: str, key: str | None = None) -> RuleDataError:
        line = self.lines.get(key, self.line) if key else self.line
        return RuleDataError(self.file, line, problem)

    def allow(self, known: Iterable[str]) -> None:
        """Refuse any key not in `known`, naming the nearest known one."""
        known = set(known)
        for key in self:
            if key not in known:
                near = nearest(key, known)
                hint = (
                    f"; did you mean '{near}'?" if near else f"; known: {', '.join(sorted(known))}"
                )
                report(self.problems, self.refuse(f"unknown key '{key}'{hint}", key))

    def need(self, key: str) -> Any:
        if self.get(key) is None:
            raise self.refuse(f"'{key}' is missing", key)
        return self[key]

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.need(key) if needed else self.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"'{key}' must be text, not {value!r}", key)
        return value.strip()

    def day(self, key: str, *, needed: bool = False) -> date | None:
        value = self.need(key) if needed else self.get(key)
        if value is not None and not isinstance(value, date):
            raise self.refuse(f"'{key}' must be a day like 2026-11-23, not {value!r}", key)
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self.get(key, default)
        if value is None:
            raise self.refuse(f"'{key}' is missing", key)
        if value not in allowed:
            raise self.refuse(
                f"'{key}' must be one of {', '.join(sorted(allowed))}, not {value!r}", key
            )
        return str(value)

    def maps(self, key: str, *, needed: bool = False) -> list[Map]:
        value = self.need(key) if needed else self.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Map) for item in value):
            raise self.refuse(f"'{key}' must be a list of maps", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refuse(f"'{key}' must be a list of texts", key)
        return tuple(value)

    def both(self, key: str, *, needed: bool = False) -> tuple[str, str] | None:
        """A text in both languages, as (Korean, English)."""
        value = self.need(key) if needed else self.get(key)
        if value is None:
            return None
        if not isinstance(value, Map) or set(value) != {"ko", "en"}:
            raise self.refuse(
                f"'{key}' needs exactly 'ko' and 'en' (quote a text that has a comma or colon)", key
            )
        return value.text("ko", needed=True), value.text("en", needed=True)


def read_each(make: Callable[[Map], Made], bodies: Iterable[Map]) -> list[Made]:
    """`make` of every body; while problems are collected, those that have one are left out."""
    made = []
    for body in bodies:
        with body.noting():
            made.append(make(body))
    return made


def read(path: Path, *, name: str | None = None, problems: Problems = None) -> Map:
    """The mapping in the file `path`; `name` is what errors call the file.

    Raises RuleDataError where the whole file cannot be read, collecting or not.
    """
    name = name or path.name
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise RuleDataError(name, line, "not readable as UTF-8 text") from error
    return parse(text, name, problems)


def parse(text: str, name: str, problems: Problems = None) -> Map:
    """The mapping in `text`. Raises RuleDataError naming `name` and the line."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise RuleDataError(name, line, f"not readable as YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:  # a control character
        line = text.encode()[: error.position].count(b"\n") + 1
        raise RuleDataError(name, line, f"not readable as YAML: {error.reason}") from error
    value = _value(node, name, problems) if node is not None else None
    if not isinstance(value, Map):
        raise RuleDataError(name, 1, "the file must be one map of keys")
    return value


def _value(node: Any, file: str, problems: Problems) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _map(node, file, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, file, problems) for item in node.value]
    tag, text = node.tag.rpartition(":")[2], node.value
    if tag == "str":
        return text
    line = node.start_mark.line + 1
    if tag == "null":
        return None
    if tag == "bool":
        if text in ("true", "false"):
            return text == "true"
        raise RuleDataError(
            file, line, f"YAML reads {text!r} as a boolean; write '{text}' in quotes, or true/false"
        )
    try:
        if tag == "int":
            return int(text)
        if tag == "float":
            return float(text)
        if tag == "timestamp":
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RuleDataError(file, line, f"cannot use {text!r} here; put text in quotes")


def _map(node: yaml.MappingNode, file: str, problems: Problems) -> Map:
    made = Map(file, node.start_mark.line + 1, problems)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if key_node.tag != "tag:yaml.org,2002:str":
            kind = str(key_node.tag).rpartition(":")[2]
            problem = f"YAML reads the key {key!r} as {kind}; quote it"
            report(problems, RuleDataError(file, line, problem))
            continue
        if key in made.lines:
            first = made.lines[key]
            problem = f"duplicate key '{key}' (first on line {first})"
            report(problems, RuleDataError(file, line, problem))
            continue
        made.lines[key] = line
        try:
            made[key] = _value(value_node, file, problems)
        except RuleDataError as error:
            report(problems, error)
    return made
