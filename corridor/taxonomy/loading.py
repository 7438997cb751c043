"""Reads `data/` into a Taxonomy and its phrases, refusing whatever is inconsistent.

Files are tab-separated with a header line; a line that starts with `#` is a comment. A cell holds
several aliases separated by ";", several ids or sectors separated by spaces, `*` for all sectors.
Names and aliases may carry one of the finder's marks (see `finding`). Every error is a
TaxonomyError that names file and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from corridor.taxonomy.finding import MARKS, Phrase
from corridor.taxonomy.folding import canonical, is_hangul
from corridor.taxonomy.records import (
    SKILL_KINDS,
    Concept,
    Major,
    Occupation,
    Skill,
    Taxonomy,
)

DATA = Path(__file__).parent / "data"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SOC_CODE = re.compile(r"\d{2}-\d{4}\.\d{2}")
_CLASS_CODE = re.compile(r"(?:\d{2})?")
_GRADE = re.compile(r"(?<=\S)(?<!산업)(기술사|기능장|산업기사|기사|기능사)$")
_FIELD_OF_STUDY = re.compile(r"학$")
_DEGREES = ("degree in {}", "major in {}", "majoring in {}", "BS in {}", "MS in {}", "{} major")
_TRAINEES = ("intern", "internship", "co-op")

C = TypeVar("C", bound=Concept)


class TaxonomyError(ValueError):
    """The data contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. A missing column reads as an empty cell."""

    where: str
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def marked(self, column: str) -> tuple[str, ...]:
        return tuple(part for cell in self.text(column).split(";") if (part := cell.strip()))

    def words(self, column: str) -> tuple[str, ...]:
        return tuple(self.text(column).split())


@dataclass(slots=True)
class Claims:
    """Who claims which phrase within one table (skills, occupations or majors)."""

    ambiguous: dict[str, tuple[str, ...]]
    phrases: dict[tuple[str, str], Phrase] = field(default_factory=dict)
    holders: dict[str, tuple[str, str]] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)

    def add(self, marked: str, concept_id: str, where: str) -> None:
        mark, text = split_mark(marked)
        key = canonical(text)
        if not key:
            raise TaxonomyError(f"{where}: empty alias")
        if len(key) == 1 and (mark != "?" or is_hangul(key)):
            raise TaxonomyError(f"{where}: {text!r} is too short to be found in text")
        if ids := self.ambiguous.get(key):
            if concept_id not in ids:
                raise TaxonomyError(f"{where}: {text!r} is ambiguous between {' '.join(ids)} only")
            self.met.add((key, concept_id))
            self.phrases.setdefault((key, ""), Phrase(text, ids, mark))
            return
        # Exact-case phrases are told apart by case ("=ISO" is not "iso").
        exact = text if mark in {"=", "?"} else ""
        holder, first = self.holders.setdefault(_unspaced(key) + "\0" + exact, (concept_id, where))
        if holder != concept_id:
            raise TaxonomyError(f"{where}: {text!r} is already taken by {holder} ({first})")
        self.phrases.setdefault(
            (key, exact), Phrase(text, (concept_id,) if concept_id else (), mark)
        )

    def add_unclaimed(self, marked: str, concept_id: str) -> None:
        """A spelling derived from a listed one; a listed meaning always goes first."""
        mark, text = split_mark(marked)
        key = canonical(text)
        if key not in self.ambiguous and _unspaced(key) + "\0" not in self.holders:
            self.phrases.setdefault((key, ""), Phrase(text, (concept_id,), mark))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The taxonomy and the phrases of each table, ready for finders."""

    taxonomy: Taxonomy
    skill_phrases: tuple[Phrase, ...]
    occupation_phrases: tuple[Phrase, ...]
    major_phrases: tuple[Phrase, ...]


