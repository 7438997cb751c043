"""The small pieces that stand dozens of times in a list of cards, each written once here.

The components of the same names (templates/cotton/) are made of these tags. A list calls the tags
themselves: a page of ten matches would else resolve a hundred components, a third of its time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from corridor.common.language import language_code
from corridor.matching.scoring import WEIGHTS
from corridor.web import addresses
from corridor.web.templatetags.corridor_text import codes, spoken, spoken_in

register = template.Library()
_SPRITE = "img/icons.svg"
_PLAIN = re.compile(r"[a-z]+[ ,;:-]")
# What the weightiest part can add to the shown number, which is at most a ninth above the sum of
# the parts.
MOST_POINTS = math.ceil(112 * max(WEIGHTS.values()))
_safe = SafeString  # of markup written here, its values escaped by `_text` or `codes`


@cache
def _sprite() -> str:
    return static(_SPRITE)


def _text(value: object) -> str:
    """Escaped once. (`format_html` does it at five times the cost, and a card has fifty words.)"""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _begun(text: str) -> str:
    """With a capital where a plain word begins it; “pH” and “iOS” stay as they are written."""
    return text[:1].upper() + text[1:] if _PLAIN.match(text) else text


@register.simple_tag
def points(items: Iterable[Any], gap: object = "") -> SafeString:
    """A list of what fits, or (`gap`) of what is missing; nothing for an empty one."""
    sign, language = icon("minus" if gap else "check"), language_code()
    rows = "".join(
        [f"<li>{sign}<span>{_begun(spoken_in(item, language))}</span></li>" for item in items]
    )
    css = " points--gap" if gap else ""
    return _safe(f'<ul class="points{css}">{rows}</ul>' if rows else "")


@register.simple_tag
def score_parts(parts: Iterable[Mapping[str, Any]]) -> SafeString:
    """Each part of a score as a number and a bar: {label, value}, points of 100 that it adds. All
    bars have one measure, and the longest that any part can get is nearly the whole track."""
    rows = []
    for part in parts:
        length = min(100, round(100 * part["value"] / MOST_POINTS))
        rows.append(
            f'<li><span>{_text(part["label"])}</span><svg class="bar" aria-hidden="true" '
            'focusable="false" viewBox="0 0 100 8" preserveAspectRatio="none"><rect '
            'class="bar__track" width="100" height="8" rx="1"></rect><rect class="bar__fill" '
            f'width="{length}" height="8" rx="1"></rect></svg>'
            f'<span class="num">{_text(part["value"])}</span></li>'
        )
    return _safe("".join(rows))


@register.simple_tag
def verdict_word(state: str) -> str:
    return {
        "eligible": pgettext("verdict", "Works"),
        "conditional": pgettext("verdict", "Works if…"),
        "not_eligible": pgettext("verdict", "Does not work"),
    }.get(state) or pgettext("verdict", "Not known yet")


@register.simple_tag
def verdict_badge(
    state: str, name: str = "", css: str = "", attrs: object = "", said: str = ""
) -> SafeString:
    """`said`: the words to stand for the state's own, as where a refusal is recorded."""
    word = _text(said or verdict_word(state))
    if name:
        css_word = "verdict-badge__word" + (" verdict-badge__word--long" if said else "")
        word = f'{codes(name)} <span class="{css_word}">{word}</span>'
    state = _text(state)
    return _safe(
        f'<span class="verdict-badge verdict-badge--{state} {_text(css)}" {_text(attrs)}>'
        '<svg class="verdict__shape" aria-hidden="true" focusable="false">'
        f'<use href="{_sprite()}#verdict-{state}"></use></svg><span>{word}</span></span>'
    )


@register.simple_tag
def sample() -> SafeString:
    """The mark of what was made up for the demo."""
    title = _text(_("Made up to show how Corridor works"))
    return _safe(f'<span class="sample" title="{title}">{_text(_("Sample"))}</span>')


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """A sign of the sprite; without a label it only goes along with words."""
    aria = f'role="img" aria-label="{_text(label)}"' if label else 'aria-hidden="true"'
    return _safe(
        f'<svg class="icon {_text(css)}" {aria} focusable="false">'
        f'<use href="{_sprite()}#{_text(name)}"></use></svg>'
    )


@register.simple_tag
def options(choices: Iterable[tuple[object, object]]) -> SafeString:
    """What a select offers."""
    made = [f'<option value="{_text(value)}">{_text(label)}</option>' for value, label in choices]
    return _safe("".join(made))


