"""Lines put under the parts of a CV that they belong to: by headings, side labels and the heads
of tables. What comes out are free lines, rows of tables by column, and labelled facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from corridor.candidates.cv import dates, looks, words
from corridor.candidates.cv.lines import Line

_LABELLED = re.compile(r"^\s*([^:：|]{1,24}?)\s*\|?\s*[:：]\s*(.+)$", re.DOTALL)

_INNER_LABEL = re.compile(r"^\s*[(（\[]\s*([가-힣]{2,4})\s*[)）\]]\s*(\S.*)$")  # "(영문) KIM"
_TONGUE = re.compile(
    r"영어|국어|일본어|중국어|english|korean|japanese|chinese|german|french|spanish|native|fluent"
    r"|toeic|toefl|opic|ielts|토익|오픽", re.I
)
_MAX_RECORD_KEYS = 0.6  # of a table's rows: so many are labels beside their values

_BARE_LABEL = re.compile(r"^\s*(성\s*명|이\s*름|주\s*소|거주지)\s+(\S.*)$")  # without a colon


@dataclass(frozen=True)
class Said:
    text: str
    line: int


@dataclass
class Item:
    """`free`: a line of running text. Otherwise `cells`: what stands under each column's head."""

    sections: tuple[str, ...]
    free: Said | None = None
    cells: dict[str, Said] = field(default_factory=dict)


@dataclass
class Parts:
    head: list[Said] = field(default_factory=list)  # what stands before the first heading
    labelled: dict[str, Said] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    signed: list[Said] = field(default_factory=list)  # lines at the end with the owner's name
    in_korean: bool = False

    def of(self, section: str) -> list[Item]:
        return [item for item in self.items if section in item.sections]


def read(lines: Sequence[Line]) -> Parts:
    ordered = list(_in_reading_order(lines))
    reader = _Reader(looks.of_headings(ordered))
    for table, group in groupby(ordered, key=lambda line: line.table):
        if table is None:
            for line in group:
                reader.paragraph(line)
            continue
        rows = [list(cells) for _row, cells in groupby(group, key=lambda line: line.row)]
        if _is_record(rows):
            reader.record(rows)
        else:
            for cells in rows:
                reader.row(cells)
    return reader.parts


