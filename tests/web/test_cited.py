"""Citations on pages: in the reader's words and days, the other language marked as such."""

from __future__ import annotations

from django.utils.translation import override

from corridor.partnerships import reviewing
from corridor.web.templatetags.corridor_text import cited, cited_plain


def test_korean_beside_english_says_that_it_is_korean():
    with override("en"):
        assert cited("병역법 제70조제1항") == (
            'Military Service Act (<span lang="ko">병역법</span>) art. 70(1)'
        )
        assert "Oct. 7, 2026" in cited_plain("U.S. visa guide, as of 2026-10-07")


def test_a_korean_reader_reads_the_remark_in_korean_and_a_title_in_english():
    with override("ko"):
        assert cited("good practice; no rule asks for it") == "권장 사항(규정에는 없음)"
        assert cited("Tex. Occ. Code ch. 1305") == (
            '<span lang="en">Tex. Occ. Code ch. 1305</span>'
        )
        assert cited("22 CFR 62.22") == "22 CFR 62.22"
        assert "2026년 10월 7일" in cited_plain("U.S. visa guide, as of 2026-10-07")
        assert "current to Nov. 21, 2023" in cited_plain("casetext, current to 2023-11-21")


def test_a_citation_is_escaped_like_any_text():
    with override("en"):
        assert cited("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"


def test_questions_before_joint_research_name_korean_laws_in_the_readers_language():
    with override("en"):
        said = [str(each.citation) for each in reviewing.QUESTIONS]
    assert any(each.startswith("Foreign Trade Act (") for each in said)
    with override("ko"):
        assert all("Act" not in str(each.citation) for each in reviewing.QUESTIONS)
