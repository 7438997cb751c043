from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from django import template
from django.utils import formats
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from corridor import rules
from corridor.applications import zones
from corridor.common.language import language_code
from corridor.programs.bilingual import in_readers_language

register = template.Library()

# Visa classes and form numbers: B-1, H-1B1, EB-2, DS-2019, I-901. Korean particles may follow
# directly, so the ends are told by Latin letters and digits and not by \b.
_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?:[A-Z]{1,2}-\d[A-Z]?\d?|DS-\d{3,4}|I-\d{2,3}[A-Z]?)(?![A-Za-z0-9-])"
)


@register.filter
def codes(text: object) -> SafeString:
    """The text, escaped, with its visa classes and form numbers kept on one line.

    Browsers break after a hyphen even where words are kept whole.
    """
    escaped = conditional_escape(text)
    return mark_safe(_CODE.sub(r'<span class="nowrap">\g<0></span>', escaped))  # noqa: S308


_ISO_DAY = re.compile(r"(?<![\d-])20\d\d-\d\d-\d\d(?![\d-])")
_KOREAN = re.compile(r"[가-힣](?:[가-힣 ·]*[가-힣])?")
_ENGLISH = re.compile(r"[A-Za-z][a-z]{2,}")


@register.filter
def cited(citation: object) -> SafeString:
    """A citation in the reader's words and days; what is in the other language says so."""
    return spoken(cited_plain(citation))


@register.filter
def spoken(text: object) -> SafeString:
    """What somebody wrote, escaped: words of the other language say so, line by line."""
    return spoken_in(text, language_code())


def spoken_in(text: object, language: str) -> SafeString:
    """The same for a reader of that language."""
    if hasattr(text, "__html__"):
        return codes(text)
    return SafeString("\n".join([_spoken(line, language) for line in str(text).split("\n")]))


@lru_cache(maxsize=20_000)  # titles, hosts and reasons come again on every list
def _spoken(line: str, language: str) -> str:
    escaped = codes(line)
    if language != "ko":
        return _KOREAN.sub(r'<span lang="ko">\g<0></span>', escaped)
    if _is_english(line):
        return f'<span lang="en">{escaped}</span>'
    return escaped


@register.filter
def cited_plain(citation: object) -> str:
    """The same without markup, for mails and text files."""
    said = rules.cited(str(citation), language_code())
    with override("en" if _is_english(said) else get_language()):
        return _ISO_DAY.sub(lambda found: day(found[0]), said)


def _is_english(said: str) -> bool:
    """Words and no Hangul: a title, which keeps its own language and its days."""
    return bool(_ENGLISH.search(said)) and not _KOREAN.search(said)


@register.filter
def dollars(amount: int) -> str:
    """A large sum as people say it: “14억 달러”, “2억 3,870만 달러”; “$1.4 billion”.

    In Korean whole units of ten thousand; a sum under a million is written out in both languages.
    """
    if language_code() == "ko":
        if amount < 1_000_000:
            return f"{amount:,}달러"
        eok, man = divmod(round(amount / 10_000), 10_000)
        parts = ([f"{eok:,}억"] if eok else []) + ([f"{man:,}만"] if man else [])
        return f"{' '.join(parts)} 달러"
    for size, word in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if amount >= size:
            return f"${amount / size:,.2f}".rstrip("0").rstrip(".") + f" {word}"
    return f"${amount:,}"


@register.filter
def ours(text: str) -> str:
    """Of a field written in two languages (“진동 시험 / vibration testing”) the reader's half."""
    return in_readers_language(text)


@register.filter
def clock(zone: str) -> str:
    """The time zone as people call it, for its name in the database: “미국 동부 시간”."""
    return zones.called(zone)


@register.filter
def day(written: str) -> str:
    """An ISO day (“2026-11-27”) as people write it."""
    return formats.date_format(date.fromisoformat(written), "DATE_FORMAT")
