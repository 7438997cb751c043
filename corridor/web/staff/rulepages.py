"""From the rules' own records to what the staff pages about them show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor import rules
from corridor.policy import queries
from corridor.policy.comparing import Compared
from corridor.rules import running, saying, statements, upkeep
from corridor.rules.comparing import Difference
from corridor.rules.loading import revision_of
from corridor.rules.model import Backing
from corridor.rules.statements import PARTS, Statement, Version
from corridor.web import present

EVIDENCE = ("primary", "secondary", "background")


def due(*, day: date, days: int | None = None, ahead: int = 0) -> list[upkeep.Due]:
    """What a person should check again, people's checks on this site counted."""
    return upkeep.due(
        rules.standing().data, day=day, days=days, ahead=ahead, checks=queries.last_checks()
    )


def due_rows(found: Iterable[upkeep.Due]) -> list[dict[str, Any]]:
    lang = present.language()
    return [
        {
            "name": each.heading(lang),
            "url": statement_url(each.key),
            "checked": present.day(each.checked_on),
            "late": each.late,
            "when": lateness(each.late),
            "place": f"{each.file}:{each.line}",
            "citation": each.backing.citation,
            "evidence": evidence(each.backing),
            "often": saying.word(each.volatility)(lang),
        }
        for each in found
    ]


def lateness(late: int) -> str:
    if late > 0:
        return ngettext("%d day late", "%d days late", late) % late
    return ngettext("in %d day", "in %d days", -late) % -late if late else _("today")


def statement_url(key: str) -> str:
    return reverse("staff:rule_statement", args=[key])


def evidence(backing: Backing) -> str:
    """How sure a statement is, in the reader's words."""
    return saying.word(backing.evidence)(present.language())


# --- the overview -------------------------------------------------------------------------------


def overview(day: date) -> dict[str, Any]:
    """What is in use, what lies in the files, what is wrong with them, and what is in them."""
    standing, folder = rules.standing(), running.folder()
    on_disk = revision_of(folder) if folder.is_dir() else ""
    data = standing.data
    all_ = statements.statements(data)
    backed = [v.backing for each in all_ for v in each.versions if v.backing]
    return {
        "revision": data.revision,
        "on_disk": on_disk,
        "newer": on_disk != data.revision,
        "from_archive": standing.origin == "archive",
        "read_at": present.moment(standing.read_at),
        "problems": [] if on_disk == data.revision else _problems(folder, on_disk),
        "warnings": upkeep.warnings(data, day=day),
        "counts": [
            (_("Visa routes"), len(data.pathways)),
            (_("Credentials"), len(data.credentials)),
            (_("Dated histories"), len(data.changes)),
            (_("Statements with a citation"), len(backed)),
        ],
        "sure": [
            (saying.word(level)(present.language()), sum(b.evidence == level for b in backed))
            for level in EVIDENCE
        ],
    }


@lru_cache(maxsize=4)
def _problems(folder: Path, revision: str) -> list[upkeep.Problem]:
    """The files' problems; read anew when any file changes (`revision` is their hash)."""
    return upkeep.check(folder)


def problem_rows(problems: Iterable[upkeep.Problem]) -> list[dict[str, str]]:
    lang = present.language()
    return [
        {"place": f"{each.file}:{each.line}", "problem": each.problem(lang),
         "mend": each.mend(lang)}
        for each in problems
    ]  # fmt: skip


# --- one pathway's history ----------------------------------------------------------------------


def history(pathway: str, day: date) -> list[dict[str, Any]]:
    """The pathway's statements by part, each with its versions as a timeline."""
    data, lang = rules.standing().data, present.language()
    late = {each.key for each in due(day=day)}
    parts: dict[str, list[dict[str, Any]]] = {}
    for statement in statements.of_pathway(data, pathway):
        parts.setdefault(statement.part, []).append(
            {
                "id": statement.key.replace("/", "-").replace(".", "-"),
                "title": "" if statement.part == "status" else _title(statement, lang),
                "items": [_station(version, statement, day, late, lang)
                          for version in statement.versions],
            }
        )  # fmt: skip
    titles = {
        "status": _("Legal status"),
        "requirement": _("Conditions"),
        "fee": _("Fees"),
        "change": _("How the rule has changed"),
    }
    return [
        {"part": part, "title": title, "rows": parts[part]}
        for part, title in titles.items()
        if part in parts
    ]


def _title(statement: Statement, lang: str) -> str:
    return (statement.title if statement.part == "requirement" else statement.subject)(lang)


