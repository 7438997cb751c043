"""Writes the sample CVs of `tests/candidates/cv/` from people.yaml, with real writers.

PDF: Chromium prints a page of HTML (or reportlab with a Korean CID font); DOCX: python-docx;
HWPX: python-hwpx; HWP 5: hwp-converter-ai, whose template was saved by Hangul itself. None of
these is needed to run or to test Corridor: the files are kept. To write them anew:

    python3 -m venv /tmp/cv && /tmp/cv/bin/pip install PyYAML playwright reportlab==5.1.0 \
        python-docx==1.2.0 python-hwpx==6.9.0 hwp-converter-ai==0.2.0
    /tmp/cv/bin/python benchmarks/cv_samples.py
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any

import yaml
from cv_layouts import LAYOUTS, Blocks
from cv_rough import ROUGH

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "tests" / "candidates" / "cv"
BY_REPORTLAB = {"k08", "e06", "h07"}


def people() -> list[dict[str, Any]]:
    found = yaml.safe_load((SAMPLES / "people.yaml").read_text(encoding="utf-8"))
    return [{**each, "born": str(each["born"]) if each["born"] else None} for each in found]


def grid(rows: list[list[Any]]) -> tuple[list[tuple[int, int, int, int, str]], int, int]:
    """Cells as (row, column, rowspan, colspan, text), and the size of the table."""
    cells: list[tuple[int, int, int, int, str]] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            text, high, wide = cell if isinstance(cell, tuple) else (cell, 1, 1)
            while (r, c) in taken:
                c += 1
            taken |= {(r + i, c + j) for i in range(high) for j in range(wide)}
            cells.append((r, c, high, wide, str(text)))
            c += wide
    return cells, max(r for r, _c in taken) + 1, max(c for _r, c in taken) + 1


def docx(blocks: Blocks, path: Path) -> None:
    from docx import Document

    made = Document()
    for kind, what in blocks:
        if kind == "title":
            made.add_heading(what, 0)
        elif kind == "h":
            made.add_heading(what, 2)
        elif kind == "p":
            made.add_paragraph(what)
        else:
            cells, high, wide = grid(what)
            table = made.add_table(high, wide, style="Table Grid")
            for r, c, rows, columns, text in cells:
                cell = table.cell(r, c)
                if rows > 1 or columns > 1:
                    cell = cell.merge(table.cell(r + rows - 1, c + columns - 1))
                first, *more = text.split("\n")
                cell.paragraphs[0].text = first
                for line in more:
                    cell.add_paragraph(line)
    made.save(path)


def hwpx(blocks: Blocks, path: Path) -> None:
    from hwpx import HwpxDocument

    made = HwpxDocument.new()
    for kind, what in blocks:
        if kind in ("title", "h"):
            made.add_heading(what, level=1)
        elif kind == "p":
            made.add_paragraph(what)
        else:
            cells, high, wide = grid(what)
            table = made.add_table(high, wide)
            for r, c, rows, columns, _text in cells:
                if rows > 1 or columns > 1:
                    table.merge_cells(r, c, r + rows - 1, c + columns - 1)
            for r, c, _rows, _columns, text in cells:
                table.set_cell_text(r, c, text.replace("\n", " "))
    made.save_to_path(str(path))


def hwp(blocks: Blocks, path: Path) -> None:
    from hwp_converter_ai import BlockNode, BlockType, DocumentIR, HwpWriter, InlineNode, InlineType

    def text(what: str, kind: Any, level: int | None = None) -> Any:
        return BlockNode(kind, [InlineNode(InlineType.TEXT, what)], level=level)

    body = []
    for kind, what in blocks:
        if kind == "t":
            cells, high, wide = grid(what)
            meta = [{"r": r, "c": c, "rowspan": rows, "colspan": columns, "text": said}
                    for r, c, rows, columns, said in cells]  # fmt: skip
            body.append(BlockNode(BlockType.TABLE, metadata={
                "cells": meta, "n_rows": high, "n_cols": wide}))  # fmt: skip
        else:
            level = {"title": 1, "h": 2}.get(kind)
            body.append(text(what, BlockType.HEADING if level else BlockType.PARAGRAPH, level))
    HwpWriter().from_ir(DocumentIR(blocks=body), path)


def page(blocks: Blocks) -> str:
    parts = []
    for kind, what in blocks:
        if kind == "t":
            rows: dict[int, list[str]] = {}
            for r, _c, high, wide, text in grid(what)[0]:
                said = html.escape(text).replace("\n", "<br>")
                rows.setdefault(r, []).append(f"<td rowspan={high} colspan={wide}>{said}</td>")
            parts.append("<table>" + "".join(f"<tr>{''.join(r)}</tr>" for r in rows.values())
                         + "</table>")  # fmt: skip
        else:
            tag = {"title": "h1", "h": "h2", "p": "p"}[kind]
            said = html.escape(what).replace("\t", "<span class=r></span>")
            parts.append(f"<{tag}>{said}</{tag}>")
    font = (ROOT / "static/fonts/pretendard").as_uri()
    css = next((ROOT / "static/fonts/pretendard").glob("*.css")).name
    return (
        f"<meta charset=utf-8><link rel=stylesheet href='{font}/{css}'><style>"
        "body{font:14px 'Pretendard Variable',Pretendard,sans-serif}table{border-collapse:collapse;"
        "width:100%}td{border:1px solid;padding:4px}p{margin:4px 0}.r{display:inline-block;"
        "width:60px}</style>" + "".join(parts)
    )


def pdf_by_chromium(blocks: Blocks, path: Path) -> None:
    printed(page(blocks), path, top="15mm", left="15mm")


def printed(html: str, path: Path, **margins: str) -> None:
    """A page as Chromium prints it."""
    from playwright.sync_api import sync_playwright

    source = path.with_suffix(".html")
    source.write_text(html, encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--allow-file-access-from-files"],
        )  # fmt: skip
        tab = browser.new_page()
        tab.goto(source.as_uri())
        tab.evaluate("document.fonts.ready")
        tab.pdf(path=str(path), format="A4", print_background=True, margin=margins)
        browser.close()
    source.unlink()


def pdf_by_reportlab(blocks: Blocks, path: Path) -> None:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("HYGothic-Medium"))
    style = {
        "title": ParagraphStyle("t", fontName="HYGothic-Medium", fontSize=18, leading=26),
        "h": ParagraphStyle("h", fontName="HYGothic-Medium", fontSize=13, leading=20),
        "p": ParagraphStyle("p", fontName="HYGothic-Medium", fontSize=10, leading=15),
    }
    story: list[Any] = []
    for kind, what in blocks:
        if kind == "t":
            story.append(Table([[Paragraph(str(c), style["p"]) for c in row] for row in what]))
        else:
            story.append(Paragraph(html.escape(what).replace("\t", "&nbsp;" * 8), style[kind]))
    SimpleDocTemplate(str(path), pagesize=A4).build(story)


def main(only: list[str]) -> None:
    for person in people():
        if only and person["id"] not in only:
            continue
        blocks = {**LAYOUTS, **ROUGH}[person["layout"]](person)
        path = SAMPLES / f"{person['id']}.{person['format']}"
        if person["format"] == "pdf":
            (pdf_by_reportlab if person["id"] in BY_REPORTLAB else pdf_by_chromium)(blocks, path)
        else:
            {"docx": docx, "hwpx": hwpx, "hwp": hwp}[person["format"]](blocks, path)
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
