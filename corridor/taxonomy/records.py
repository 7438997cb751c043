"""What the taxonomy holds: skills, occupations and majors, and where text named them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Lang = Literal["en", "ko"]

SKILL_KINDS = frozenset(
    {
        "skill",
        "tool",
        "equipment",
        "process",
        "certificate",
        "knowledge",
        "language",
        "soft",
    }
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing with one name and any number of aliases in each of two languages."""

    id: str
    en: str
    ko: str
    aliases_en: tuple[str, ...]
    aliases_ko: tuple[str, ...]
    sectors: tuple[str, ...]

    def name(self, lang: str) -> str:
        """Korean for "ko", English for every other language."""
        return self.ko if lang == "ko" else self.en

    def aliases(self, lang: str) -> tuple[str, ...]:
        """Other ways to write it, without the marks that steer the finder."""
        return self.aliases_ko if lang == "ko" else self.aliases_en


@dataclass(frozen=True, slots=True)
class Skill(Concept):
    """`occupations` are the O*NET-SOC codes that a certificate leads to (others: empty)."""

    kind: str
    near: frozenset[str] = field(default=frozenset())
    occupations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occupation(Concept):
    """An O*NET-SOC occupation. `id` is its code; `skills` run from the most typical on.

    `keco`: two-digit middle group of the Korean Employment Classification of Occupations 2018.
    `ncs`: two-digit major group of the National Competency Standards. Empty where unsure.
    """

    skills: tuple[str, ...] = ()
    keco: str = ""
    ncs: str = ""

    @property
    def soc(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Major(Concept):
    """A field of study; `group` is one of the keys in `data/groups.tsv`."""

    group: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One concept named in a text: `text == original[start:end]`, in the caller's own string."""

    id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that was loaded. Mappings keep the order of the data files."""

    skills: Mapping[str, Skill]
    occupations: Mapping[str, Occupation]
    majors: Mapping[str, Major]
    sectors: Mapping[str, tuple[str, str]]
    groups: Mapping[str, tuple[str, str]]
    revision: str
