"""HWPX (KS X 6101, OWPML): the paragraphs and tables of Contents/section*.xml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corridor.candidates.cv.lines import Line, Lines, Unreadable
from corridor.candidates.cv.packages import Package, local

_SECTION = re.compile(r"Contents/section(\d+)\.xml")
MAX_SECTIONS = 50
_NOT_TEXT = frozenset({"secPr", "linesegarray", "header", "footer", "hiddenComment", "script",
                       "fieldBegin", "deleteBegin"})  # fmt: skip


def read(package: Package) -> list[Line]:
    if "META-INF/manifest.xml" in package.names:
        manifest = package.xml("META-INF/manifest.xml")
        if any(local(each) == "encryption-data" for each in manifest.iter()):
            raise Unreadable("encrypted")
    sections = sorted(
        (int(found[1]), name) for name in package.names if (found := _SECTION.fullmatch(name))
    )
    lines = Lines()
    for _number, name in sections[:MAX_SECTIONS]:
        for paragraph in package.xml(name):
            if local(paragraph) == "p":
                _paragraph(paragraph, lines)
    return lines.found


def _paragraph(paragraph: Element, lines: Lines) -> None:
    """Its text, then the tables and text boxes that hang on it."""
    lines.paragraph(_text(paragraph), style=_style(paragraph))
    for hung in _hung(paragraph):
        if local(hung) == "tbl":
            _table(hung, lines)
        else:
            _paragraph(hung, lines)


def _style(paragraph: Element) -> str | None:
    """How the paragraph looks: the ids of its shape, its style and its first letters' shape."""
    run = next((each for each in paragraph if local(each) == "run"), None)
    ids = [paragraph.get("paraPrIDRef"), paragraph.get("styleIDRef"),
           run.get("charPrIDRef") if run is not None else None]  # fmt: skip
    return "/".join(each or "" for each in ids) if any(ids) else None


def _hung(parent: Element) -> Iterator[Element]:
    """Tables, and paragraphs inside drawn boxes, that are not inside another table."""
    for child in parent:
        if local(child) in ("tbl", "p"):
            yield child
        elif local(child) not in _NOT_TEXT:
            yield from _hung(child)


def _table(table: Element, lines: Lines) -> None:
    number = lines.new_table()
    for r, row in enumerate((each for each in table if local(each) == "tr"), 1):
        for c, cell in enumerate((each for each in row if local(each) == "tc"), 1):
            place = {local(each): each.attrib for each in cell}
            address, span = place.get("cellAddr", {}), place.get("cellSpan", {})
            lines.cell(
                "\n".join(_deep(cell)),
                table=number,
                row=_number(address.get("rowAddr"), r - 1) + 1,
                column=_number(address.get("colAddr"), c - 1) + 1,
                rows=_number(span.get("rowSpan"), 1),
            )


def _deep(parent: Element) -> Iterator[str]:
    """The texts of all paragraphs below, also those of a table inside a cell."""
    for paragraph in _hung(parent):
        if local(paragraph) == "p":
            yield _text(paragraph)
        yield from _deep(paragraph)


def _text(paragraph: Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(parent: Element) -> Iterator[str]:
    for child in parent:
        name = local(child)
        if name == "t":
            yield child.text or ""
            for mark in child:
                yield {"lineBreak": "\n", "tab": "\t", "nbSpace": " ", "fwSpace": " ",
                       "hyphen": "-"}.get(local(mark), "")  # fmt: skip
                yield mark.tail or ""
        elif name not in _NOT_TEXT and name not in ("p", "tbl", "subList"):
            yield from _pieces(child)


def _number(said: str | None, otherwise: int) -> int:
    return min(int(said), 10_000) if said is not None and said.isdecimal() else otherwise
