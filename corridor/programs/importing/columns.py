"""The columns of a file of postings, under the names that people give them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from corridor import taxonomy
from corridor.common import columns as cells
from corridor.common.columns import Column, Unfit
from corridor.common.tables import plain_name
from corridor.programs.kinds import Kind
from corridor.programs.models import Program

_CURRENCIES = [("USD", "USD"), ("KRW", "KRW")]
_KINDS = {"intern": "internship", "co-op": "internship", "인턴": "internship",
          "실습": "internship", "현장실습": "internship", "공동연구": "joint_research",
          "파견": "dispatch", "도제": "apprenticeship", "교육훈련": "training"}  # fmt: skip
_PERIODS = {"hourly": "hour", "per hour": "hour", "시급": "hour", "monthly": "month",
            "월급": "month", "yearly": "year", "annual": "year", "연봉": "year",
            "무급": "unpaid", "stipend": "total"}  # fmt: skip
_DEGREES = {"고졸": "high_school", "전문학사": "associate", "학사": "bachelor",
            "석사": "master", "박사": "doctorate", "phd": "doctorate", "bs": "bachelor",
            "ms": "master", "bachelor's": "bachelor", "master's": "master"}  # fmt: skip


def _sector(cell: Any) -> str:
    names = {plain_name(name): slug for slug, both in taxonomy.sectors().items()
             for name in (slug, *both)}  # fmt: skip
    found = names.get(plain_name(cells.text(80)(cell)))
    if found is None:
        raise Unfit(_("This is none of the twelve sectors. Write one of: %s")
                    % ", ".join(taxonomy.sectors()))  # fmt: skip
    return found


COLUMNS: dict[str, Column] = {
    column.field: column
    for column in (
        Column("id", cells.text(120), ("source_id", "posting_id", "job_id", "공고번호", "번호")),
        Column("title", cells.text(200), ("role", "position", "job title", "job", "제목", "공고명",
                                          "직무", "모집분야", "직무명"), required=True),
        Column("title_ko", cells.text(200), ("제목(한국어)", "국문 제목")),
        Column("title_en", cells.text(200), ("제목(영어)", "영문 제목")),
        Column("company", cells.text(200), ("employer", "host", "organization", "company name",
                                            "회사", "회사명", "기업", "기업명", "기관", "기관명")),
        Column("place", cells.text(200), ("location", "city", "place_text", "where", "근무지",
                                          "지역", "장소", "위치")),
        Column("category", cells.text(80), ("field", "area", "분류", "분야")),
        Column("sector", _sector, ("industry", "산업")),
        Column("kind", cells.choice(Kind.choices, _KINDS), ("type", "program type", "종류",
                                                            "유형", "구분")),
        Column("open", cells.yes_or_no, ("is_open", "active", "모집 여부", "모집중", "진행 여부")),
        Column("posted_on", cells.day, ("posted", "date posted", "post date", "published",
                                        "등록일", "게시일", "공고일")),
        Column("starts_on", cells.day, ("start", "start date", "first day", "시작일")),
        Column("ends_on", cells.day, ("end", "end date", "last day", "종료일")),
        Column("apply_by", cells.day, ("deadline", "closing date", "마감일", "접수 마감")),
        Column("pay_amount", cells.number(0, 9_999_999_999, whole=False), ("pay", "salary", "wage",
                                                                           "급여", "보수")),
        Column("pay_currency", cells.choice(_CURRENCIES), ("currency", "통화")),
        Column("pay_period", cells.choice(Program.PayPeriod.choices, _PERIODS),
               ("pay per", "pay type", "급여 단위", "급여 기준")),
        Column("hours_per_week", cells.number(1, 80), ("weekly hours", "주당 근무시간")),
        Column("seats", cells.number(1, 5000), ("openings", "headcount", "모집 인원", "인원")),
        Column("min_degree", cells.choice(Program.Degree.choices, _DEGREES), ("degree", "학력")),
        Column("min_toeic", cells.number(10, 990), ("toeic", "토익")),
        Column("summary", cells.text(1000), ("요약",)),
        Column("description", cells.text(12000, lines=True), ("details", "job description",
                                                              "설명", "상세", "상세내용")),
        Column("url", cells.url, ("link", "source_url", "apply link", "application url", "주소",
                                  "링크", "공고 링크")),
    )
}  # fmt: skip
