"""A paper as PDF: tagged (PDF/UA-1), Korean embedded, the same bytes for the same words.

Typst lays out `paper.typ`; what people wrote goes in as data and is never read as markup.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from corridor.applications.countersigned import queries, wording
from corridor.applications.models import Paper, PaperSignature
from corridor.common.language import language_code
from corridor.config.env import ROOT

_TEMPLATE = Path(__file__).parent / "paper.typ"
_FONTS = ROOT / "static" / "fonts" / "pretendard" / "otf"


def pdf(paper: Paper, *, side: str) -> bytes:
    """The paper as it reads now, in the active language, for a reader on `side`."""
    return _compiled(_told(paper, side), _made_at(paper))


def _made_at(paper: Paper) -> datetime:
    """When this version was frozen; of a draft, when its row was begun. So a PDF can be made
    again, byte for byte."""
    frozen = [each.made_at for each in paper.versions.all() if each.number == paper.version]
    return (frozen[0] if frozen else paper.created_at).astimezone(UTC).replace(microsecond=0)


def _compiled(told: dict[str, Any], moment: datetime) -> bytes:
    import typst  # 60 MB of its own: only who prints loads it

    def compiled(**options: Any) -> bytes:
        made: bytes = typst.compile(
            str(_TEMPLATE), font_paths=[str(_FONTS)], ignore_system_fonts=True, timestamp=moment,
            sys_inputs={"paper": json.dumps(told, ensure_ascii=False)}, **options,
        )  # fmt: skip
        return made

    try:
        return compiled(pdf_standards=["ua-1"])
    except typst.TypstError:
        # PDF/UA refuses a sign that Pretendard lacks (Chinese characters, emoji). Such a paper
        # loses the conformance mark and shows a box there; tags and text stay.
        return compiled()


def _told(paper: Paper, side: str) -> dict[str, Any]:
    is_plan = paper.kind == Paper.Kind.TRAINING_PLAN
    version = _("Version %(number)d") % {"number": paper.version}
    standing = queries.signatures(paper)
    return {
        "lang": language_code(),
        "title": _("Training/internship placement plan: draft") if is_plan
        else _("Learning agreement"),
        "subtitle": " · ".join(
            filter(None, (wording.names(paper), str(paper.content.get("host", "")),
                          queries.third_name(paper)))
        ),
        "banner": _("DRAFT for the sponsor’s own Form DS-7002 · not a government form") if is_plan
        else _("Learning agreement · countersigned on Corridor"),
        "draft_title": wording.caution(paper)[0],
        "draft_text": wording.caution(paper)[1],
        "version": f"{version} · {paper.get_state_display()}",
        "hash": queries.digest(paper),
        "hash_label": _("SHA-256 of the words that are signed"),
        "page": _("Page {page} of {pages}"),
        "sections": [*queries.sections(paper), *wording.outcome(paper, side=side)],
        "signatures_title": _("Signatures"),
        "signatures": [
            _signature(paper, each, standing.get(each))
            for each in Paper.ORDER[Paper.Kind(paper.kind)]
        ],
        "closing": _("Made by Corridor. It is not legal advice."),
    }  # fmt: skip


def _signature(paper: Paper, side: str, given: PaperSignature | None) -> dict[str, str]:
    label = wording.side_label(paper, side)
    if given is None:
        return {"side": label, "name": "", "office": "", "statement": "",
                "when": _("Not signed yet")}  # fmt: skip
    return {
        "side": label, "name": given.name, "office": given.office,
        "statement": " / ".join(filter(None, (given.statement, wording.translated(paper, given)))),
        "when": wording.when(given),
    }  # fmt: skip