def load(data: Path = DATA) -> Loaded:
    """Everything under `data`, or a TaxonomyError naming the file and line at fault."""
    sectors = _named(data / "sectors.tsv", "slug")
    groups = _named(data / "groups.tsv", "key")
    ambiguous = _ambiguous(data / "ambiguous.tsv")

    skill_claims = Claims(ambiguous["skills"])
    skills: dict[str, Skill] = {}
    where_skill: dict[str, str] = {}
    for row in _folder(data / "skills", {"id", "kind", "en", "ko", "sectors", "near"}):
        skill = _skill(row, sectors)
        _add(skill, skills, skill_claims, row)
        where_skill[skill.id] = row.where
        if skill.kind == "certificate":
            for written in (skill.ko, *skill.aliases_ko):
                if _GRADE.search(written):
                    skill_claims.add_unclaimed(_GRADE.sub(r" \1", written), skill.id)

    occupation_claims = Claims(ambiguous["occupations"])
    occupations: dict[str, Occupation] = {}
    for row in _folder(data / "occupations", {"code", "en", "ko", "sectors", "skills"}):
        _add(_occupation(row, sectors, skills), occupations, occupation_claims, row, "code")
    for job in occupations.values():
        for written in job.aliases_en:
            if written.endswith(" engineer"):
                for ending in _TRAINEES:
                    occupation_claims.add_unclaimed(f"{written}ing {ending}", job.id)

    major_claims = Claims(ambiguous["majors"])
    majors: dict[str, Major] = {}
    for row in _rows(data / "majors.tsv", {"id", "group", "en", "ko", "sectors"}):
        major = _major(row, sectors, groups)
        _add(major, majors, major_claims, row)
    for major in majors.values():
        for written in (major.ko, *major.aliases_ko):
            if _FIELD_OF_STUDY.search(written):
                for ending in ("과", "부", "전공", " 전공", "계열"):
                    major_claims.add_unclaimed(written + ending, major.id)
    for phrase in [one for one in major_claims.phrases.values() if one.mark == "?"]:
        for frame in _DEGREES:
            major_claims.add_unclaimed(frame.format(phrase.text), phrase.ids[0])

    for skill in skills.values():
        for code in skill.occupations:
            if code not in occupations:
                raise TaxonomyError(f"{where_skill[skill.id]}: unknown occupation {code}")
        for written in (skill.ko, *skill.aliases_ko, skill.en) if skill.occupations else ():
            occupation_claims.add_unclaimed(written, skill.occupations[0])
            if _GRADE.search(written):
                occupation_claims.add_unclaimed(_GRADE.sub(r" \1", written), skill.occupations[0])

    traps = _traps(data / "traps.tsv")
    for table, claims in (
        ("skills", skill_claims),
        ("occupations", occupation_claims),
        ("majors", major_claims),
    ):
        for marked, where in traps[table]:
            claims.add(marked, "", where)
        for key, ids in claims.ambiguous.items():
            for one in ids:
                if (key, one) not in claims.met:
                    raise TaxonomyError(f"ambiguous.tsv: {key!r} is no alias of {one} in {table}")

    taxonomy = Taxonomy(
        skills=_join_near(skills, where_skill),
        occupations=occupations,
        majors=majors,
        sectors=sectors,
        groups=groups,
        revision=_revision(data),
    )
    return Loaded(
        taxonomy,
        tuple(skill_claims.phrases.values()),
        tuple(occupation_claims.phrases.values()),
        tuple(major_claims.phrases.values()),
    )


def _unspaced(key: str) -> str:
    """Spaces between Hangul words are optional in text, so they tell no two names apart."""
    return key.replace(" ", "") if not key.isascii() else key


def split_mark(marked: str) -> tuple[str, str]:
    """ "=CAN" to ("=", "CAN"); an unmarked phrase has an empty mark."""
    return (marked[0], marked[1:].strip()) if marked.startswith(MARKS) else ("", marked)


def _add(concept: C, into: dict[str, C], claims: Claims, row: Row, id_column: str = "id") -> None:
    if concept.id in into:
        raise TaxonomyError(f"{row.where}: {concept.id} is defined twice")
    into[concept.id] = concept
    written = [row.text("en"), row.text("ko"), *row.marked("aliases_en"), *row.marked("aliases_ko")]
    if isinstance(concept, Major):
        written = [f"~{one}" if _reads_as_particle(one) else one for one in written]
    seen: set[tuple[str, str]] = set()
    for marked in written:
        mark, text = split_mark(marked)
        key = (canonical(text), text if mark in {"=", "?"} else "")
        if key in seen and marked != row.text("ko"):
            raise TaxonomyError(f"{row.where}: {text!r} is listed twice")
        seen.add(key)
        claims.add(marked, concept.id, row.where)


def _reads_as_particle(written: str) -> bool:
    """로봇과 may be a department or "robots and"; after a vowel the particle would be 와."""
    if not (3 <= len(written) <= 6 and written.endswith("과") and not written.endswith("학과")):
        return False
    return is_hangul(written[-2]) and (ord(written[-2]) - ord("가")) % 28 != 0


def _skill(row: Row, sectors: Mapping[str, tuple[str, str]]) -> Skill:
    kind = row.text("kind")
    if kind not in SKILL_KINDS:
        raise TaxonomyError(f"{row.where}: unknown kind {kind!r}")
    return Skill(
        *_base(row, "id", _SLUG, sectors),
        kind=kind,
        near=frozenset(row.words("near")),
        occupations=row.words("occupations"),
    )