def _is_record(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether the table has labels beside their values ("회사명 | ○○"), not heads above columns."""
    told = [row for row in rows if len(row) > 1]
    paired = [row for row in told if len(row) % 2 == 0 and _paired(row)]
    roles = {words.column(cell.text) for row in paired for cell in row[::2]}
    return (len(paired) >= max(2, _MAX_RECORD_KEYS * len(told))
            and len(roles & {"employer", "school", "title", "duties", "period", "start"}) > 1)


def _paired(row: Sequence[Line]) -> bool:
    return all(
        words.column(key.text) is not None or words.label(key.text) is not None
        or bool(words.headed(key.text))
        for key in row[::2]
    ) and not all(words.column(value.text) for value in row[1::2])  # fmt: skip


def _in_reading_order(lines: Sequence[Line]) -> Iterator[Line]:
    """A table that only sets two columns of text side by side is read column by column."""
    for _table, group in groupby(lines, key=lambda line: line.table):
        cells = list(group)
        columns = {cell.column or 0 for cell in cells}
        if cells[0].table is None or len(columns) != 2 or not _sets_columns(cells, max(columns)):
            yield from cells
            continue
        for column in sorted(columns):
            for cell in (each for each in cells if each.column == column):
                for text in cell.text.split("\n"):
                    yield replace(cell, text=text, table=None, row=None, column=None)


def _sets_columns(cells: Sequence[Line], right: int) -> bool:
    """Whether at least two parts of the CV begin in the right column."""
    texts = [text for cell in cells if cell.column == right for text in cell.text.split("\n")]
    return sum(bool(words.headed(text)) and words.column(text) is None for text in texts) > 1


def section_of(roles: set[str]) -> tuple[str, ...]:
    """The sections that a table with these columns belongs to."""
    if "school" in roles:
        return ("education",)
    if roles & {"employer", "duties", "title"}:
        return ("work",)
    if roles & {"named"} and roles & {"when", "score"}:
        return ("credentials", "languages")
    if "test" in roles or ("score" in roles and "credential" not in roles):
        return ("languages",)
    if "credential" in roles:
        return ("credentials",)
    return ()


class _Reader:
    def __init__(self, heading_looks: frozenset[str] = frozenset()) -> None:
        self.parts = Parts()
        self._heading_looks = heading_looks
        self._beside: int | None = None  # the column of side labels, in the table being read
        self._sections: tuple[str, ...] = ("personal",)
        self._empty = False  # nothing stands below the last heading yet
        self._headed = False  # a heading has been met
        self._head: dict[int, str] = {}  # column → role, of the table being read
        self._table: int | None = None
        self._last: Item | None = None
        self._by_month: int | None = None  # the table that tells years and months apart
        self._what = 0  # its column of what happened

    def paragraph(self, line: Line) -> None:
        self._head, self._table = {}, None
        found = words.headed(line.text)
        if not found and self._looks_like_heading(line):
            found = words.guessed(line.text) or ["other"]
        if found:
            self._begin(found)
            return
        if (told := _LABELLED.match(words.without_numbering(line.text))) is not None:
            if self._fact(told[1], Said(told[2], line.number)):
                return
            if inner := words.headed(told[1]):
                if not self._stays(inner, [replace(line, text=told[2])]):
                    self._begin(inner)
                self._free(told[2], line.number)
                return
            alike = bool(self._heading_looks & set(looks.of(line)))
            if self._headed and alike and looks.MARK.match(line.text):
                self._begin(words.guessed(told[1]) or ["other"])
        bare = _BARE_LABEL.match(line.text)
        if bare is not None and self._fact(bare[1], Said(bare[2], line.number)):
            return
        self._free(line.text, line.number)

    def _looks_like_heading(self, line: Line) -> bool:
        """A part that no word of ours names. Right below a heading stands what it heads."""
        return (
            self._headed and not self._empty and len(line.text) <= words.MAX_HEADING
            and not re.search(r"\d{4}|[,:|]|[.다요]$", line.text)
            and bool(self._heading_looks & set(looks.of(line))) and words.column(line.text) is None
        )  # fmt: skip

    def record(self, rows: Sequence[Sequence[Line]]) -> None:
        """A table of labels beside their values: an entry begins where a label comes again."""
        self._head, self._table, self._empty = {}, rows[0][0].table, False
        entry: dict[str, Said] = {}

        def done() -> None:
            if entry:
                sections = section_of(set(entry)) or self._sections
                self.parts.items.append(Item(sections, cells=dict(entry)))
                entry.clear()

        for row in rows:
            if len(row) == 1 and (found := words.headed(row[0].text)):
                done()
                self._begin(found)
                continue
            for key, value in zip(row[::2], row[1::2], strict=False):
                said = Said(value.text, value.number)
                if self._fact(key.text, said):
                    continue
                parts = _both(key.text, said)
                if parts:
                    if set(parts) & set(entry):
                        done()
                    entry.update(parts)
                elif words.column(key.text) is None:
                    done()
                    self._begin(words.headed(key.text) or words.guessed(key.text) or ["other"])
                    self._free(said.text, said.line)
        done()

    def row(self, cells: list[Line]) -> None:
        self._empty = False
        if cells[0].table != self._table:
            self._head, self._table, self._last = {}, cells[0].table, None
            self._beside = None
        if _sums_up(cells):  # "학력 | 경력 | 희망연봉" over one line of each
            self._begin(["other"])
            return
        side = self._side(cells)
        if side and self._stays(side, cells[1:]):
            cells, side = cells[1:], []
        if side:
            if not self._head or section_of(set(self._head.values()))[:1] != tuple(side[:1]):
                self._head = {}
                self._begin(side)
            cells = cells[1:]
            if side == ["military"] and cells:
                said = Said(cells[0].text, cells[0].number)
                self.parts.labelled.setdefault("military_status", said)
        if not cells or self._year_and_month(cells):
            return
        if (roles := _roles(cells)) is not None:
            self._head = roles
            self._sections = section_of(set(roles.values())) or self._sections
            self._headed = True
            self._last = None
        elif self._head:
            self._under_heads(cells)
        elif not self._pairs(cells):
            self._flat(cells)

    def _stays(self, found: Sequence[str], after: Sequence[Line]) -> bool:
        """"Languages: C, Python" among skills names no part of its own."""
        said = " ".join(cell.text for cell in after)
        return (bool(said) and "skills" in self._sections and list(found) == ["languages"]
                and _TONGUE.search(said) is None)  # fmt: skip

    def _side(self, cells: list[Line]) -> list[str]:
        """The sections that the first cell names, as a heading in the row or at its side."""
        first = cells[0]
        found = words.headed(first.text)
        over = bool(found) and first.rows > 1 and _roles(cells[1:]) is not None  # rows of heads
        if len(cells) > 1 and not over and (
            words.column(first.text) is not None or first.column in self._head
        ):
            return []
        if found and first.rows > 1:
            self._beside = first.column
        if found or len(cells) < 2 or words.label(first.text) is not None:
            return found
        if first.column == self._beside or (first.rows > 1 and _roles(cells[1:]) is not None):
            return words.guessed(first.text) or ["other"]
        return []

    def _year_and_month(self, cells: list[Line]) -> bool:
        """The short form with a column of years, one of months and one of what happened."""
        first = [words.plain(cell.text) for cell in cells]
        if first[:2] in (["년", "월"], ["연", "월"]) and len(cells) > 2:
            days = first[2] == "일"
            self._begin(words.headed(cells[3 if days and len(cells) > 3 else 2].text) or ["other"])
            self._by_month, self._what = cells[0].table, cells[3 if days else 2].column or 0
            return True
        if self._by_month is None or cells[0].table != self._by_month:
            return False
        told = next((cell for cell in cells if cell.column == self._what), None)
        if told is None:
            return True
        when = [said for cell, said in zip(cells, first, strict=True)
                if (cell.column or 0) < self._what and said.isdecimal()]  # fmt: skip
        if not when and (found := words.headed(told.text)):
            self._begin(found)
        elif len(when) > 1 and re.fullmatch(r"(?:19|20)?\d\d", when[0]):
            year = when[0] if len(when[0]) == 4 else f"'{when[0]}"
            self._free(f"{year}.{int(when[1]):02} {told.text}", told.number)
        else:
            self._free(told.text, told.number)
        return True

    def _begin(self, sections: Sequence[str]) -> None:
        self._sections, self._headed, self._empty = tuple(sections), True, True

    def _free(self, text: str, line: int) -> None:
        self._empty = False
        said = Said(text, line)
        if not self._headed:
            self.parts.head.append(said)
        self.parts.items.append(Item(self._sections, free=said))

    def _fact(self, name: str, said: Said) -> bool:
        """Keep a labelled fact about the person; True where the label is one (kept or not)."""
        if not self._personal():
            return False
        fact = words.label(name)
        if fact:
            self.parts.labelled.setdefault(fact, said)
        return fact is not None

    def _personal(self) -> bool:
        return not {"education", "work", "credentials", "languages"} & set(self._sections)

    def _under_heads(self, cells: list[Line]) -> None:
        found: dict[str, Said] = {}
        for cell in cells:
            role = self._head.get(cell.column or 0)
            if role and role != "ignored":
                found[role] = Said(cell.text, cell.number)
        if not found:
            return
        kind = found.get("kind")
        if kind is not None and (named := words.headed(kind.text)) and "named" in found:
            self._begin(named)  # one table for all parts, each row's part in its own cell
            self._flat([cell for cell in cells
                        if self._head.get(cell.column or 0) not in ("kind", "ignored", "issuer")])
            return
        first = self._head[min(self._head)]
        before = self._last.cells.get("period") if self._last is not None else None
        open_ = before is not None and before.text.rstrip().endswith(("~", "–", "-", "—"))
        wrapped = cells[0].page is not None and self._last is not None and (
            first not in found or (open_ and dates.period(found["period"].text) is None
                                   if "period" in found else False)
        )
        if wrapped and self._last is not None:  # the second line of a cell in a PDF
            for role, said in found.items():
                before = self._last.cells.get(role)
                joined = f"{before.text} {said.text}" if before else said.text
                self._last.cells[role] = Said(joined, before.line if before else said.line)
            return
        self._last = Item(self._sections, cells=found)
        self.parts.items.append(self._last)

    def _pairs(self, cells: list[Line]) -> bool:
        """A row of labels, each with its value at the right."""
        labels = [words.label(cell.text) for cell in cells]
        if not self._personal() and sum(label is not None for label in labels) < 2:
            return False
        found = False
        for at, fact in enumerate(labels):
            if fact is None:
                inner = _INNER_LABEL.match(cells[at].text)
                if inner is not None and (fact := words.label(inner[1])):
                    said = Said(inner[2], cells[at].number)
                    self.parts.labelled.setdefault(fact, said)
                continue
            found = True
            if fact and at + 1 < len(cells) and labels[at + 1] is None:
                said = Said(cells[at + 1].text.lstrip(" :："), cells[at + 1].number)
                self.parts.labelled.setdefault(fact, said)
        return found

    def _flat(self, cells: list[Line]) -> None:
        """A row without heads above: its first lines as one line, then what stands below."""
        if len(cells) == 1:
            for text in cells[0].text.split("\n"):
                self._free(text, cells[0].number)
            return
        below: list[tuple[str, int]] = []
        firsts: list[str] = []
        for cell in cells:
            first, *more = cell.text.split("\n")
            firsts.append(first)
            below += [(text, cell.number) for text in more]
        self._free(" | ".join(firsts), cells[-1].number)
        for text, number in below:
            self._free(text, number)


def _sums_up(cells: Sequence[Line]) -> bool:
    found = {sections[0] for cell in cells if (sections := words.headed(cell.text))}
    return len(found) > 1 and 2 * len(found) >= len(cells) and _roles(cells) is None


def _roles(cells: Sequence[Line]) -> dict[int, str] | None:
    """The columns' roles, where the row is a head: most of its cells name a column."""
    roles = {cell.column or 0: words.column(cell.text) for cell in cells}
    known = {column: role for column, role in roles.items() if role is not None}
    if len(known) < 2 or len(known) < (0.5 if len(known) > 2 else 0.6) * len(cells):
        return None
    if "start" in known.values() and "end" not in known.values():  # 입학 | 졸업: two days
        for cell in cells:
            if words.plain(cell.text) == "졸업":
                known[cell.column or 0] = "end"
    return known if section_of(set(known.values())) or len(known) == len(cells) else None


def _both(label: str, said: Said) -> dict[str, Said]:
    """What a value says by its label's role; "부서/직위" over "연구팀 / 책임" says two things."""
    keys = [words.column(part) for part in re.split(r"\s*/\s*", label)]
    values = re.split(r"\s*/\s*", said.text)
    if len(keys) == len(values) > 1 and None not in keys and len(set(keys)) > 1:
        return {key: Said(value, said.line) for key, value in zip(keys, values, strict=True) if key}
    role = words.column(label)
    return {role: said} if role is not None and role != "ignored" else {}


def free(items: Sequence[Item]) -> Iterator[Said]:
    for item in items:
        if item.free is not None:
            yield item.free
