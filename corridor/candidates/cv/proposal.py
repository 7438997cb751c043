"""What a CV is read to say: values, each with the number of the line that says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Simple facts of a profile that are read; the last two are private, and a person's own to tell.
FACTS = ("name", "name_roman", "city", "skills_text", "research_interests", "about",
         "birth_date", "military_status")  # fmt: skip
PRIVATE = ("birth_date", "military_status")
# List → its fields in the order of the profile's forms.
LISTS: dict[str, tuple[str, ...]] = {
    "educations": ("institution", "degree", "major", "status", "started_on", "ended_on"),
    "works": ("employer", "title", "started_on", "ended_on", "description"),
    "credentials": ("name", "issued_on"),
    "languages": ("test", "score", "level", "taken_on"),
}


@dataclass(frozen=True)
class Value:
    """`value`: a text; days as ISO text, choices as the profile's codes, scores as digits.
    `line`: the number of the line it was read in (lines.Line.number)."""

    value: str
    line: int


@dataclass
class Entry:
    """One row of a list of the profile. `goes_on`: the line that says it has not ended yet."""

    values: dict[str, Value] = field(default_factory=dict)
    goes_on: int | None = None

    def put(self, name: str, value: str | None, line: int) -> None:
        """Keep the first that is told. An empty text: the line speaks of it and leaves it open."""
        if value is not None and not self.text(name):
            self.values[name] = Value(value, line)

    def text(self, name: str) -> str:
        found = self.values.get(name)
        return found.value if found else ""


@dataclass
class Proposal:
    facts: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, list[Entry]] = field(default_factory=lambda: {name: [] for name in LISTS})

    def lines(self) -> set[int]:
        """The numbers of the lines that are quoted."""
        said = {value.line for value in self.facts.values()}
        for entry in (entry for entries in self.lists.values() for entry in entries):
            said |= {value.line for value in entry.values.values()}
            said |= {entry.goes_on} - {None}  # type: ignore[operator]
        return said

    def as_dict(self) -> dict[str, Any]:
        return {
            "facts": {name: [each.value, each.line] for name, each in self.facts.items()},
            "lists": {
                name: [
                    {
                        "values": {key: [v.value, v.line] for key, v in entry.values.items()},
                        "goes_on": entry.goes_on,
                    }
                    for entry in entries
                ]
                for name, entries in self.lists.items()
            },
        }
