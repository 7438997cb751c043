"""What changed between two data sets, or between two days of the law, in words.

Two data sets are compared statement by statement over all days: where a statement says one thing
in the old and another in the new one, each stretch of days on which it does so is a difference,
effective on the day asked about, only later, or only in the past. So a new version that begins
next year shows as "from that day", and closing the old one the day before shows as nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from corridor.rules import saying
from corridor.rules.loading import Dataset
from corridor.rules.model import Backing, Span, Text
from corridor.rules.statements import PARTS, Aspects, Statement, Version, statements

_DAY = timedelta(days=1)
_ELSEWHERE = Text("영어 문구만 바뀜", "only the Korean words changed")
_KINDS = {
    "added": Text("추가됨", "added"),
    "removed": Text("삭제됨", "removed"),
    "changed": Text("바뀜", "changed"),
    "checked": Text("다시 확인함", "checked again"),
    "begins": Text("시작", "begins"),
    "ends": Text("종료", "ends"),
}
# What stands for a whole pathway, credential … that came or went.
_SUMMARY = ("names", "name", "title", "state", "level", "summary", "usd", "payer", "text",
            "question", "needed", "what")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aspect:
    """What one aspect of a statement said before and says after; of a list, only what differs."""

    name: str
    before: tuple[Text, ...]
    after: tuple[Text, ...]

    def label(self, lang: str) -> str:
        return saying.label(self.name)(lang)

    def said(self, lang: str) -> tuple[str, str]:
        """Before and after in words. A common beginning ("duration: ") is said once."""
        before = " / ".join(text(lang) for text in self.before)
        after = " / ".join(text(lang) for text in self.after)
        head, colon, rest = after.partition(": ")
        one_each = len(self.before) == len(self.after) == 1
        if colon and one_each and not set("“‘") & set(head) and before.startswith(head + colon):
            after = rest
        nothing = saying.NOTHING(lang)
        return before or nothing, after or nothing

    def text(self, lang: str, *, whole: bool = False) -> str:
        """As in “duration: at most 12 months → at most 18 months”, with + or − for what only came
        or went. `whole`: its statement came or went as a whole, so each aspect need not say so."""
        before, after = self.said(lang)
        if self.before and before == after:
            said = _ELSEWHERE(lang)
        elif self.before and self.after:
            said = f"{before} → {after}"
        elif whole:
            said = after if self.after else before
        else:
            said = f"+ {after}" if self.after else f"− {before}"
        return said if self.name == "text" else f"{self.label(lang)}: {said}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One statement that says something else. `effective`: on_day, later or past.

    `kind`: added, removed, changed, or checked (only the day of the last check moved); between two
    days of one data set: begins, ends, changed.

    `subjects`: the pathways (or the credential, fee, rule …) that say it. `since` and `until`: the
    days on which the two differ; None is open.
    """

    key: str
    part: str  # see statements.PARTS
    kind: str
    owners: tuple[str, ...]
    subjects: tuple[Text, ...]
    title: Text
    aspects: tuple[Aspect, ...]
    before: Backing | None
    after: Backing | None
    since: date | None
    until: date | None
    effective: str

    @property
    def file(self) -> str:
        backing = self.after or self.before
        if backing and backing.file:
            return backing.file
        room, _, name = self.key.partition("/")
        if room in ("fees", "sources"):
            return f"shared/{room}.yaml"
        name = name.partition(".")[0] if room == "facts" else name.partition("/")[0]
        return f"{room}/{name}.yaml"

    @property
    def line(self) -> int | None:
        backing = self.after or self.before
        return backing.line if backing and backing.line else None

    def heading(self, lang: str) -> str:
        """Whose statement it is, and which."""
        names = ", ".join(subject(lang) for subject in self.subjects)
        part, title = PARTS[self.part](lang), self.title(lang)
        if title == part or self.key.count("/") < 2:
            return f"{names} · {part}"
        return f"{names} · {part}: {title}"

    def lines(self, lang: str) -> list[str]:
        """Each aspect in words."""
        whole = self.kind not in ("changed", "checked")
        return [aspect.text(lang, whole=whole) for aspect in self.aspects]

    def kind_text(self, lang: str) -> str:
        return _KINDS[self.kind](lang)

    def when(self, lang: str) -> str:
        return saying.span(Span(self.since, self.until))(lang)

    def grounds(self, lang: str) -> str:
        """The citation and how sure it is, before and after where they differ."""
        ends = [_grounds(backing, lang) for backing in (self.before, self.after) if backing]
        return " → ".join(dict.fromkeys(ends))

    def text(self, lang: str) -> str:
        """The whole in one line."""
        parts = [f"{self.heading(lang)} — {self.kind_text(lang)}"]
        parts += self.lines(lang)
        if self.since or self.until:
            parts.append(self.when(lang))
        return " · ".join([*parts, self.grounds(lang)]).removesuffix(" · ")

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        """JSON-able; texts in `lang`, or {"ko", "en"} without one."""

        def say(speak: Any) -> Any:
            return speak(lang) if lang else {"ko": speak("ko"), "en": speak("en")}

        return {
            "statement": self.key,
            "part": self.part,
            "kind": self.kind,
            "of": list(self.owners),
            "names": [say(subject) for subject in self.subjects],
            "title": say(self.title),
            "aspects": [
                {"aspect": each.name, "label": say(each.label),
                 "before": [say(text) for text in each.before],
                 "after": [say(text) for text in each.after]}
                for each in self.aspects
            ],
            "before": _backing(self.before),
            "after": _backing(self.after),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "effective": self.effective,
            "file": self.file,
            "line": self.line,
        }  # fmt: skip


