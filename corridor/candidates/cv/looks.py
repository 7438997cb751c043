"""How lines look: a CV's headings look alike, also those that no word of ours names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corridor.candidates.cv import words
from corridor.candidates.cv.lines import Line

# Marks that people set before headings, and numbering.
MARK = re.compile(
    r"^\s*(?:([■□◆◇●○▶▷▣◈☐★☆◎▪❖])|(\[)|([【])|\(?(\d{1,2})([.)])\s|([ⅠⅡⅢⅣⅤⅥⅦⅧIVX]+)\.)"
)


def of(line: Line) -> list[str]:
    """How the line looks: its style, and the mark before it."""
    mark = MARK.match(line.text)
    kinds = [number for number, found in enumerate(mark.groups()) if found] if mark else []
    marks = [f"mark {kinds[0]}{mark[1] or mark[5] or ''}"] if mark else []
    return [f"style {line.style}", *marks] if line.style else marks


def of_headings(lines: Sequence[Line]) -> frozenset[str]:
    """The looks that headings have in this CV: most lines that look so name a known part."""
    all_, known = Counter[str](), Counter[str]()
    for line in lines:
        if line.table is None:
            all_.update(of(line))
            known.update(of(line) if words.headed(line.text) else ())
    return frozenset(look for look, times in known.items() if times >= max(2, 0.5 * all_[look]))
