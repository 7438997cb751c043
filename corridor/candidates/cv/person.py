"""Who the CV is of: names in both scripts, and the town. Birth date and service apart."""

from __future__ import annotations

import re

from corridor.candidates.cv import dates, words
from corridor.candidates.cv.parts import Parts, Said, free
from corridor.candidates.cv.proposal import Value

_KOREAN = re.compile(
    r"^\s*([가-힣]{2,4}|[가-힣](?:\s[가-힣]){1,3})(?=$|\s*[(（/|,]|\s+(?:이력서|입니다|[A-Z]))"
)
_BRACKETED = re.compile(r"[(（]\s*([A-Z][A-Za-z'-]+(?:,?\s+[A-Z][A-Za-z'-]+){1,3})\s*[)）]")
_ROMAN = re.compile(
    r"([A-Z][a-z'-]+(?:[\s-][A-Z][a-z'-]+){1,3}|[A-Z][A-Z'-]+(?:,?\s[A-Z'-]+){1,3})"
)
_NOT_NAMES = re.compile(
    r"resume|r[ée]sum[ée]|curriculum|vitae|\bcv\b|profile|이력서|지원서|자기소개|포트폴리오"
    r"|university|korea|"
    r"street|summary|engineer|experience|education|sample", re.I
)
_TOWN = re.compile(
    r"([가-힣]{2,6}(?:특별자치시|특별자치도|특별시|광역시|시|군))(?=$|[\s,/|·)]|에\s)"
)
_NO_TOWN = re.compile(r"다시|역시|필시|즉시|수시|당시|잠시|입시|[가-힣]*육군|공군|해군")
_TOWNS_EN = re.compile(
    r"\b(Seoul|Busan|Incheon|Daegu|Daejeon|Gwangju|Ulsan|Sejong|Suwon|Changwon|Cheonan|Pohang"
    r"|Gumi|Seongnam|Jeju|"
    r"Yongin|Goyang|Cheongju|Jeonju|Gimhae|Geoje|Pyeongtaek|Hwaseong|Ansan|Anyang|Wonju|Asan"
    r"|Iksan|Gunsan|"
    r"Yeosu|Suncheon|Mokpo|Gyeongju|Jinju|Chuncheon|Gangneung|Bucheon|Paju|Gimpo|Icheon)\b", re.I
)
_SERVED = (
    ("not_completed", re.compile(r"미필")),
    ("exempt", re.compile(r"면제")),
    ("not_subject", re.compile(r"해당\s*없음|비대상")),
    ("serving", re.compile(r"복무\s*중|현역\s*복무")),
    ("completed", re.compile(r"군필|전역|제대|복무\s*완료|소집\s*해제|^필$|이행")),
)
HEAD = 6  # lines at the top among which a name is looked for


def facts(parts: Parts) -> dict[str, Value]:
    found: dict[str, Value] = {}
    _names(parts, found)
    _town(parts, found)
    if (said := parts.labelled.get("birth_date")) is not None:
        for month, (begin, end) in dates.months(said.text)[:1]:
            day = re.search(r"(\d{1,2})\s*일?\s*$", said.text[begin:end].strip(" ."))
            whole = re.match(r"\D*\d{4}\D+\d{1,2}\D+(\d{1,2})", said.text[begin : end + 6])
            if month.month is not None and day is not None and whole is not None:
                text = f"{month.year:04}-{month.month:02}-{int(whole[1]):02}"
                found["birth_date"] = Value(text, said.line)
    _service(parts, found)
    return found


def _names(parts: Parts, found: dict[str, Value]) -> None:
    if (said := parts.labelled.get("name")) is not None:
        _put_names(said, found)
    said = parts.labelled.get("name_roman")
    if said is not None and (roman := _ROMAN.search(said.text)) is not None:
        found["name_roman"] = Value(roman[0], said.line)
    for said in parts.head[:HEAD]:
        if "name" in found and "name_roman" in found:
            return
        if re.search(r"[@\d]", said.text):
            continue
        _put_names(said, found)
    if "name" not in found and "name_roman" in found:
        found["name"] = found["name_roman"]


def _put_names(said: Said, found: dict[str, Value]) -> None:
    korean = _KOREAN.match(said.text)
    name = re.sub(r"\s", "", korean[1]) if korean else ""
    if name and "name" not in found and not _NOT_NAMES.search(name) and not words.headed(name):
        found["name"] = Value(name, said.line)
    if "name_roman" in found:
        return
    roman = _BRACKETED.search(said.text)
    if roman is not None:
        found["name_roman"] = Value(roman[1], said.line)
        return
    rest = said.text[korean.end() :] if korean else said.text
    roman = _ROMAN.fullmatch(rest.strip(" |,/"))
    other = _NOT_NAMES.search(rest) or words.headed(rest) or _TOWNS_EN.search(rest)
    if roman is not None and not other and len(rest.split()) <= 4:
        found["name_roman"] = Value(roman[0], said.line)


def _town(parts: Parts, found: dict[str, Value]) -> None:
    labelled = parts.labelled.get("city")
    spoken = [said for said in parts.head if re.match(r"^\s*(?:주소|거주지)\s", said.text)]
    for said in [labelled, *spoken, *parts.head]:
        if said is None:
            continue
        towns = [each for each in _TOWN.findall(said.text) if not _NO_TOWN.fullmatch(each)]
        if towns:  # of a province and its town, the town
            town = next((each for each in towns if not each.endswith("도")), towns[0])
            found["city"] = Value(town, said.line)
            return
        if (match_en := _TOWNS_EN.search(said.text)) is not None:
            found["city"] = Value(match_en[0], said.line)
            return


def _service(parts: Parts, found: dict[str, Value]) -> None:
    said_all = [parts.labelled["military_status"]] if "military_status" in parts.labelled else []
    said_all += list(free(parts.of("military")))
    for item in parts.items:
        if item.free is not None and re.match(r"^\W*병역\s*[:：]", item.free.text):
            said_all.append(item.free)
    for said in said_all:
        for code, pattern in _SERVED:
            if pattern.search(said.text):
                found.setdefault("military_status", Value(code, said.line))
                break
