"""The small pieces that stand dozens of times in a list of cards, each written once here.

The components of the same names (templates/cotton/) are made of these tags. A list calls the tags
themselves: a page of ten matches would else resolve a hundred components, a third of its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from corridor.web.templatetags.corridor_text import codes

register = template.Library()
_SPRITE = "img/icons.svg"
_HIDDEN = mark_safe('aria-hidden="true"')


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


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """A sign of the sprite; without a label it only goes along with words."""
    aria = format_html('role="img" aria-label="{}"', label) if label else _HIDDEN
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        css, aria, static(_SPRITE), name,
    )  # fmt: skip


@register.simple_tag
def card_head(card: Mapping[str, Any] | None = None, level: object = 3, **given: Any) -> SafeString:
    """A card of a program or a match, down to what a page adds to it. `card` (or its values by
    name): as `present.program_card` and `present.match_card` make it."""
    get = (given if card is None else card).get
    title = codes(get("title"))
    return format_html(
        '<div class="row">{}{}{}</div>'
        '<h{} class="card__title"><a class="card__link" href="{}">{}</a></h{}>'
        '<ul class="meta">{}{}{}{}{}</ul>{}{}{}',
        _tag(get("kind"), get("kind_icon"), " tag--accent"),
        _tag(get("sector"), get("sector_icon")),
        sample() if get("sample") else "",
        level, get("href"), title, level,
        format_html("<li>{}</li>", get("host")) if get("host") else "",
        _meta("pin", get("hub")), _meta("calendar", get("when")), _meta("money", get("pay")),
        _meta("clock", _("Apply by %(day)s") % {"day": get("apply_by")} if get("apply_by") else ""),
        format_html('<p class="match__sentence">{}</p>', codes(get("sentence")))
        if get("sentence") else "",
        _visa(get("verdicts"), get("pathway")),
        _why(title, get("reasons"), get("gaps")),
    )  # fmt: skip


@register.simple_tag
def score(value: object, parts: Iterable[Mapping[str, Any]] = ()) -> SafeString:
    """The number that is shown, with its parts behind it."""
    return format_html(
        '<details class="more score"><summary><span>{}</span></summary><div class="more__body '
        'stack-2"><ul role="list" class="score__parts">{}</ul><p class="small muted">{} {}</p>'
        "</div></details>",
        mark_safe(  # noqa: S308 - our own sentence, around an escaped number
            _('Fit <span class="num">%(value)s</span> of 100')
            % {"value": conditional_escape(value)}
        ),
        score_parts(parts),
        _("A bar shows how well a part fits; the numbers add up to the fit."),
        _("On a test set, about this many of 100 pairs with the same number were judged a good "
          "match by what their texts say. Dates, wishes and the visa route move it by our "
          "judgment. It is not the chance of being accepted."),
    )  # fmt: skip


def _tag(name: object, sign: str | None, css: str = "") -> SafeString | str:
    return format_html(
        '<span class="tag{}">{}{}</span>', css, icon(sign) if sign else "", name
    ) if name else ""  # fmt: skip


def _meta(sign: str, text: object) -> SafeString | str:
    return format_html("<li>{}{}</li>", icon(sign), text) if text else ""


def _visa(
    verdicts: Iterable[Mapping[str, Any]] | None, pathway: object
) -> SafeString | str:
    badges = format_html_join(
        "", "<li>{}</li>",
        ((verdict_badge(each["state"], each["name"]),) for each in verdicts or ()),
    )  # fmt: skip
    if not badges and not pathway:
        return ""
    return format_html(
        '<div class="match__visa">{}{}</div>',
        format_html('<ul class="row" role="list">{}</ul>', badges) if badges else "",
        format_html("<p>{}</p>", codes(pathway)) if pathway else "",
    )


def _why(title: SafeString, reasons: Any, gaps: Any) -> SafeString | str:
    if not reasons and not gaps:
        return ""
    told = (
        format_html('<div class="stack-2">{}</div>', format_html(
            '<p class="kicker">{}</p>{}', name, points(items, gap)
        ) if items else "")
        for name, items, gap in ((_("What fits"), reasons, ""),
                                 (_("What would raise this match"), gaps, "1"))
    )  # fmt: skip
    return format_html(
        '<details class="more"><summary>{}<span class="visually-hidden">: {}</span></summary>'
        '<div class="more__body match__lists">{}{}</div></details>',
        _("Why, and what would raise it"), title, *told,
    )  # fmt: skip


@register.simple_tag
def options(choices: Iterable[tuple[object, object]]) -> SafeString:
    """What a select offers."""
    return format_html_join("", '<option value="{}">{}</option>', choices)
