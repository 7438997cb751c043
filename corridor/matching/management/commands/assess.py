"""``manage.py assess FILE``: the verdict of each pathway for the facts in a YAML or JSON file.

The file has ``candidate:``, ``program:``, ``derived:`` and ``system:`` maps in the rules' fact
names, or a list ``cases:`` of such maps, each perhaps with ``id``, ``title`` and ``day`` (or
``as_of``). An absent fact is unknown: never yes, never no. Nothing is stored.

A case of a dispatch may list its ``duties:``, each with ``text``, ``activity``, ``share_pct``,
``place`` and ``payer``. Then each verdict carries its duties and the worst of them, and is never
better than that one.

With ``credentials: {held: […], required: […], state: TX}`` the ladder of credentials is told too,
in JSON as ``credentials`` of each verdict, its visa gate being that of the verdict's own pathway.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from corridor import rules
from corridor.matching import laddering
from corridor.rules.dispatch import RANK
from corridor.rules.errors import nearest
from corridor.rules.reading import parse

MAX_BYTES = 20_000_000
_ROOMS = ("candidate", "program", "derived", "system")
_DUTY = ("text", "activity", "share_pct", "place", "payer")
# Texts for people that may stand among the facts.
_REMARKS = ("summary", "note", "notes", "title")


@dataclass(frozen=True)
class Case:
    name: str
    day: date
    facts: dict[str, Any]
    duties: list[rules.Duty]
    credentials: laddering.Asked | None


class Command(BaseCommand):
    help = (
        "Prints the verdict of each visa pathway for the facts in FILE (YAML or JSON). "
        "General information, not legal advice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--day", type=date.fromisoformat, metavar="YYYY-MM-DD",
            help="the day for which rules are read; goes before a day in the file (else: today)",
        )  # fmt: skip
        parser.add_argument(
            "--pathway", action="extend", nargs="+", metavar="ID", help="only these"
        )
        parser.add_argument("--kind", choices=sorted(rules.KINDS), help="only those for this kind")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--lang", choices=["en", "ko"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        if file is None:  # `--pathway ID FILE`: argparse takes the file for one more id
            if not options["pathway"]:
                raise CommandError("Name the file with the facts: manage.py assess FILE.")
            *rest, last = options["pathway"]
            file, options["pathway"] = Path(last), rest or None
        content = _content(file)
        many = "cases" in content
        lang = options["lang"]
        told: list[list[dict[str, Any]]] = []
        for case in _cases(content, options["day"]):
            for line in _odd_values(case):
                self.stderr.write(line)
            try:
                check = None
                if case.duties:
                    check = rules.judge_duties(case.duties, case.facts, day=case.day)
                assessment = rules.assess(
                    check.facts if check else case.facts, day=case.day,
                    pathways=options["pathway"], kind=options["kind"],
                )  # fmt: skip
            except (rules.FactError, rules.UnknownPathway) as error:
                raise CommandError(f"{case.name}: {error}") from error
            judged = _judged(assessment, check)
            ladder = case.credentials.ladder(assessment) if case.credentials else None
            if options["format"] == "text":
                self.stdout.write(f"{case.name} ({case.day}, rules {assessment.revision})")
                if check and (problem := check.share_problem(lang)):
                    self.stdout.write(f"  ! {problem}")
                for verdict, route in judged:
                    for line in _lines(verdict, route, lang):
                        self.stdout.write(line)
                for line in laddering.lines(ladder, lang):
                    self.stdout.write(line)
                self.stdout.write("")
                continue
            told.append(
                [
                    {"case": case.name, "day": case.day.isoformat(),
                     **(route or verdict).as_dict(lang),
                     **({} if route or not check else {"duties": [], "worst_duty": None}),
                     **laddering.beside(ladder, verdict, lang)}
                    for verdict, route in judged
                ]
            )  # fmt: skip
        if options["format"] == "json":
            made = told if many else told[0]
            self.stdout.write(json.dumps(made, ensure_ascii=False, indent=1))


def _content(path: Path) -> Mapping[str, Any]:
    """The file's map. A key written twice is an error, as it would hide a fact."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path.name} is larger than 20 MB. Split its cases.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path.name} is not UTF-8 text. Save it anew as UTF-8.") from error
    if path.suffix.lower() == ".json":
        return _json(text, path.name)
    try:
        return parse(text, path.name)
    except rules.RuleDataError as error:
        raise CommandError(str(error)) from error
    except (RecursionError, yaml.YAMLError) as error:
        raise CommandError(f"{path.name} is not readable as YAML.") from error


