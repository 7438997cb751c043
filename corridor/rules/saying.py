"""Rule data in words of both languages: checks, states, severities, any value of the data model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from corridor.rules.amounts import Period, Price
from corridor.rules.checks import AllOf, AnyOf, Check, Leaf, Not, Told
from corridor.rules.facts import FactSpec
from corridor.rules.model import Backing, Document, Requirement, Span, Text
from corridor.rules.reasons import said

Registry = Mapping[str, FactSpec]

WORDS = {
    # legal states, and those of fees
    "in_force": Text("시행 중", "in force"),
    "proposed": Text("제안 단계", "proposed only"),
    "suspended": Text("시행 정지", "suspended"),
    "vacated": Text("법원 취소", "vacated by a court"),
    "past": Text("끝남", "ended"),
    "none": Text("아직 없음", "not yet there"),
    "collected": Text("받고 있음", "collected"),
    "optional": Text("선택", "optional"),
    "not_collected": Text("아직 받지 않음", "not collected"),
    "unknown": Text("확인되지 않음", "not known"),
    # who pays, who acts
    "participant": Text("참가자", "participant"),
    "candidate": Text("참가자", "participant"),
    "employer": Text("고용주", "employer"),
    "host": Text("호스트", "host"),
    "school": Text("학교", "school"),
    "board": Text("면허 기관", "licensing board"),
    "government": Text("정부", "government"),
    "maker": Text("장비 제조사", "equipment maker"),
    "sponsor": Text("스폰서", "sponsor"),
    "authority": Text("관청", "authority"),
    "either": Text("어느 쪽이든", "either side"),
    # kinds of program, families of credential
    "internship": Text("인턴십", "internship"),
    "apprenticeship": Text("견습(도제)", "apprenticeship"),
    "dispatch": Text("기술자 파견", "dispatch"),
    "joint_research": Text("공동연구", "joint research"),
    "joint_curriculum": Text("공동 교육과정", "joint curriculum"),
    "training": Text("산업 현장 교육", "industry-ready training"),
    "startup": Text("창업 연계", "startup linkage"),
    "trade": Text("기능직", "trade"),
    "company": Text("회사 인증", "company certificate"),
    "language": Text("어학", "language"),
    "qualification": Text("국가자격", "national qualification"),
    "safety": Text("안전", "safety"),
    # how sure
    "primary": Text("법령 원문을 읽음", "read in the law’s own text"),
    "secondary": Text("2차 자료", "secondary source"),
    "background": Text("원문 미확인", "not checked against any text"),
    # how often a rule changes
    "low": Text("거의 바뀌지 않음", "seldom changes"),
    "medium": Text("가끔 바뀜", "changes at times"),
    "high": Text("자주 바뀜", "changes often"),
    "very_high": Text("매우 자주 바뀜", "changes very often"),
    "extreme": Text("수시로 바뀜", "changes any week"),
    # what a route makes of a duty
    "allowed": Text("허용", "allowed"),
    "if": Text("조건부 허용", "allowed on a condition"),
    "not_allowed": Text("불가", "not allowed"),
    "beside": Text("다른 근거로 허용", "allowed on another ground"),
    # roles of a pathway
    "route": Text("비자 경로", "route"),
    "by_selection": Text("선발된 사람만", "only for those selected"),
    "process": Text("절차 지원", "process, no status of its own"),
}
LABELS = {
    "about": Text("함께 보는 항목", "facts about it"),
    "abroad": Text("미국 밖 장소", "places abroad"),
    "affects": Text("영향을 받는 경로", "affects"),
    "after": Text("먼저 끝날 단계", "waits for"),
    "aliases": Text("다른 이름", "other names"),
    "alone": Text("법만으로 기한이 정해짐", "set by the law alone"),
    "extends": Text("연장할 수 있는지", "can be extended"),
    "as_of": Text("기준일", "as of"),
    "asked_as": Text("요구되는 이름", "asked by the name"),
    "caution": Text("주의", "caution"),
    "changes": Text("관련 이력", "histories that bear on it"),
    "check": Text("요건", "what is asked"),
    "checked_on": Text("확인한 날", "checked on"),
    "choices": Text("선택지", "choices"),
    "citation": Text("근거", "citation"),
    "citations": Text("근거 목록", "citations"),
    "cleared": Text("해결되는 조건", "cleared when"),
    "closes": Text("닫히는 날(월·일)", "closes on (month, day)"),
    "concerns": Text("대상", "whom it concerns"),
    "condition": Text("적용 조건", "where it applies"),
    "cost": Text("비용", "cost"),
    "counterpart": Text("미국의 상대 자격", "U.S. counterpart"),
    "counts": Text("세는 방식", "counted by"),
    "days": Text("일수", "days"),
    "dependents": Text("가족", "family"),
    "documents": Text("서류", "documents"),
    "done": Text("끝난 것으로 보는 조건", "over when"),
    "estimate": Text("추정", "estimate"),
    "evidence": Text("근거 수준", "evidence"),
    "family": Text("갈래", "family"),
    "fees": Text("수수료", "fees"),
    "gate": Text("관문", "gate"),
    "changeable": Text("바꿀 수 있는지", "can be changed"),
    "issuer": Text("발급 기관", "issuer"),
    "kind": Text("종류", "kind"),
    "korean_payers": Text("한국 측 지급자", "Korean payers"),
    "label": Text("이름", "name"),
    "question": Text("질문", "question"),
    "range": Text("범위", "range"),
    "kinds": Text("맞는 프로그램", "suits programs"),
    "lead_time": Text("준비 기간", "lead time"),
    "least": Text("빠르면(일)", "days at least"),
    "level": Text("인정 수준", "recognition"),
    "license": Text("면허", "license"),
    "us_names": Text("미국 자격 이름", "U.S. names"),
    "drop": Text("빠지는 단계", "steps that fall away"),
    "look": Text("확인할 곳", "where to look"),
    "ko": Text("한국어", "in Korean"),
    "en": Text("영어", "in English"),
    "marks": Text("기록할 수 있는 상태", "states that can be recorded"),
    "max_months": Text("최장 기간(개월)", "longest stay (months)"),
    "maximum": Text("최댓값", "most"),
    "minimum": Text("최솟값", "least"),
    "months": Text("개월 수", "months"),
    "most": Text("늦으면(일)", "days at most"),
    "name": Text("이름", "name"),
    "names": Text("이름", "name"),
    "needed": Text("필요할 때의 안내", "told when needed"),
    "no_small_share": Text("작은 비중도 따짐", "no share is too small"),
    "not_in": Text("해당하지 않는 주", "not in"),
    "note": Text("안내 문구", "what a reader sees"),
    "notes": Text("참고", "notes"),
    "only_in": Text("해당하는 주", "only in"),
    "opens": Text("열리는 날(월·일)", "opens on (month, day)"),
    "payer": Text("내는 사람", "paid by"),
    "payers": Text("지급자", "who pays the wage"),
    "phase": Text("시점", "when"),
    "places": Text("장소", "places"),
    "quota": Text("인원 제한", "quota"),
    "repeat": Text("재참가", "repeating"),
    "requirements": Text("요건", "requirements"),
    "role": Text("성격", "role"),
    "said": Text("문구", "words"),
    "satisfies": Text("충족하는 미국 자격 이름", "answers to"),
    "sectors": Text("분야", "sectors"),
    "selected_by": Text("이미 뽑혔는지를 정하는 요건", "requirement of selection"),
    "severity": Text("엄격함", "severity"),
    "short": Text("짧은 이름", "short name"),
    "sources": Text("읽은 자료", "sources read"),
    "sponsor": Text("스폰서", "sponsor"),
    "state": Text("상태", "state"),
    "states": Text("주별 차이", "by state"),
    "stay": Text("체류", "stay"),
    "steps": Text("단계", "steps"),
    "summary": Text("요약", "summary"),
    "tax": Text("세금", "tax"),
    "text": Text("내용", "text"),
    "time": Text("기간", "time"),
    "title": Text("제목", "title"),
    "type": Text("형식", "type"),
    "unit": Text("단위", "unit"),
    "unknown": Text("모를 때의 안내", "told when not known"),
    "unless_held": Text("자격이 없을 때만", "only for who lacks it"),
    "us_payers": Text("미국 측 지급자", "U.S. payers"),
    "usd": Text("금액", "amount"),
    "via": Text("준용하는 경로", "taken over from"),
    "volatility": Text("변동성", "volatility"),
    "wages": Text("임금", "wages"),
    "warning": Text("경고", "warning"),
    "what": Text("무엇", "what it is"),
    "who": Text("맡는 쪽", "who"),
    "why": Text("이유", "why"),
}
_SEVERITIES = {
    ("hard", True): Text("필수: 못 맞추면 불가", "a must: failing it closes the route"),
    ("hard", False): Text("필수: 나중에 갖출 수 있음", "a must that can still be put right"),
    ("soft", False): Text("조건", "a condition"),
    ("soft", True): Text("조건: 못 맞추면 불가", "a condition that closes the route"),
}
CHANGEABLE = {
    "freely": Text("바꿀 수 있음", "yes, freely"),
    "time": Text("시간이 지나거나 실제로 갖추어야 달라짐",
                 "only with time, or by really earning it"),
    "duties": Text("실제 업무가 달라야 달라짐", "only if the work is truly different"),
    "nobody": Text("바꿀 것으로 안내하지 않음", "never offered as a change"),
}
NOTHING = Text("없음", "none")


def word(value: str) -> Text:
    """A keyword of the data in words; one that has none is shown as it stands."""
    return WORDS.get(value) or Text(value, value)


def label(name: str) -> Text:
    """What a field of the data model is called."""
    plain = name.replace("_", " ")
    return LABELS.get(name) or Text(plain, plain)


def severity(requirement: Requirement) -> Text:
    return _SEVERITIES[requirement.severity, requirement.bars]


def amount(usd: Any) -> Text:
    return Text("금액 미확인", "amount not stated") if usd is None else both(f"${usd:,}")


def both(text: str) -> Text:
    """The same in both languages."""
    return Text(text, text)


def joined(parts: list[Text], ko: str = ", ", en: str = ", ") -> Text:
    return Text(ko.join(part.ko for part in parts), en.join(part.en for part in parts))


def check(what: Check, registry: Registry) -> Text:
    """A check as a sentence would say it: "duration at most 12 months, and …"."""
    return Text(_check(what, registry, "ko"), _check(what, registry, "en"))


def _check(what: Check, registry: Registry, lang: str, inner: bool = False) -> str:
    ko = lang == "ko"
    match what:
        case Leaf(fact, op, value):
            spec = registry.get(fact)
            if spec is None:
                return f"{fact} {op} {value}"
            return f"{spec.label(lang)}: {said(op, value, spec, lang)}"
        case Not(part):
            text = _check(part, registry, lang)
            return f"‘{text}’에 해당하지 않음" if ko else f"not “{text}”"
        case Told(part):
            text = _check(part, registry, lang)
            return f"‘{text}’임이 확인됨" if ko else f"known that “{text}”"
        case AnyOf((Not(Told(when)), then)):  # what `when_told:` makes of a requirement
            text, rest = _check(when, registry, lang), _check(then, registry, lang)
            if ko:
                return f"‘{text}’임이 확인된 경우 {rest}"
            return f"where it is known that “{text}”: {rest}"
        case AnyOf((Not(when), then)):  # and `when:`
            text, rest = _check(when, registry, lang), _check(then, registry, lang)
            return f"‘{text}’인 경우 {rest}" if ko else f"where “{text}”: {rest}"
        case AllOf(parts) | AnyOf(parts):
            every = isinstance(what, AllOf)
            mark = (" 그리고 " if every else " 또는 ") if ko else (" and " if every else " or ")
            text = mark.join(_check(part, registry, lang, inner=True) for part in parts)
            return f"({text})" if inner else text


def value(what: Any, registry: Registry) -> Text:
    """Any value of the data model in words; None is said as "none"."""
    match what:
        case None | () | []:
            return NOTHING
        case Text():
            return what
        case bool():
            return Text("예", "yes") if what else Text("아니요", "no")
        case str():
            return word(what)
        case Document():
            return what.text if not what.who else _with(what.text, word(what.who))
        case Leaf() | AllOf() | AnyOf() | Not() | Told():
            return check(what, registry)
        case Span():
            return span(what)
        case Period() | Price():
            return Text(what.say("ko"), what.say("en"))
        case Mapping() | tuple() | list() | frozenset() | set():
            return joined(list(items(what, registry)), "; ", "; ")
        case _ if is_dataclass(what):
            return joined(
                [_with(label(each.name), value(part, registry), ": ")
                 for each in fields(what)
                 if not isinstance(part := getattr(what, each.name), (Backing, FactSpec))
                 and part not in (None, (), "") and each.name != "id"],
                "; ", "; ",
            )  # fmt: skip
    return both(str(what))


def items(what: Any, registry: Registry) -> tuple[Text, ...]:
    """The texts of a list or map, one each; of anything else, its one text."""
    if isinstance(what, Mapping):
        return tuple(_with(label(str(key)), value(each, registry), ": ")
                     for key, each in what.items())  # fmt: skip
    if isinstance(what, (set, frozenset)):
        what = sorted(what)
    if isinstance(what, (tuple, list)):
        return tuple(value(each, registry) for each in what)
    return (value(what, registry),)


def _with(first: Text, second: Text, mark: str = "") -> Text:
    if mark:
        return Text(f"{first.ko}{mark}{second.ko}", f"{first.en}{mark}{second.en}")
    return Text(f"{first.ko}({second.ko})", f"{first.en} ({second.en})")


def span(days: Span) -> Text:
    """The days a version lasts, both included."""
    start = days.start.isoformat() if days.start else ""
    end = days.end.isoformat() if days.end else ""
    if start and end:
        return both(f"{start} – {end}")
    if start:
        return Text(f"{start}부터", f"from {start}")
    if end:
        return Text(f"{end}까지", f"until {end}")
    return Text("기한 없음", "without dates")
