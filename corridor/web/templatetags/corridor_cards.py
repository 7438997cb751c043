"""The small pieces that stand dozens of times in a list of cards, each written once here.

The components of the same names (templates/cotton/) are made of these tags. A list calls the tags
themselves: a page of ten matches would else resolve a hundred components, a third of its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from corridor.web.templatetags.corridor_text import codes

register = template.Library()
_SPRITE = "img/icons.svg"


@register.simple_tag
def points(items: Iterable[Any], gap: object = "") -> SafeString:
    """A list of what fits, or (`gap`) of what is missing; nothing for an empty one."""
    icon = f"{static(_SPRITE)}#{'minus' if gap else 'check'}"
    rows = format_html_join(
        "",
        '<li><svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>'
        "<span>{}</span></li>",
        ((icon, codes(item)) for item in items),
    )
    return format_html('<ul class="points{}">{}</ul>', " points--gap" if gap else "", rows) \
        if rows else rows  # fmt: skip


@register.simple_tag
def score_parts(parts: Iterable[Mapping[str, Any]]) -> SafeString:
    """Each part of a score as a bar with its number: {label, value, points}, whole percent."""
    return format_html_join(
        "",
        '<li><span>{}</span><svg class="bar" aria-hidden="true" focusable="false" '
        'viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="bar__track" width="100" '
        'height="8" rx="1"></rect><rect class="bar__fill" width="{}" height="8" rx="1"></rect>'
        '</svg><span class="num">{}</span></li>',
        (
            (
                part["label"], part["value"],
                part["value"] if part.get("points") is None else part["points"],
            )
            for part in parts
        ),
    )  # fmt: skip


@register.simple_tag
def verdict_word(state: str) -> str:
    return {
        "eligible": pgettext("verdict", "Works"),
        "conditional": pgettext("verdict", "Works if…"),
        "not_eligible": pgettext("verdict", "Does not work"),
    }.get(state) or pgettext("verdict", "Not known yet")


@register.simple_tag
def verdict_badge(state: str, name: str = "", css: str = "", attrs: object = "") -> SafeString:
    word: object = verdict_word(state)
    if name:
        word = format_html(
            '{} <span class="verdict-badge__word">{}</span>', codes(name), word
        )  # fmt: skip
    return format_html(
        '<span class="verdict-badge verdict-badge--{} {}" {}><svg class="verdict__shape" '
        'aria-hidden="true" focusable="false"><use href="{}#verdict-{}"></use></svg>'
        "<span>{}</span></span>",
        state, css, attrs, static(_SPRITE), state, word,
    )  # fmt: skip


@register.simple_tag
def sample() -> SafeString:
    """The mark of what was made up for the demo."""
    return format_html(
        '<span class="sample" title="{}">{}</span>',
        _("Made up to show how Corridor works"), _("Sample"),
    )  # fmt: skip
