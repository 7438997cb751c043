"""The columns of a file of people, under the names that people give them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from corridor.candidates.models import Candidate, Education, LanguageScore
from corridor.common import columns as cells
from corridor.common.columns import Column, Unfit
from corridor.common.tables import plain_name

WALKS = {"학생": "student", "재학생": "student", "대학생": "student", "졸업생": "graduate",
         "졸업자": "graduate", "기술자": "technician", "기능인": "technician",
         "기능공": "technician", "연구원": "researcher", "연구자": "researcher"}  # fmt: skip
DEGREES = {"고졸": "high_school", "고등학교": "high_school", "전문학사": "associate",
           "전문대": "associate", "전문대졸": "associate", "학사": "bachelor", "대졸": "bachelor",
           "석사": "master", "박사": "doctorate", "phd": "doctorate", "ph.d.": "doctorate",
           "bs": "bachelor", "b.s.": "bachelor", "ms": "master", "bachelor's": "bachelor",
           "master's": "master"}  # fmt: skip
STUDY = {"재학": "enrolled", "재학중": "enrolled", "휴학": "leave", "휴학중": "leave",
         "졸업": "graduated", "졸업예정": "enrolled", "중퇴": "left", "자퇴": "left",
         "수료": "left"}  # fmt: skip
OPIC = ("AL", "IH", "IM3", "IM2", "IM1", "IM", "IL", "NH", "NM", "NL")


def _opic(cell: Any) -> str:
    level = cells.text(12)(cell).upper().replace(" ", "")
    if level not in OPIC:
        raise Unfit(_("This is no OPIc level. Write one of: %s") % ", ".join(OPIC))
    return level


def _topik(cell: Any) -> str:
    level = plain_name(cells.text(12)(cell)).removeprefix("topik").removesuffix("급")
    if level not in {"1", "2", "3", "4", "5", "6"}:
        raise Unfit(_("This is no TOPIK level. Write 1 to 6."))
    return f"{level}급"


def _objects(cell: Any) -> list[Any]:
    if not isinstance(cell, list):
        raise Unfit(_("Give a list of objects: [{…}, {…}]."))
    return cells.parts(cell)


SCORES = {
    "toeic": cells.number(10, 990),
    "toefl": cells.number(0, 120),
    "ielts": cells.number(0, 9, whole=False),
    "toeic_speaking": cells.number(0, 200),
    "opic": _opic,
    "topik": _topik,
}
_TEST_NAMES = {"toeic": ("토익", "토익 점수", "toeic score"), "toefl": ("토플", "toefl ibt"),
               "ielts": ("아이엘츠",), "toeic_speaking": ("토익스피킹", "토스"),
               "opic": ("오픽",), "topik": ("토픽",)}  # fmt: skip

COLUMNS: dict[str, Column] = {
    column.field: column
    for column in (
        Column("id", cells.text(120), ("source_id", "person id", "number", "student number",
                                       "학번", "번호", "관리번호")),
        Column("email", cells.email, ("e-mail", "mail", "email address", "이메일", "전자우편",
                                      "메일"), required=True),
        Column("name", cells.text(120), ("full name", "이름", "성명")),
        Column("name_roman", cells.text(120), ("english name", "영문 이름", "영문 성명", "영문명")),
        Column("language", cells.choice([("ko", "한국어"), ("en", "English")]), ("언어",)),
        Column("walk", cells.choice(Candidate.Walk.choices, WALKS), ("type", "구분", "신분")),
        Column("headline", cells.text(200), ("한 줄 소개", "소개")),
        Column("about", cells.text(8000, lines=True), ("자기소개", "introduction", "강점")),
        Column("research_interests", cells.text(4000, lines=True), ("research", "연구분야",
                                                                    "관심 연구", "연구 관심사")),
        Column("skills", cells.text(4000, lines=True), ("skills_text", "기술", "보유기술", "장비",
                                                        "보유 역량")),
        Column("city", cells.text(120), ("거주지", "사는 곳", "address city")),
        Column("nationality", cells.country, ("국적",)),
        Column("kinds", cells.parts, ("희망 프로그램", "program kinds")),
        Column("sectors", cells.parts, ("희망 분야", "희망 산업")),
        Column("hubs", cells.parts, ("희망 지역",)),
        Column("available_from", cells.month, ("가능 시작일", "start from")),
        Column("available_until", cells.month, ("가능 종료일",)),
        Column("min_months", cells.number(1, 60), ("최소 개월",)),
        Column("max_months", cells.number(1, 60), ("최대 개월",)),
        Column("school", cells.text(160), ("university", "institution", "학교", "대학교", "대학",
                                           "학교명")),
        Column("school_country", cells.country, ("학교 국가",)),
        Column("degree", cells.choice(Education.Degree.choices, DEGREES), ("학위", "학력",
                                                                           "학위과정")),
        Column("major", cells.text(160), ("field of study", "department", "전공", "학과")),
        Column("study_status", cells.choice(Education.Status.choices, STUDY),
               ("enrollment", "enrolment status", "학적", "학적상태", "재학 여부")),
        Column("enrolled_on", cells.month, ("enrolled", "입학", "입학일", "입학년월")),
        Column("graduation", cells.month, ("graduation date", "graduated", "expected graduation",
                                           "졸업", "졸업일", "졸업년월", "졸업예정일",
                                           "졸업(예정)일")),
        Column("abeek", cells.yes_or_no, ("공학인증", "공학교육인증")),
        Column("employer", cells.text(160), ("company", "회사", "직장", "회사명")),
        Column("job_title", cells.text(160), ("job", "position", "직무", "직위", "담당업무")),
        Column("work_country", cells.country, ("근무 국가",)),
        Column("worked_from", cells.month, ("work start", "입사일", "입사년월")),
        Column("worked_until", cells.month, ("work end", "퇴사일", "퇴사년월")),
        Column("work_description", cells.text(4000, lines=True), ("work", "경력사항", "업무 내용")),
        Column("licenses", cells.parts, ("licences", "certificates", "credentials", "자격증",
                                         "면허", "자격")),
        *(Column(test, read, _TEST_NAMES[test]) for test, read in SCORES.items()),
        *(Column(f"{test}_date", cells.month, tuple(f"{name} 응시일" for name in _TEST_NAMES[test]))
          for test in SCORES),
        Column("educations", _objects), Column("works", _objects), Column("languages", _objects),
    )
}  # fmt: skip

# Nested objects of JSON Lines: field → (reader, required).
Nested = dict[str, tuple[cells.Reader, bool]]
EDUCATION: Nested = {
    "institution": (cells.text(160), True),
    "degree": (cells.choice(Education.Degree.choices, DEGREES), True),
    "major": (cells.text(160), False),
    "status": (cells.choice(Education.Status.choices, STUDY), False),
    "country": (cells.country, False),
    "started_on": (cells.month, False),
    "ended_on": (cells.month, False),
    "is_accredited_engineering": (cells.yes_or_no, False),
}
WORK: Nested = {
    "employer": (cells.text(160), True),
    "title": (cells.text(160), True),
    "country": (cells.country, False),
    "started_on": (cells.month, True),
    "ended_on": (cells.month, False),
    "description": (cells.text(4000, lines=True), False),
    "related": (cells.yes_or_no, False),
}
CREDENTIAL: Nested = {
    "name": (cells.text(160), True),
    "issued_on": (cells.month, False),
    "expires_on": (cells.month, False),
}
LANGUAGE: Nested = {
    "test": (cells.choice(LanguageScore.Test.choices), True),
    "score": (cells.number(0, 990, whole=False), False),
    "level": (cells.text(12), False),
    "taken_on": (cells.month, False),
}


def never_read() -> dict[str, str]:
    """Headings that are not read, and why."""
    own = _("only its owner may tell this, after signing in. Take the column out of the file.")
    agree = _("only its owner can agree to this, after signing in.")
    private = (
        "passport", "passport number", "여권번호", "여권", "resident registration number",
        "주민등록번호", "주민번호", "외국인등록번호", "birth date", "birthday", "date of birth",
        "생년월일", "sex", "gender", "성별", "military", "military status", "병역", "병역사항",
        "age", "나이", "연령", "photo", "사진", "password", "비밀번호",
    )  # fmt: skip
    chosen = ("visibility", "consent", "공개 여부", "동의", "개인정보 동의")
    return {plain_name(name): own for name in private} | {
        plain_name(name): agree for name in chosen
    }