def _station(
    version: Version, statement: Statement, day: date, late: set[str], lang: str
) -> dict[str, Any]:
    """One version as <c-timeline> takes it."""
    span, backing = version.span, version.backing
    if span.start and span.start > day:
        state = "future"
    elif span.end and span.end < day:
        state = "past"
    else:
        state = "now" if version.home in late else "current"
    lines = _lines(version, lang)
    facts = []
    if backing is not None:
        facts = [evidence(backing), _("checked %s") % present.day(backing.checked_on)]
        if state == "now":
            facts.append(_("due for a check"))
    return {
        "date": saying.span(span)(lang) if span.start or span.end else _("Since before our data"),
        "title": lines[0] if lines else statement.title(lang),
        "note": " · ".join(lines[1:]),
        "citation": " · ".join([backing.citation, *facts]) if backing else "",
        "url": "",
        "check_url": statement_url(version.home) if backing else "",
        "state": state,
    }


def _lines(version: Version, lang: str) -> list[str]:
    """What the version says, aspect by aspect; first what it is shown by."""
    texts = {
        name: " / ".join(text(lang) for text in said)
        for name, said in version.aspects.items()
        if name != "name"
    }
    lead = next((name for name in ("check", "usd", "text", "state") if name in texts), None)
    first = [texts.pop(lead)] if lead else []
    return first + [
        text if name in ("note", "state") else f"{saying.label(name)(lang)}: {text}"
        for name, text in texts.items()
    ]


def statement(key: str, day: date) -> dict[str, Any] | None:
    """One statement version with what backs it; None where the rules have no such one."""
    data, lang = rules.standing().data, present.language()
    found = upkeep.find(data, key)
    if found is None:
        return None
    statement, version = found
    backing = version.backing
    assert backing is not None
    (row,) = [each for each in due(day=day, ahead=10**6) if each.key == key] or [None]
    return {
        "key": key,
        "heading": f"{statement.subject(lang)} · {_heading(statement, lang)}",
        "pathway": statement.owner if statement.owner in data.pathways else "",
        "span": saying.span(version.span)(lang),
        "aspects": [
            {"label": saying.label(name)(lang), "texts": [text(lang) for text in texts]}
            for name, texts in version.aspects.items()
        ],
        "citation": backing.citation,
        "evidence": evidence(backing),
        "sources": [
            {"id": name, "what": source.what(lang), "kind": source.kind, "as_of": source.as_of}
            for name in backing.sources
            if (source := data.sources.get(name)) is not None
        ],
        "place": f"{backing.file}:{backing.line}",
        "file_checked": present.day(backing.checked_on),
        "often": saying.word(statement.volatility)(lang),
        "due_on": present.day(row.due_on) if row else "",
        "late": row is not None and row.late > 0,
        "others": [each(lang) for each in row.subjects[1:]] if row else [],
    }


def _heading(statement: Statement, lang: str) -> str:
    part, title = PARTS[statement.part](lang), statement.title(lang)
    return part if part == title else f"{part}: {title}"


# --- a comparison -------------------------------------------------------------------------------


def compared(made: Compared) -> dict[str, Any]:
    """A comparison as the page shows it: by when it is effective, then the law's own steps."""
    lang = present.language()
    by_day: dict[str, list[dict[str, Any]]] = {"on_day": [], "later": [], "past": []}
    for each in made.said:
        by_day[each.effective].append(_difference(each, lang))
    return {
        "on_day": by_day["on_day"],
        "later": by_day["later"],
        "past": by_day["past"],
        "checked": [each.heading(lang) for each in made.checked],
        "steps": _steps(made.history, lang),
        "unreadable": [
            {"name": name, "first": str(errors[0]), "files": len({e.file for e in errors})}
            for name, errors in made.unreadable.items()
        ],
        "files": made.files,
        "same": not (made.differences or made.history or made.files),
        "quiet_files": len(made.quiet_files),
    }


def _difference(each: Difference, lang: str) -> dict[str, Any]:
    return {
        "heading": each.heading(lang),
        "kind": each.kind,
        "kind_text": each.kind_text(lang),
        "when": each.when(lang) if each.since or each.until else "",
        "aspects": [
            {"label": aspect.label(lang), "before": before if aspect.before else "",
             "after": after if aspect.after else "", "elsewhere": before == after}
            for aspect in each.aspects
            for before, after in [aspect.said(lang)]
        ],
        "grounds": each.grounds(lang),
        "place": f"{each.file}:{each.line}" if each.line else each.file,
    }  # fmt: skip


def _steps(history: Iterable[Difference], lang: str) -> list[dict[str, Any]]:
    """The steps of the law as <c-timeline> takes them; a day is told where it begins."""
    made, last = [], None
    for each in history:
        made.append(
            {
                "date": present.day(each.since) if each.since != last else "",
                "iso": each.since.isoformat() if each.since else "",
                "title": f"{each.heading(lang)} — {each.kind_text(lang)}",
                "note": " · ".join(each.lines(lang)),
                "citation": each.grounds(lang),
                "state": "current",
            }
        )
        last = each.since
    return made


def revision_choices(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """(value, label) of the data sets that can be compared: the files, then the recorded ones."""
    named = [("current", _("The files as they are now"))]
    return named + [
        (row.revision, f"{row.revision} · {present.day(row.first_seen_on)}") for row in rows
    ]
