"""Which of the concepts that a text names it says are not done, not known or not there.

"배관은 하지 않습니다", "PLC 경험 없음", "no experience with PLC". Only what stands right beside the
name is read, as far as it is a known way to say no: a word between ("품질 문제는 없습니다") or a
concession ("경험이 없어도 됩니다", "no experience required") leaves the concept named. One that the
text also names without denying it stays.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from corridor.taxonomy.records import Found

_PARTICLE = r"(?:에\s?대한|은|는|이|가|을|를|도|의|에는|에|까지는|로는)?"
_NOUN = (
    r"(?:(?:관련|실무|사용|현장|직접|작업|업무|공정|과제|일|쪽|분야|경험|경력|지식|능력|자격증|자격|기술|운전|조작|시험|검사|"
    r"프로그래밍|설계)\s?){0,3}"
)
_HOW = r"(?:(?:아직|전혀|거의|직접|별로|따로|잘|한\s?번도)\s?){0,2}"
_EVER = (
    r"(?:(?:해|다뤄|써|배워|만져|접해|맡아)\s?본\s?(?:적|일|경험)|(?:배운|쓴|한)\s?적|할\s?줄|쓸\s?줄|다룰\s?줄|경험|경력)?"
)
_VERB = r"(?:하|해\s?보|다루|다뤄\s?보|쓰|써\s?보|배우|만지|만져\s?보|맡|참여하|포함되|포함하)"
_NO = (
    rf"(?:{_VERB}지(?:는|도)?\s?(?:않|못)[가-힣]*|(?:안|못)\s?(?:합|하|해|했|함|써|쓰|다루|다룹|배)[가-힣]*"
    r"|없[가-힣]*|모[르릅름]\w*|몰[라랐]\w*|아닙니다|아니[라고며]\w*|아닌|말고|제외|불가|무경험)"
)
_DENIED_AFTER = re.compile(
    rf"\)?\s?{_NOUN}[):：\-]?\s?{_PARTICLE}\s?[:：\-(]?\s?{_HOW}{_EVER}{_PARTICLE}\s?(?P<no>{_NO})"
    r"|\s?(?:experience|skills?)?\s?[:(\-–]\s?(?:none|no experience)\b",
    re.IGNORECASE,
)
_YET = re.compile(r"(?:[어아해라]|없이)도$")  # even if there is none: 없어도, 몰라도, 없이도
_ALL_KNOWN = re.compile(r"는\s?(?:것|게|거|점)[이가도]?\s?없")  # 모르는 것이 없습니다
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|never|without|lack(?:s|ing)?|neither|nor|cannot|\w+n['’]t)\s+"
    r"(?:[a-z]+(?:al|ive|ic|ary)\s+)?"
    r"(?:(?:an?|any|the|yet|ever|been|had|have|has|hands-on|direct|prior|previous|practical|formal|"
    r"professional|real|working|experience|background|knowledge|training|skills?|in|with|of|on|"
    r"using|used?|doing|done|do|know|worked|tried|learne?[dt]|familiar)\s+)*$",
    re.IGNORECASE,
)
_NOT_NEEDED = re.compile(
    r"[^.;\n]{0,40}?\b(?:required|needed|necessary|expected|only|but also)\b", re.IGNORECASE
)
_JOINED = re.compile(r"\s?(?:[·/]|과|와|및|이나|나|,?\s?(?:or|nor))\s?", re.IGNORECASE)
_REACH = 60  # characters read before and behind a name


def affirmed(found: Sequence[Found], text: str) -> list[Found]:
    """Those of `found` (in order) that the text does not merely deny."""
    denied = [_is_denied(one, text) for one in found]
    if not any(denied):
        return list(found)
    joined = [
        _JOINED.fullmatch(text, one.end, other.start) is not None
        for one, other in itertools.pairwise(found)
    ]
    for at in reversed(range(len(joined))):  # 용접·취부는 하지 않습니다
        denied[at] |= joined[at] and denied[at + 1] and not _latin(found[at + 1].text)
    for at in range(len(joined)):  # no experience with PLC or robots
        denied[at + 1] |= joined[at] and denied[at] and _latin(found[at].text)
    kept = {one.id for one, no in zip(found, denied, strict=True) if not no}
    return [one for one, no in zip(found, denied, strict=True) if not no or one.id in kept]


def _is_denied(one: Found, text: str) -> bool:
    behind = text[one.end : one.end + _REACH]
    match = _DENIED_AFTER.match(behind)
    if match is not None:
        said = match["no"] or ""
        return not (_YET.search(said) or _ALL_KNOWN.search(behind, match.start()))
    before = text[max(0, one.start - _REACH) : one.start]
    return bool(_DENIED_BEFORE.search(before)) and not _NOT_NEEDED.match(behind)


def _latin(text: str) -> bool:
    return text.isascii()