def _occupation(
    row: Row, sectors: Mapping[str, tuple[str, str]], skills: Mapping[str, Skill]
) -> Occupation:
    wanted = row.words("skills")
    if unknown := [one for one in wanted if one not in skills]:
        raise TaxonomyError(f"{row.where}: unknown skills {' '.join(unknown)}")
    if len(set(wanted)) != len(wanted):
        raise TaxonomyError(f"{row.where}: a skill is listed twice")
    keco, ncs = row.text("keco"), row.text("ncs")
    if not (_CLASS_CODE.fullmatch(keco) and _CLASS_CODE.fullmatch(ncs)):
        raise TaxonomyError(f"{row.where}: keco and ncs are two digits or empty")
    base = _base(row, "code", _SOC_CODE, sectors)
    return Occupation(*base, skills=wanted, keco=keco, ncs=ncs)


def _major(
    row: Row, sectors: Mapping[str, tuple[str, str]], groups: Mapping[str, tuple[str, str]]
) -> Major:
    group = row.text("group")
    if group not in groups:
        raise TaxonomyError(f"{row.where}: unknown group {group!r}")
    return Major(*_base(row, "id", _SLUG, sectors), group=group)


def _base(
    row: Row, id_column: str, shape: re.Pattern[str], known: Mapping[str, tuple[str, str]]
) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    concept_id = row.text(id_column)
    if not shape.fullmatch(concept_id):
        raise TaxonomyError(f"{row.where}: malformed id {concept_id!r}")
    en, ko = split_mark(row.text("en"))[1], split_mark(row.text("ko"))[1]
    if not en or not ko:
        raise TaxonomyError(f"{row.where}: {concept_id} lacks a name")
    sectors = tuple(known) if row.words("sectors") == ("*",) else row.words("sectors")
    if unknown := [slug for slug in sectors if slug not in known]:
        raise TaxonomyError(f"{row.where}: unknown sector {' '.join(unknown)}")
    if not sectors or len(set(sectors)) != len(sectors):
        raise TaxonomyError(f"{row.where}: {concept_id} needs sectors, each once")
    aliases_en = tuple(split_mark(one)[1] for one in row.marked("aliases_en"))
    aliases_ko = tuple(split_mark(one)[1] for one in row.marked("aliases_ko"))
    return concept_id, en, ko, aliases_en, aliases_ko, sectors


def _join_near(skills: Mapping[str, Skill], where: Mapping[str, str]) -> dict[str, Skill]:
    """Nearness holds both ways, though the data states it once."""
    near: dict[str, set[str]] = {one: set() for one in skills}
    for skill in skills.values():
        for other in skill.near:
            if other not in skills or other == skill.id:
                raise TaxonomyError(f"{where[skill.id]}: bad near skill {other!r}")
            near[skill.id].add(other)
            near[other].add(skill.id)
    return {one: replace(skill, near=frozenset(near[one])) for one, skill in skills.items()}


def _named(path: Path, key: str) -> dict[str, tuple[str, str]]:
    named: dict[str, tuple[str, str]] = {}
    for row in _rows(path, {key, "ko", "en"}):
        if row.text(key) in named or not row.text("ko") or not row.text("en"):
            raise TaxonomyError(f"{row.where}: twice, or without a name")
        named[row.text(key)] = (row.text("ko"), row.text("en"))
    return named


def _ambiguous(path: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    tables: dict[str, dict[str, tuple[str, ...]]] = {"skills": {}, "occupations": {}, "majors": {}}
    for row in _rows(path, {"table", "alias", "ids"}):
        table, alias, ids = row.text("table"), canonical(row.text("alias")), row.words("ids")
        if table not in tables or not alias or alias in tables[table] or len(set(ids)) < 2:
            raise TaxonomyError(f"{row.where}: needs a table, a new alias, and two ids or more")
        tables[table][alias] = ids
    return tables


def _traps(path: Path) -> dict[str, list[tuple[str, str]]]:
    traps: dict[str, list[tuple[str, str]]] = {"skills": [], "occupations": [], "majors": []}
    for row in _rows(path, {"table", "text", "why"}):
        if row.text("table") not in traps or not row.text("why"):
            raise TaxonomyError(f"{row.where}: a trap needs a table and a reason")
        traps[row.text("table")].append((row.text("text"), row.where))
    return traps


def _folder(folder: Path, columns: Iterable[str]) -> Iterator[Row]:
    for path in sorted(folder.glob("*.tsv")):
        yield from _rows(path, columns)


def _rows(path: Path, columns: Iterable[str]) -> Iterator[Row]:
    header: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path.name}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        where = f"{path.name}:{number}"
        if not header:
            header = cells
            if missing := sorted(set(columns) - set(header)):
                raise TaxonomyError(f"{where}: missing columns {' '.join(missing)}")
            continue
        if len(cells) > len(header):
            raise TaxonomyError(f"{where}: {len(cells)} cells under {len(header)} columns")
        yield Row(where, dict(zip(header, cells, strict=False)))


def _revision(data: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(data.rglob("*.tsv")):
        digest.update(path.relative_to(data).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
