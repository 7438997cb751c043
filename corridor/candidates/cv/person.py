"""Who the CV is of: names in both scripts, and the town. Birth date and service apart."""

from __future__ import annotations

import re

from corridor.candidates.cv import dates, words
from corridor.candidates.cv.parts import Parts, Said, free
from corridor.candidates.cv.pieces import STATES
from corridor.candidates.cv.proposal import Value

# The surnames of more than 99 of 100 people in Korea (census of 2015, Statistics Korea), and the
# double ones: a short Korean word is a name only where it begins with one of them.
_SURNAMES = (
    "남궁|황보|제갈|사공|선우|서문|독고|동방|김|이|박|최|정|강|조|윤|장|임|한|오|서|신|권|황|안|송|류|전|홍|고|문"
    "|양|손|배|백|허|유|남|심|노|하|곽|성|차|주|우|구|민|진|나|지|엄|채|원|천|방|공|현|함|변|염|여|추|도|소|석|선"
    "|설|마|길|연|위|표|명|기|반|라|왕|금|옥|육|인|맹|제|모|탁|국|어|은|편|용|예|경|봉|사|부|가|복|태|목|형|피|두"
    "|감|음|빈|동|온|호|범|좌|팽|승|간|견|당|상|시|갈|뇌|단|아|야|옹|창|필|화"
)
_KOREAN = re.compile(
    rf"^\s*((?:{_SURNAMES})\s?[가-힣]{{1,3}}|[가-힣](?:\s[가-힣]){{1,3}})"
    r"(?=$|\s*[(（/|,]|\s+(?:이력서|입니다|[A-Z]|\())"
)
_SIGNED = re.compile(
    r"(?:지원자|작성자|신청자|제출자|성\s*명|이\s*름)\s*[:：]?\s*(\S[^()（）]{1,8}?)"
    r"\s*[(（]\s*(?:인|서\s*명|印)\s*[)）]"
)
_BRACKETED = re.compile(
    r"[(（]\s*(?:[\u4e00-\u9fff]+\s*[,/·]?\s*)?"  # Chinese letters before it
    r"([A-Z][A-Za-z'-]+(?:,?\s+[A-Z][A-Za-z'-]+){1,3})\s*[)）]"
)
_ROMAN = re.compile(
    r"([A-Z][a-z'-]+(?:[\s-][A-Z][a-z'-]+){1,3}|[A-Z][A-Z'-]+(?:,?\s[A-Z'-]+){1,3}"
    r"|[A-Z][A-Za-z'-]+,\s[A-Z][A-Za-z'-]+(?:\s[A-Z][A-Za-z'-]+)?)"
)
_NOT_NAMES = re.compile(
    r"resume|r[ée]sum[ée]|curriculum|vitae|\bcv\b|profile|이력서|지원서|자기소개|포트폴리오"
    r"|사진|지원|분야|연구자|경력|희망|입사|인사|기재|견본|증명|신상|구직|국문|현황|용접사|기술자|교사|간호사"
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
_TOWN_OF_KOREA = re.compile(
    r"(?:^|[|·,/]|\d)\s*([A-Z][a-z]+(?:-(?:si|gun))?)(?:,\s*[A-Z][a-z]+(?:-do)?)?"
    r",\s*(?:South Korea|Republic of Korea|Korea)\b"
)
_TOWN_OF_STATE = re.compile(rf"(?:^|[|·,/])\s*([A-Z][a-z]+(?: [A-Z][a-z]+)?),\s*(?:{STATES})\b")
_SERVED = (
    ("not_completed", re.compile(r"미필")),
    ("exempt", re.compile(r"면제")),
    ("not_subject", re.compile(r"해당\s*없음|비대상")),
    ("serving", re.compile(r"복무\s*중|현역\s*복무")),
    ("completed", re.compile(r"군필|전역|제대|복무\s*(?:완료|만료)|소집\s*해제|^필$|이행"
                             r"|honou?rabl[ey] discharge|military service completed", re.I)),
)
_KIND = re.compile(r"^\s*[(（\[]\s*(?:국문|한글)\s*[)）\]]\s*")
_ROMAN_LABEL = re.compile(
    r"^\s*[(（\[]\s*영문\s*[)）\]]\s*([A-Z][A-Za-z'-]+(?:,?\s[A-Z][A-Za-z'-]+){1,3})"
)
_TITLES = re.compile(
    r"(?:,\s*(?:Ph\.?\s?D\.?|M\.?D\.?|P\.?E\.?|MBA|M\.?S\.?|PMP|CWI|RN)\b\.?)+\s*$"
)
HEAD = 6  # lines at the top among which a name is looked for


def facts(parts: Parts) -> dict[str, Value]:
    found: dict[str, Value] = {}
    _names(parts, found)
    _town(parts, found)
    if (said := parts.labelled.get("birth_date")) is not None and (day := dates.day(said.text)):
        found["birth_date"] = Value(day, said.line)
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
    for said in parts.signed:
        if "name" not in found and (name := _SIGNED.search(said.text)) is not None:
            _put_names(Said(name[1].strip(), said.line), found)
    # A Korean CV that tells the name in Latin letters alone has told half of it.
    if "name" not in found and "name_roman" in found and not parts.in_korean:
        found["name"] = found["name_roman"]


def _put_names(said: Said, found: dict[str, Value]) -> None:
    text = _KIND.sub("", said.text)
    if (alone := _ROMAN_LABEL.match(text)) is not None:
        found.setdefault("name_roman", Value(alone[1], said.line))
        return
    said = Said(_TITLES.sub("", text).strip(), said.line)
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
    contact = free(parts.of("personal"))
    for said in [labelled, *spoken, *parts.head, *contact]:
        if said is None:
            continue
        towns = [each for each in _TOWN.findall(said.text) if not _NO_TOWN.fullmatch(each)]
        if towns:  # of a province and its town, the town
            town = next((each for each in towns if not each.endswith("도")), towns[0])
            found["city"] = Value(town, said.line)
            return
        town_en = _TOWN_OF_STATE.search(said.text) or _TOWN_OF_KOREA.search(said.text)
        if (town_en := town_en or _TOWNS_EN.search(said.text)) is not None:
            found["city"] = Value(town_en[1], said.line)
            return


# A line outside the part on service that still tells of it, and of nothing else with that word.
_TOLD_SERVICE = re.compile(
    r"^\W*병\s*역(?:\s*(?:사항|대상|구분|관계))?\s*[|:：]|(?:육군|해군|공군|해병|병장|하사|중사|의경|의무경찰"
    r"|사회복무요원|산업기능요원|전문연구요원|승선예비역).{0,20}(?:전역|제대|소집\s*해제|복무\s*(?:완료|만료))"
    r"|honou?rabl[ey] discharge", re.I
)


def _service(parts: Parts, found: dict[str, Value]) -> None:
    said_all = [parts.labelled["military_status"]] if "military_status" in parts.labelled else []
    said_all += list(free(parts.of("military")))
    for item in parts.items:
        if item.free is not None and _TOLD_SERVICE.search(item.free.text):
            said_all.append(item.free)
    for said in said_all:
        for code, pattern in _SERVED:
            if pattern.search(said.text):
                found.setdefault("military_status", Value(code, said.line))
                break
