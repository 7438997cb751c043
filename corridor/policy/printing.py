"""The answers of `manage.py rules` as text for a terminal, in Korean or English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from corridor.policy.comparing import Compared
from corridor.rules.comparing import Difference, FileChange
from corridor.rules.model import Text
from corridor.rules.upkeep import Due, Problem

_EFFECTIVE = {
    "on_day": Text("{day} 현재", "On {day}"),
    "later": Text("그 뒤", "Later"),
    "past": Text("지난 기간", "In the past"),
}


def diff(made: Compared, *, lang: str) -> str:
    return "\n".join(_diff(made, lang))


def _diff(made: Compared, lang: str) -> Iterator[str]:
    say = _say(lang)
    yield (f"{made.old_name} ({made.old_revision}) → {made.new_name} ({made.new_revision}), "
           f"{made.day.isoformat()}")  # fmt: skip
    for name, errors in made.unreadable.items():
        n = len({error.file for error in errors})
        yield say(
            f"{name}: 지금의 형식으로 읽을 수 없는 파일 {n}개(처음: {errors[0]}). "
            "그 파일은 줄 단위로 비교합니다.",
            f"{name}: {n} files cannot be read by today's loader (the first: {errors[0]}). "
            "They are compared line by line.",
        )
    for effective, words in _EFFECTIVE.items():
        some = [each for each in made.said if each.effective == effective]
        if some:
            yield f"\n{words(lang).format(day=made.day.isoformat())}"
            for each in some:
                yield from _difference(each, lang, dated=effective != "on_day")
    if made.checked:
        n = len(made.checked)
        yield say(f"\n확인만 다시 한 항목 {n}개.", f"\n{n} statements were only checked again.")
    if made.history:
        day, until = made.day.isoformat(), made.until.isoformat() if made.until else ""
        yield say(f"\n{day} 뒤 {until}까지 법이 바뀐 과정",
                  f"\nWhat the law changes after {day}, up to {until}")  # fmt: skip
        for each in made.history:
            yield f"\n{each.since}"
            yield from _difference(each, lang, dated=False)
    if made.files:
        yield say("\n줄 단위 비교", "\nLine by line")
        for change in made.files:
            yield from _file(change, lang)
    elif not made.differences and not made.history:
        if made.quiet_files:
            n = len(made.quiet_files)
            yield say(f"뜻이 달라진 것은 없습니다(파일 {n}개의 주석이나 순서만 다름).",
                      f"Nothing says anything else ({n} files differ in comments or order).")
        else:
            yield say("달라진 것이 없습니다.", "Nothing changed.")


def _difference(each: Difference, lang: str, *, dated: bool) -> Iterator[str]:
    place = f"{each.file}:{each.line}" if each.line else each.file
    yield f"  {each.heading(lang)} — {each.kind_text(lang)}  [{place}]"
    if dated or each.until:
        yield f"      {each.when(lang)}"
    for line in each.lines(lang):
        yield f"      {line}"
    if grounds := each.grounds(lang):
        yield f"      {grounds}"


def _file(change: FileChange, lang: str) -> Iterator[str]:
    kinds = {"added": ("추가", "added"), "removed": ("삭제", "removed"),
             "changed": ("바뀜", "changed")}  # fmt: skip
    yield f"  {change.file} — {_say(lang)(*kinds[change.kind])}"
    yield from (f"      -{number:>4}  {line}" for number, line in change.gone)
    yield from (f"      +{number:>4}  {line}" for number, line in change.come)


def check(
    problems: Sequence[Problem], warnings: Sequence[Problem], *, revision: str, lang: str
) -> str:
    say = _say(lang)
    if problems:
        n = len(problems)
        head = say(f"고칠 곳이 {n}군데 있습니다.",
                   "There is one problem." if n == 1 else f"There are {n} problems.")  # fmt: skip
    else:
        head = say(f"규칙 자료 {revision}: 문제가 없습니다.", f"Rule data {revision}: no problems.")
    lines = [head, *(each.text(lang) for each in problems)]
    if warnings:
        lines.append(say(f"\n살펴볼 곳 {len(warnings)}군데", f"\nTo look at: {len(warnings)}"))
        lines += [each.text(lang) for each in warnings]
    return "\n".join(lines)


def due(found: Sequence[Due], *, day: date, lang: str) -> str:
    say = _say(lang)
    if not found:
        return say(f"{day} 현재 다시 확인할 것이 없습니다.", f"Nothing is due on {day}.")
    lines = [say(f"{day} 현재 다시 확인할 항목 {len(found)}개",
                 f"{len(found)} statements to check again on {day}")]  # fmt: skip
    for each in found:
        late = (
            say(f"{each.late}일 지남", f"{_days(each.late)} late") if each.late > 0
            else say(f"{-each.late}일 남음", f"in {_days(-each.late)}")
        )  # fmt: skip
        checked = say(f"{each.checked_on} 확인", f"checked {each.checked_on}")
        lines.append(f"{late:>12}  {each.file}:{each.line}  {each.heading(lang)}")
        lines.append(f"{'':>12}  {checked} · {each.backing.citation}")
    return "\n".join(lines)


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _say(lang: str) -> Any:
    return lambda ko, en: ko if lang == "ko" else en