def _grounds(backing: Backing, lang: str) -> str:
    return f"{backing.citation} ({saying.word(backing.evidence)(lang)})"


def _backing(backing: Backing | None) -> dict[str, Any] | None:
    if backing is None:
        return None
    return {
        "citation": backing.citation,
        "evidence": backing.evidence,
        "sources": list(backing.sources),
        "checked_on": backing.checked_on.isoformat(),
    }


def compare(old: Dataset, new: Dataset, *, day: date) -> list[Difference]:
    """What `new` says otherwise than `old`: first what is effective on `day`, then later, past."""
    before = {each.key: each for each in statements(old)}
    after = {each.key: each for each in statements(new)}
    gone, come = _roots(before) - _roots(after), _roots(after) - _roots(before)
    found = [_whole(root, before, "removed", day) for root in gone]
    found += [_whole(root, after, "added", day) for root in come]
    for key in before | after:
        if _root(key) not in gone | come:
            found += _between(before.get(key), after.get(key), day)
    return sorted(_merged(found), key=_order)


def history(data: Dataset, *, day: date, until: date) -> list[Difference]:
    """What the law changes of itself after `day`, up to `until` (included), step by step."""
    found: list[Difference] = []
    for statement in statements(data):
        for cut in sorted(statement.cuts()):
            if day < cut <= until:
                before, after = statement.on(cut - _DAY), statement.on(cut)
                made = _difference(statement, statement, before, after)
                if made is not None and made.kind != "checked":
                    end = min((v.span.end for v in after if v.span.end), default=None)
                    kind = {"added": "begins", "removed": "ends"}.get(made.kind, made.kind)
                    said = tuple(each for each in made.aspects if each.name != "sources")
                    found.append(replace(made, kind=kind, aspects=said, since=cut, until=end))
    return sorted(_merged(found), key=lambda each: (each.since or date.min, each.part, each.key))


def _root(key: str) -> str:
    return "/".join(key.split("/", 2)[:2])


def _roots(keys: Iterable[str]) -> set[str]:
    return set(map(_root, keys))


def _whole(root: str, all_: Mapping[str, Statement], kind: str, day: date) -> Difference:
    """A pathway, credential, fee … that came or went, as one difference."""
    mine = [each for key, each in all_.items() if _root(key) == root]
    aspects: dict[str, tuple[Text, ...]] = {}
    for statement in mine:
        if statement.part in ("requirement", "step"):
            continue
        for version in statement.on(day) or statement.versions[-1:]:
            for name in _SUMMARY:
                if name in version.aspects:
                    aspects.setdefault(name, version.aspects[name])
    asked = sum(statement.part == "requirement" for statement in mine)
    if asked:
        aspects["requirements"] = (saying.both(str(asked)),)
    first = next((each for each in mine if each.part != "general"), mine[0])
    backing = next((v.backing for each in mine for v in each.versions if v.backing), None)
    added = kind == "added"
    return Difference(
        key=root, part=first.part if first.part != "status" else "general", kind=kind,
        owners=(first.owner,), subjects=(first.subject,), title=PARTS[first.part],
        aspects=tuple(
            Aspect(name, () if added else texts, texts if added else ())
            for name, texts in aspects.items()
        ),
        before=None if added else backing, after=backing if added else None,
        since=None, until=None, effective="on_day",
    )  # fmt: skip


def _between(old: Statement | None, new: Statement | None, day: date) -> Iterator[Difference]:
    """One statement's differences, a stretch of days each."""
    cuts = sorted((old.cuts() if old else set()) | (new.cuts() if new else set()))
    starts: list[date | None] = [None, *cuts]
    last: Difference | None = None
    for start, following in zip(starts, [*cuts, None], strict=True):
        end = following - _DAY if following else None
        sample = start or end or day
        made = _difference(
            old, new, old.on(sample) if old else [], new.on(sample) if new else []
        )
        if made is not None and last is not None and _same(made, last):
            last = replace(last, until=end)
            continue
        if last is not None:
            yield _timed(last, day)
        last = made and replace(made, since=start, until=end)
    if last is not None:
        yield _timed(last, day)


def _timed(made: Difference, day: date) -> Difference:
    if made.since and made.since > day:
        return replace(made, effective="later")
    past = made.until is not None and made.until < day
    return replace(made, effective="past" if past else "on_day")


