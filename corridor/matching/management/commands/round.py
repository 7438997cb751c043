"""``manage.py round FILE``: one cohort round from a JSON file; nothing is stored but on request.

The form of FILE is told in `corridor.matching.rounds.files`, with an example in docs/rounds.md.
"""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from corridor.matching import round_wording as wording
from corridor.matching import rounds

MAX_BYTES = 500_000_000


class Command(BaseCommand):
    help = (
        "Assigns candidates to programs by deferred acceptance, from a JSON file: both sides' "
        "results with reasons, and a certificate of stability. Needs no database."
    )
    requires_system_checks: list[str] = []  # reads and writes files only

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--draw", metavar="SEED",
            help="first draw the lottery from this public seed and keep it in FILE (once only)",
        )  # fmt: skip
        parser.add_argument("--certificate", type=Path, help="write the certificate to this file")
        parser.add_argument("--verify", type=Path, metavar="CERTIFICATE", help="only check this")
        parser.add_argument("--plan", action="store_true", help="the largest total score beside it")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--show", type=int, default=50, help="rows a side (text; default 50)")
        parser.add_argument("--lang", choices=["en", "ko"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            try:
                data = _load(options["file"])
                made = rounds.files.read(data)
                if options["draw"] is not None:
                    made = made.drawn(options["draw"])
                    _save(options["file"], rounds.files.with_lottery(data, made))
                if options["verify"]:
                    self._check(made, rounds.certificate.read(_load(options["verify"])))
                else:
                    self._assign(made, options)
            except rounds.BadRound as error:
                raise CommandError(str(error)) from error

    def _check(self, made: rounds.Round, certificate: rounds.Certificate) -> None:
        found = rounds.verify(made, certificate)
        for each in found[:100]:
            self.stdout.write(f"  ! {wording.violation(each)}")
        if found:
            raise CommandError(
                _("The certificate does not hold: violations found: %(count)s.")
                % {"count": len(found)}
            )
        self.stdout.write(_("The certificate holds: the assignment is stable for these inputs."))

    def _assign(self, made: rounds.Round, options: dict[str, Any]) -> None:
        orders, book = rounds.strict(made), rounds.certificate.Book(made)
        stable = rounds.assign(made, orders)
        certificate = rounds.certify(made, stable.by_id(made), book)
        found = rounds.verify(made, certificate, book)
        if found:  # numbers that somebody wrote by hand
            raise CommandError(
                f"{wording.violation(found[0])} "
                + _("Take the seed and the numbers out of the file and draw with --draw.")
            )
        why = rounds.Explainer(made, certificate, orders)
        written = rounds.certificate.write(certificate)
        if options["certificate"]:
            _save(options["certificate"], written)
        compared = None
        if options["plan"]:
            planned = rounds.planner.plan(made)
            compared = rounds.planner.compare(made, stable, planned, orders=orders, book=book)
        if options["format"] == "json":
            self.stdout.write(_as_json(why, written, compared))
            return
        for line in _head(made, certificate):
            self.stdout.write(line)
        many = max(0, options["show"])
        more, rest = len(made.candidates) - many, len(made.programs) - many
        self._rows(_("Results by candidate"), _candidate_lines(why, many), more)
        self._rows(_("Results by program"), _program_lines(why, many), rest)
        if compared:
            self._rows(_("The planner's alternative"), _plan_lines(compared), 0)
        self.stdout.write("")
        self.stdout.write(_("Stable: an independent check of every pair found no violation."))
        if options["certificate"]:
            self.stdout.write(
                _("Certificate written to %(file)s.") % {"file": options["certificate"]}
            )
        elif len(made.candidates) <= many:
            self.stdout.write(json.dumps(written, ensure_ascii=False))

    def _rows(self, title: str, lines: Iterable[str], more: int) -> None:
        self.stdout.write(f"\n{title}")
        for line in lines:
            self.stdout.write(line)
        if more > 0:
            self.stdout.write(
                "  " + _("and %(count)s more (--show, or --format json)") % {"count": more}
            )


def _head(made: rounds.Round, certificate: rounds.Certificate) -> list[str]:
    seed = made.lottery.seed if made.lottery else ""
    return [
        _("%(name)s: candidates %(candidates)s, programs %(programs)s, seats %(seats)s, "
          "choices %(choices)s") % {
            "name": made.name or certificate.inputs[:15], "candidates": len(made.candidates),
            "programs": len(made.programs), "seats": int(made.seats.sum()),
            "choices": len(made.pairs.wish),
        },
        _("Inputs %(hash)s") % {"hash": certificate.inputs},
        _("Lottery drawn from the seed “%(seed)s”") % {"seed": seed} if seed
        else _("No lottery was drawn: there is no tie."),
    ]  # fmt: skip


def _candidate_lines(why: rounds.Explainer, many: int) -> Iterable[str]:
    for told, _number in zip(why.candidates(), range(many), strict=False):
        first, *rest = wording.to_candidate(told)
        yield f"  {told.candidate}: {first}"
        yield from (f"      {line}" for line in rest)


def _program_lines(why: rounds.Explainer, many: int) -> Iterable[str]:
    for told, _number in zip(why.programs(), range(many), strict=False):
        first, *rest = wording.of_program(told)
        yield f"  {told.program}: {first}"
        yield from (f"      {line}" for line in rest)
        if told.admitted:
            yield "      " + ", ".join(f"{who} ({rank})" for who, rank in told.admitted[:20])


def _plan_lines(compared: rounds.planner.Comparison) -> Iterable[str]:
    stable, planned = dataclasses.asdict(compared.stable), dataclasses.asdict(compared.planned)
    yield f"  {'':<42}{_wide(_('stable'), 16)}{_wide(_('largest total'), 16)}"
    for name, label in wording.FIGURES.items():
        one, other = (f"{side[name]:,.6g}" if isinstance(side[name], float) else f"{side[name]:,}"
                      for side in (stable, planned))  # fmt: skip
        yield f"  {_wide(str(label), -42)}{one:>16}{other:>16}"
    yield "  " + _(
        "Against the stable assignment, by their own lists: better off %(better)s, worse off "
        "%(worse)s (of them without any program: %(lost)s)."
    ) % {"better": compared.better_off, "worse": compared.worse_off, "lost": compared.only_stable}


def _wide(text: str, width: int) -> str:
    """Padded to so many columns of a terminal, where Hangul takes two; to the left if negative."""
    columns = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    space = " " * max(0, abs(width) - columns)
    return text + space if width < 0 else space + text


def _as_json(
    why: rounds.Explainer, certificate: dict[str, Any],
    compared: rounds.planner.Comparison | None,
) -> str:  # fmt: skip
    told: dict[str, Any] = {
        "candidates": [
            {**dataclasses.asdict(each), "said": wording.to_candidate(each)}
            for each in why.candidates()
        ],
        "programs": [
            {**dataclasses.asdict(each), "said": wording.of_program(each)}
            for each in why.programs()
        ],
        "certificate": certificate,
    }
    if compared:
        told["planner"] = dataclasses.asdict(compared)
    return json.dumps(told, ensure_ascii=False, indent=1)


def _load(path: Path) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _value in pairs]
            twice = next(name for name in made if names.count(name) > 1)
            raise CommandError(f"{path.name}: the key '{twice}' is written twice. Keep one.")
        return made

    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.")
        # Composed Hangul and decomposed are the same id or group.
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
        return json.loads(text, object_pairs_hook=once)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path.name} is not UTF-8 text. Save it anew as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise CommandError(f"{path.name}:{error.lineno}: no JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:  # nested too deep; a number of 5,000 digits
        raise CommandError(f"{path.name} is not readable as JSON.") from error


def _save(path: Path, data: dict[str, Any]) -> None:
    """Whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
