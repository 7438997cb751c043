"""DOCX (ECMA-376): the paragraphs and tables of word/document.xml, in reading order.

The first section's header is read before them: people write their name and address there. Footers,
fields, comments, deleted text, pictures and macros are not read; text boxes are.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corridor.candidates.cv import pieces
from corridor.candidates.cv.lines import Line, Lines
from corridor.candidates.cv.packages import Package, local

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS = "word/_rels/document.xml.rels"
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "pict", "Fallback"})


def read(package: Package) -> list[Line]:
    lines = Lines()
    body = package.xml("word/document.xml").find(f"{_W}body")
    if body is not None:
        for part in (_header(package, body), body):
            for block in _blocks(part) if part is not None else ():
                _block(block, lines)
    return lines.found


def _header(package: Package, body: Element) -> Element | None:
    """The first page's header, where the file has one of its own; else every page's."""
    section = next(body.iter(f"{_W}sectPr"), None)
    if section is None or _RELATIONS not in package.names:
        return None
    asked = {each.get(f"{_W}type"): each.get(f"{_R}id")
             for each in section.iter(f"{_W}headerReference")}  # fmt: skip
    first = section.find(f"{_W}titlePg") is not None and "first" in asked
    wanted = asked.get("first" if first else "default")
    for relation in package.xml(_RELATIONS):
        if wanted is not None and relation.get("Id") == wanted:
            name = "word/" + relation.get("Target", "").removeprefix("/word/")
            return package.xml(name) if name in package.names else None
    return None


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables, also those inside content controls."""
    for child in parent:
        name = local(child)
        if name in ("p", "tbl"):
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _blocks(child)


def _block(block: Element, lines: Lines) -> None:
    if local(block) == "tbl":
        _table(block, lines)
        return
    lines.paragraph(_marked(block), style=_style(block))
    for box in block.iter(f"{_W}txbxContent"):
        for inner in _blocks(box):
            _block(inner, lines)


def _table(table: Element, lines: Lines) -> None:
    number = lines.new_table()
    cells: dict[tuple[int, int], list[object]] = {}  # (row, column) → [text, rows]
    above: dict[int, tuple[int, int]] = {}  # column → the merged cell that goes on here
    for r, row in enumerate(_rows(table), 1):
        column = 1
        for cell in _cells(row):
            wide, merge = _spans(cell)
            if merge == "continue" and column in above:
                cells[above[column]][1] = r - above[column][0] + 1
            else:
                inner = [_deep(each) for each in _blocks(cell)]
                cells[(r, column)] = ["\n".join(filter(None, inner)), 1]
                above[column] = (r, column)
            column += wide
    for (r, column), (text, rows) in cells.items():
        lines.cell(str(text), table=number, row=r, column=column, rows=int(str(rows)))


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if local(child) == "tr":
            yield child
        elif local(child) in ("sdt", "sdtContent", "ins"):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) in ("sdt", "sdtContent"):
            yield from _cells(child)


def _spans(cell: Element) -> tuple[int, str]:
    """How many columns wide, and "restart", "continue" or "" of a vertical merge."""
    properties = cell.find(f"{_W}tcPr")
    if properties is None:
        return 1, ""
    span, merge = properties.find(f"{_W}gridSpan"), properties.find(f"{_W}vMerge")
    said = span.get(f"{_W}val", "1") if span is not None else "1"
    wide = min(int(said), 60) if said.isdecimal() else 1
    return max(1, wide), "" if merge is None else merge.get(f"{_W}val", "continue")


def _deep(block: Element) -> str:
    """A cell's paragraph; of a table inside the cell, its rows as lines."""
    if local(block) == "p":
        return _marked(block)
    rows = (" | ".join("\n".join(_deep(each) for each in _blocks(cell)) for cell in _cells(row))
            for row in _rows(block))  # fmt: skip
    return "\n".join(rows)


def _marked(paragraph: Element) -> str:
    """Its text, with the bullet or number that Word sets before it and does not write."""
    text = _text(paragraph)
    properties = paragraph.find(f"{_W}pPr")
    if properties is None or not text.strip():
        return text
    named = properties.find(f"{_W}pStyle")
    style = "" if named is None else named.get(f"{_W}val", "")
    listed = properties.find(f"{_W}numPr") is not None or style.startswith("ListBullet")
    return f"• {text}" if listed and not pieces.is_bullet(text) else text


def _style(paragraph: Element) -> str | None:
    """How the paragraph looks: its style, and whether all of it is bold."""
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(_pieces(run)).strip()]
    bold = bool(runs) and all(run.find(f"{_W}rPr/{_W}b") is not None for run in runs)
    name = "" if named is None else named.get(f"{_W}val", "")
    return f"{name} {'bold' if bold else ''}".strip() or None


def _text(paragraph: Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(parent: Element) -> Iterator[str]:
    for child in parent:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name not in _SKIPPED and name not in ("p", "tbl", "txbxContent"):
            yield from _pieces(child)