def _same(one: Difference, other: Difference) -> bool:
    return _essence(one) == _essence(other)


def _essence(made: Difference) -> tuple[Any, ...]:
    return made.kind, made.part, made.aspects, made.before, made.after


def _difference(
    old: Statement | None,
    new: Statement | None,
    before: Sequence[Version],
    after: Sequence[Version],
) -> Difference | None:
    """The difference between what is said before and after; None where there is none."""
    of = new or old
    assert of is not None
    lost, won = _content(before, of.part), _content(after, of.part)
    aspects = []
    for name in dict.fromkeys([*lost, *won]):
        mine, theirs = lost.get(name, ()), won.get(name, ())
        gone = tuple(text for text in mine if text not in theirs)
        come = tuple(text for text in theirs if text not in mine)
        if gone or come:
            aspects.append(Aspect(name, gone, come))
    first = next((v.backing for v in before if v.backing), None)
    second = next((v.backing for v in after if v.backing), None)
    if not aspects and first == second:
        return None
    kind = "changed" if before and after else "added" if after else "removed"
    if first and second and set(first.sources) != set(second.sources):
        mine, theirs = (tuple(map(saying.both, each.sources)) for each in (first, second))
        gone = tuple(text for text in mine if text not in theirs)
        aspects.append(Aspect("sources", gone, tuple(t for t in theirs if t not in mine)))
    if not aspects and first and second and _grounded(first) == _grounded(second):
        kind = "checked"
        days = (saying.both(each.checked_on.isoformat()) for each in (first, second))
        aspects = [Aspect("checked_on", (next(days),), (next(days),))]
    return Difference(of.key, of.part, kind, (of.owner,), (of.subject,), of.title, tuple(aspects),
                      first, second, None, None, "on_day")  # fmt: skip


def _content(versions: Sequence[Version], part: str) -> Aspects:
    """The aspects of a day. Of a rule's history several versions may stand side by side."""
    if part == "change":
        said = tuple(
            Text(f"[{state.ko}] {text.ko}", f"[{state.en}] {text.en}")
            for version in versions
            for (state,), (text,) in [(version.aspects["state"], version.aspects["text"])]
        )
        return {"text": said} if said else {}
    return versions[0].aspects if versions else {}


def _grounded(backing: Backing) -> tuple[Any, ...]:
    return backing.citation, backing.evidence


def _merged(found: Iterable[Difference]) -> list[Difference]:
    """What several pathways say alike (a shared requirement, a shared note) is one difference, and
    so is what one says alike of several states or duties."""
    merged: dict[tuple[Any, ...], Difference] = {}
    for each in found:
        within: tuple[Any, ...] = (each.key,)
        if each.part in ("requirement", "step", "general", "status"):
            within = (each.title,)
        elif each.part in ("state", "duty"):
            within = each.owners
        key = (*_essence(each), each.since, each.until, *within)
        have = merged.get(key)
        if have is None:
            merged[key] = each
        elif each.owners == have.owners:
            title = saying.joined([have.title, each.title])
            merged[key] = replace(have, title=title)
        else:
            owners, subjects = have.owners + each.owners, have.subjects + each.subjects
            merged[key] = replace(have, owners=owners, subjects=subjects)
    return list(merged.values())


_EFFECTIVE = ("on_day", "later", "past")
_PARTS = tuple(PARTS)


def _order(made: Difference) -> tuple[Any, ...]:
    return (
        made.kind == "checked", _EFFECTIVE.index(made.effective),
        made.since or date.min if made.effective != "on_day" else date.min,
        made.key.partition("/")[0] != "pathways", made.owners[0], _PARTS.index(made.part), made.key,
    )  # fmt: skip


# Files, for data that today's loader cannot read.


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that was added, removed or changed. `lines`: (number, text) gone from the old and
    come into the new file."""

    file: str
    kind: str
    gone: tuple[tuple[int, str], ...] = ()
    come: tuple[tuple[int, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "file": self.file, "kind": self.kind,
            "gone": [list(line) for line in self.gone], "come": [list(line) for line in self.come],
        }  # fmt: skip


def compare_files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[FileChange]:
    """The files (archives.contents) that differ, line by line."""
    found = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            found.append(FileChange(name, "added"))
        elif name not in new:
            found.append(FileChange(name, "removed"))
        elif old[name] != new[name]:
            before, after = (body.decode(errors="replace").splitlines()
                             for body in (old[name], new[name]))  # fmt: skip
            gone: list[tuple[int, str]] = []
            come: list[tuple[int, str]] = []
            for kind, a, b, c, d in SequenceMatcher(None, before, after, False).get_opcodes():
                if kind != "equal":
                    gone += [(at + 1, before[at]) for at in range(a, b)]
                    come += [(at + 1, after[at]) for at in range(c, d)]
            found.append(FileChange(name, "changed", tuple(gone), tuple(come)))
    return found