def _json(text: str, name: str) -> Mapping[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            twice = next(key for key, _value in pairs if [k for k, _v in pairs].count(key) > 1)
            raise CommandError(f"{name}: the key '{twice}' is written twice. Keep one.")
        return made

    try:
        value = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise CommandError(f"{name}:{error.lineno}: not readable as JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise CommandError(f"{name} cannot be read as JSON: {type(error).__name__}.") from error
    if not isinstance(value, dict):
        raise CommandError(f"{name}: the file must be one object with candidate, program … in it.")
    return value


def _cases(content: Mapping[str, Any], day: date | None) -> Iterator[Case]:
    given = content.get("cases", [content])
    if not isinstance(given, list) or not given:
        raise CommandError("cases: must be a list of maps, with at least one.")
    for number, one in enumerate(given, 1):
        if not isinstance(one, Mapping):
            raise CommandError(f"case {number}: must be a map with candidate, program … in it.")
        name = str(one.get("id") or one.get("title") or f"case {number}")
        known = (*_ROOMS, "duties", "credentials")
        for key in set(one) - set(known):
            near = get_close_matches(str(key), _ROOMS, n=1, cutoff=0.75)
            if near := near or get_close_matches(str(key), known[4:], cutoff=0.7):
                raise CommandError(f"{name}: unknown key '{key}'; did you mean '{near[0]}'?")
        try:
            facts = rules.parse_case({str(key): _facts(value) for key, value in one.items()})
        except rules.FactError as error:
            raise CommandError(f"{name}: {error}") from error
        duties = _duties(one.get("duties"), facts, name)
        try:
            asked = laddering.asked(one.get("credentials"))
        except ValueError as error:
            raise CommandError(f"{name}: {error}") from error
        if not set(known) & set(one) and not facts:
            raise CommandError(f"{name}: give at least one of the maps {', '.join(_ROOMS)}.")
        yield Case(name, day or _day(one, name), facts, duties, asked)


def _odd_values(case: Case) -> Iterator[str]:
    """Values that no rule tells apart. They are read as they are, but may be misspelled."""
    for fact, value in case.facts.items():
        choices = rules.facts()[fact].choices
        if choices and value not in choices:
            near = nearest(str(value), choices)
            hint = f"did you mean '{near}'?" if near else f"known: {', '.join(choices)}"
            yield f"{case.name}: {fact}: no rule knows the value {value!r}; {hint}"


def _duties(given: Any, facts: Mapping[str, Any], name: str) -> list[rules.Duty]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise CommandError(f"{name}: duties: must be a list of maps.")
    made = []
    for number, each in enumerate(given, 1):
        for key in set(each) - set(_DUTY):
            near = get_close_matches(str(key), _DUTY, n=1, cutoff=0.6)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(_DUTY)}"
            raise CommandError(f"{name}: duties[{number}]: unknown key '{key}'; {hint}")
        words = {key: each[key] for key in _DUTY if each.get(key) is not None}
        if not isinstance(words.get("activity"), str):
            raise CommandError(f"{name}: duties[{number}].activity: say what kind of work it is.")
        made.append(rules.Duty(**{"text": words["activity"], **words}))
    try:
        rules.duty_facts(made)
    except rules.FactError as error:
        raise CommandError(f"{name}: {error}") from error
    said = facts.get("program.activity")
    if made and said is not None and said not in rules.duty_activities(made):
        raise CommandError(f"{name}: program.activity: contradicts the duties, none is {said}.")
    return made


def _facts(room: Any) -> Any:
    if not isinstance(room, Mapping):
        return room
    return {str(fact): value for fact, value in room.items() if fact not in _REMARKS}


def _day(case: Mapping[str, Any], name: str) -> date:
    said = case.get("day", case.get("as_of"))
    if said is None:
        today: date = timezone.localdate()
        return today
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        raise CommandError(f"{name}: day must be like 2026-11-23, not {said!r}.") from None


Judged = tuple[rules.Verdict, rules.RouteCheck | None]


def _judged(assessment: rules.Assessment, check: rules.DutyCheck | None) -> list[Judged]:
    """Each verdict, with its duties where the route is one of a dispatch; best first."""
    if check is None:
        return [(verdict, None) for verdict in assessment.verdicts]
    return sorted(
        ((verdict, check.of(verdict.pathway)) for verdict in assessment.verdicts),
        key=lambda pair: (pair[0].record.role == "process", RANK[(pair[1] or pair[0]).display]),
    )


def _lines(verdict: rules.Verdict, route: rules.RouteCheck | None, lang: str) -> Iterator[str]:
    stands = route.verdict if route else verdict.verdict
    yield f"  {stands:<14} {verdict.pathway}: {verdict.name(lang)}"
    if verdict.verdict == "not_available":
        yield f"      {verdict.why(lang)}"
    elif verdict.verdict != "eligible":
        for reason in verdict.deciding:
            mark = "-" if reason.outcome == "fails" else "?"
            yield f"      {mark} {reason.text(lang)} [{reason.citation}]"
    for cell in route.cells if route else ():
        share = "" if cell.duty.share_pct is None else f"{cell.duty.share_pct:g}% "
        why = "" if cell.display == "works" else f" – {cell.why(lang)} [{cell.citation}]"
        yield f"      * {share}{cell.duty.text}: {cell.verdict}{why}"
    if route and route.take_out:
        without = ", ".join(route.cells[index].duty.text for index in route.take_out.duties)
        yield f"      > {'제외하면 열립니다' if lang == 'ko' else 'opens without'}: {without}"
    if verdict.exit_rule and stands in ("eligible", "conditional"):
        yield f"      ! {verdict.exit_rule.text(lang)} [{verdict.exit_rule.citation}]"
