"""What people wrote stands in its own language for those who have pages read to them."""

from __future__ import annotations

from django.utils.safestring import mark_safe
from django.utils.translation import override

from corridor.web.templatetags.corridor_text import spoken


def test_korean_words_on_an_english_page_say_that_they_are_korean():
    with override("en"):
        assert spoken("Licenses: 전기기능사, OSHA 10") == (
            'Licenses: <span lang="ko">전기기능사</span>, OSHA 10'
        )
        assert spoken("six years with PLCs") == "six years with PLCs"


def test_an_english_line_on_a_korean_page_says_that_it_is_english():
    with override("ko"):
        assert spoken("배터리 라인 6년\nBattery line") == (
            '배터리 라인 6년\n<span lang="en">Battery line</span>'
        )
        assert spoken("PLC 6년") == "PLC 6년"
        assert spoken("J-1") == '<span class="nowrap">J-1</span>'


def test_it_is_escaped_once():
    with override("en"):
        assert spoken("<b>용접</b>") == '&lt;b&gt;<span lang="ko">용접</span>&lt;/b&gt;'
        assert spoken(mark_safe("<b>a</b>")) == "<b>a</b>"
