"""What the loader says of a slip in the rule data, in Korean too, and how to mend it.

The loader's errors are English sentences with their hint after a semicolon. Here each kind is a
pattern with its Korean and its mend; one that has none is shown as the loader says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corridor.rules.model import Text

_README = Text(
    "corridor/rules/data/README.md의 형식을 보고 고치십시오.",
    "See corridor/rules/data/README.md for how it is written.",
)
_LIKE = Text("{near}을(를) 쓰려던 것이 아닌지 보십시오.", "Did you mean {near}?")
_LISTED = Text("그 이름을 적는 파일에 먼저 추가하거나 이름을 고치십시오.",
               "Add it to the file that lists such names, or mend the name.")  # fmt: skip

# (pattern, Korean, mend); groups of the pattern fill the braces of both.
_KNOWN: Sequence[tuple[str, str, Text]] = (
    (r"unknown key '(?P<it>.+?)'", "알 수 없는 키 '{it}'",
     Text("키 이름을 고치거나 지우십시오.", "Mend the key’s name or take it out.")),
    (r"unknown fact '(?P<it>.+?)'", "알 수 없는 항목(fact) '{it}'", _LISTED),
    (r"unknown source '(?P<it>.+?)'", "알 수 없는 자료(source) '{it}'",
     Text("shared/sources.yaml에 먼저 적으십시오.", "Enter it in shared/sources.yaml first.")),
    (r"unknown program kind '(?P<it>.+?)'", "알 수 없는 프로그램 종류 '{it}'", _LISTED),
    (r"unknown entry '(?P<it>.+?)' in '(?P<key>.+?)'", "'{key}'에 알 수 없는 이름 '{it}'",
     Text("shared/{key}.yaml에 먼저 적으십시오.", "Enter it in shared/{key}.yaml first.")),
    (r"unknown note '(?P<it>.+?)'", "알 수 없는 참고 '{it}'",
     Text("shared/notes.yaml에 먼저 적으십시오.", "Enter it in shared/notes.yaml first.")),
    (r"unknown shared requirement '(?P<it>.+?)'", "알 수 없는 공통 요건 '{it}'",
     Text("shared/requirements.yaml에 먼저 적으십시오.",
          "Enter it in shared/requirements.yaml first.")),
    (r"unknown step '(?P<it>.+?)'", "알 수 없는 단계 '{it}'",
     Text("shared/steps.yaml에 먼저 적으십시오.", "Enter it in shared/steps.yaml first.")),
    (r"unknown [\w ]+ '(?P<it>.+?)'", "알 수 없는 이름 '{it}'", _LISTED),
    (r"'affects' affects no known pathway|'(?P<it>.+?)' affects no known pathway",
     "'{it}'에 맞는 경로가 없습니다",
     Text("affects에 있는 경로 이름을 고치십시오.", "Mend the pathway’s name under `affects`.")),
    (r"'checked_on' is missing here and at the head of the file",
     "'checked_on'이 여기에도 파일 머리에도 없습니다",
     Text("확인한 날을 checked_on: 2026-11-23처럼 적으십시오.",
          "Write the day of the check, as in checked_on: 2026-11-23.")),
    (r"'citation' is missing", "근거('citation')가 없습니다",
     Text("근거 법령을 citation: 뒤에 적으십시오.", "Write the law after citation:.")),
    (r"'(?P<key>\w+)' is missing", "'{key}'이(가) 없습니다",
     Text("'{key}:'를 채우십시오.", "Fill in '{key}:'.")),
    (r"'(?P<key>\w+)' must be one of (?P<all>.+), not (?P<it>.+)",
     "'{key}'에 쓸 수 없는 값 {it}", Text("다음 중 하나: {all}", "Choose one of {all}.")),
    (r"'(?P<key>\w+)' must be text, not (?P<it>.+)", "'{key}'은(는) 글이어야 하는데 {it}입니다",
     Text("따옴표로 묶으십시오.", "Put it in quotes.")),
    (r"'(?P<key>\w+)' must be a day like .+, not (?P<it>.+)",
     "'{key}'은(는) 날짜여야 하는데 {it}입니다",
     Text("2026-11-23처럼 적으십시오.", "Write it like 2026-11-23.")),
    (r"'(?P<key>\w+)' must be a list of maps", "'{key}'은(는) 맵의 목록이어야 합니다",
     Text("각 항목을 '- '로 시작하십시오.", "Begin each entry with '- '.")),
    (r"'(?P<key>\w+)' must be a list of texts", "'{key}'은(는) 글의 목록이어야 합니다",
     Text("[가, 나]처럼 적으십시오.", "Write it like [one, two].")),
    (r"'(?P<key>[\w.]+)' must be a map\b.*", "'{key}'은(는) 맵이어야 합니다", _README),
    (r"'(?P<key>\w+)' must be a whole number", "'{key}'은(는) 정수여야 합니다",
     Text("12처럼 따옴표 없이 적으십시오.", "Write it like 12, without quotes.")),
    (r"'(?P<key>\w+)' must be a number", "'{key}'은(는) 숫자여야 합니다",
     Text("185나 40.27처럼 따옴표 없이 적으십시오.",
          "Write it like 185 or 40.27, without quotes.")),
    (r"'(?P<key>\w+)' must be \[least, most\]", "'{key}'은(는) [최소, 최대]여야 합니다",
     Text("[8, 16]처럼 적으십시오.", "Write it like [8, 16].")),
    (r"(?:'(?P<key>\w+)' )?needs exactly 'ko' and 'en'.*",
     "한국어(ko)와 영어(en)가 모두 필요합니다",
     Text("ko:와 en: 두 줄만 두고, 쉼표나 쌍점이 있으면 따옴표로 묶으십시오.",
          "Keep just ko: and en:, and quote a text that has a comma or colon.")),
    (r"not readable as UTF-8 text", "UTF-8 글이 아닙니다",
     Text("파일을 UTF-8로 저장하십시오.", "Save the file as UTF-8.")),
    (r"not readable as YAML: (?P<it>.+)", "YAML로 읽을 수 없습니다({it})",
     Text("이 줄과 바로 앞줄의 들여쓰기, 괄호, 따옴표를 보십시오.",
          "Look at the indent, brackets and quotes of this line and the one above.")),
    (r"the file must be one map of keys", "파일 전체가 하나의 맵이어야 합니다", _README),
    (r"YAML reads (?P<it>'.+?') as a boolean", "YAML은 {it}을(를) 참·거짓으로 읽습니다",
     Text("글이면 {it}처럼 따옴표로 묶고, 아니면 true나 false로 적으십시오.",
          "Put {it} in quotes if it is text; otherwise write true or false.")),
    (r"YAML reads the key (?P<it>.+) as (?P<kind>\w+)",
     "YAML은 키 {it}을(를) {kind}(으)로 읽습니다",
     Text("키를 따옴표로 묶거나 다른 이름을 쓰십시오.", "Quote the key or use another name.")),
    (r"cannot use (?P<it>.+) here", "{it}을(를) 여기에 쓸 수 없습니다",
     Text("글이면 따옴표로 묶으십시오.", "Put text in quotes.")),
    (r"duplicate key '(?P<it>.+)' \(first on line (?P<line>\d+)\)",
     "'{it}' 키가 두 번 있습니다(첫 번째는 {line}번째 줄)",
     Text("둘 중 하나를 지우십시오.", "Take one of the two out.")),
    (r"dates of '(?P<it>.+)' overlap those on line (?P<line>\d+)",
     "'{it}'의 기간이 {line}번째 줄의 기간과 겹칩니다",
     Text("먼저 것의 until을 다음 것의 from 하루 전으로 적으십시오.",
          "End the earlier one (until) on the day before the later one begins (from).")),
    (r"'until' is before 'from'", "'until'이 'from'보다 앞섭니다",
     Text("두 날짜를 바로잡으십시오.", "Mend the two dates.")),
    (r"'id' must be the file's name, (?P<it>.+)", "'id'는 파일 이름 {it}이어야 합니다",
     Text("id를 {it}(으)로 적거나 파일 이름을 바꾸십시오.",
          "Write id: {it}, or rename the file.")),
    (r"a check needs exactly one of (?P<all>.+)", "확인식에는 비교가 꼭 하나 있어야 합니다",
     Text("다음 중 하나만 쓰십시오: {all}", "Use just one of {all}.")),
    (r"'(?P<key>\w+)' needs a list", "'{key}'에는 목록이 필요합니다",
     Text("[가, 나]처럼 적으십시오.", "Write it like [one, two].")),
    (r"(?P<key>[\w.]+) has no choice (?P<it>.+)", "{key}에는 {it}이라는 선택지가 없습니다",
     Text("facts/의 choices에 있는 값을 쓰십시오.", "Use a value from its `choices` in facts/.")),
    (r"(?P<key>[\w.]+) must be (?P<want>.+?), not (?P<it>.+)",
     "{key}에 맞지 않는 값 {it}", Text("facts/에 적힌 형식대로 적으십시오.", "Must be {want}.")),
    (r"'(?P<it>.+)' is not a state's two-letter code", "'{it}'은(는) 주의 두 글자 약어가 아닙니다",
     Text("TX처럼 적으십시오.", "Write it like TX.")),
    (r"the steps take (?P<a>\d+) to (?P<b>\d+) days together, but 'lead_time' says "
     r"(?P<c>\d+) to (?P<d>\d+)",
     "단계를 더하면 {a}~{b}일인데 lead_time은 {c}~{d}일입니다",
     Text("단계의 기간이나 lead_time을 맞추십시오.", "Make the steps or the lead_time agree.")),
    (r"step '(?P<it>.+)' stands here twice", "'{it}' 단계가 두 번 있습니다",
     Text("하나를 지우십시오.", "Take one out.")),
    (r"a step that is no estimate needs a citation", "추정이 아닌 단계에는 근거가 필요합니다",
     Text("citation을 적거나 estimate: true로 하십시오.",
          "Add a citation, or say estimate: true.")),
    (r"'after' names no step above: '(?P<it>.+)'", "'after'의 '{it}' 단계가 위에 없습니다",
     Text("위에 있는 단계의 id를 쓰십시오.", "Use the id of a step above.")),
    (r"'(?P<it>[\w.]+)' is already in another file", "'{it}'은(는) 다른 파일에도 있습니다",
     Text("한곳에만 두십시오.", "Keep it in one file.")),
    (r"no pathway is in this folder", "이 폴더에 경로 파일이 없습니다",
     Text("CORRIDOR_RULES_DIR이 자료 폴더를 가리키는지 보십시오.",
          "See whether CORRIDOR_RULES_DIR names the folder with the data.")),
)  # fmt: skip
_PATTERNS = [(re.compile(pattern), ko, mend) for pattern, ko, mend in _KNOWN]
_NEAR = re.compile(r"did you mean ('.+?'|[\w.]+)\?")


def said(problem: str) -> tuple[Text, Text]:
    """A loader's problem in both languages, and how to mend it."""
    told, _, hint = problem.partition("; ")
    near = _NEAR.match(hint)
    for pattern, ko, mend in _PATTERNS:
        found = pattern.fullmatch(told) or pattern.fullmatch(problem)
        if found:
            groups = {key: value or "" for key, value in found.groupdict().items()}
            how = _filled(_LIKE, near=near[1]) if near else _filled(mend, **groups)
            return Text(_put(ko, groups), told), how
    return Text(problem, problem), _filled(_LIKE, near=near[1]) if near else _README


def _filled(text: Text, **groups: str) -> Text:
    return Text(_put(text.ko, groups), _put(text.en, groups))


def _put(words: str, groups: dict[str, str]) -> str:
    """Only the named braces: the data's own braces are text."""
    return re.sub(r"\{(\w+)\}", lambda hole: groups.get(hole[1], hole[0]), words)