@register.simple_tag
def card_head(card: Mapping[str, Any] | None = None, level: object = 3, **given: Any) -> SafeString:
    """A card of a program or a match, down to what a page adds to it. `card` (or its values by
    name): as `present.program_card` and `present.match_card` make it."""
    get = (given if card is None else card).get
    title, heading = spoken(get("title")), f"h{_text(level)}"
    host, by, sentence = get("host"), get("apply_by"), get("sentence")
    return _safe("".join([
        '<div class="row">',
        _tag(get("kind"), get("kind_icon"), " tag--accent"),
        _tag(get("sector"), get("sector_icon")),
        sample() if get("sample") else "",
        f'</div><{heading} class="card__title"><a class="card__link" href="{_text(get("href"))}">'
        f'{title}</a></{heading}><ul class="meta">',
        f"<li>{spoken(host)}</li>" if host else "",
        _meta("pin", get("hub")), _meta("calendar", get("when")), _meta("money", get("pay")),
        _meta("clock", _("Apply by %(day)s") % {"day": by} if by else ""),
        "</ul>",
        f'<p class="match__sentence">{codes(sentence)}</p>' if sentence else "",
        _visa(get("verdicts"), get("pathway")),
        _why(title, get("reasons"), get("gaps")),
    ]))  # fmt: skip


@register.simple_tag
def score(value: object, parts: Iterable[Mapping[str, Any]] = ()) -> SafeString:
    """The number that is shown, with its parts behind it."""
    fit = _('Fit <span class="num">%(value)s</span> of 100') % {"value": _text(value)}
    bars = _("A bar is as long as what the part adds; the numbers add up to the fit.")
    means = _(
        "On a test set, about this many of 100 pairs with the same number were judged a good "
        "match by what their texts say. Dates, wishes and the visa route move it by our "
        "judgment. It is not the chance of being accepted."
    )
    return _safe(
        f'<details class="more score"><summary><span>{fit}</span></summary><div class="more__body '
        f'stack-2"><ul role="list" class="score__parts">{score_parts(parts)}</ul><p class="small '
        f'muted">{_text(bars)} {_text(means)}</p></div></details>'
    )


@register.simple_tag(takes_context=True)
def match_tools(context: Mapping[str, Any], match: Mapping[str, Any]) -> SafeString:
    """What can be done with one match of a list: tick it for comparing, or put it aside."""
    pk, title = match["pk"], _text(match["title"])
    of = f'<span class="visually-hidden">: {title}</span>'
    return _safe(
        '<div class="match__tools no-print"><label class="pick-compare"><input type="checkbox" '
        f'name="p" value="{pk}" form="compare"> {_text(_("Compare"))}{of}</label>\n'
        f'<details class="more"><summary>{_text(_("Not now"))}{of}</summary><form '
        f'class="aside-form" method="post" action="{addresses.of("candidate:not_now", pk)}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{context["csrf_token"]}">'
        f'<div class="field"><label class="field__label" for="why-{pk}">'
        f'{_text(_("Why not now?"))}</label><div class="field__control"><select id="why-{pk}" '
        f'name="reason">{options(context["aside_reasons"])}</select></div></div><button '
        'type="submit" class="button button--secondary button--small"><span>'
        f'{_text(_("Put it aside"))}</span></button></form></details></div>'
    )


def _tag(name: object, sign: str | None, css: str = "") -> str:
    if not name:
        return ""
    return f'<span class="tag{css}">{icon(sign) if sign else ""}{_text(name)}</span>'


def _meta(sign: str, text: object) -> str:
    return f"<li>{icon(sign)}{_text(text)}</li>" if text else ""


def _visa(verdicts: Iterable[Mapping[str, Any]] | None, pathway: object) -> str:
    badges = "".join(
        [f"<li>{verdict_badge(each['state'], each['name'])}</li>" for each in verdicts or ()]
    )
    if not badges and not pathway:
        return ""
    listed = f'<ul class="row" role="list">{badges}</ul>' if badges else ""
    said = f"<p>{codes(pathway)}</p>" if pathway else ""
    return f'<div class="match__visa">{listed}{said}</div>'


def _why(title: str, reasons: Any, gaps: Any) -> str:
    if not reasons and not gaps:
        return ""
    told = "".join([
        f'<div class="stack-2"><p class="kicker">{_text(name)}</p>{points(items, gap)}</div>'
        if items else '<div class="stack-2"></div>'
        for name, items, gap in ((_("What fits"), reasons, ""),
                                 (_("What would raise this match"), gaps, "1"))
    ])  # fmt: skip
    return (
        f'<details class="more"><summary>{_text(_("Why, and what would raise it"))}<span '
        f'class="visually-hidden">: {title}</span></summary>'
        f'<div class="more__body match__lists">{told}</div></details>'
    )
