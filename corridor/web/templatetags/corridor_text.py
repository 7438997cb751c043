from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

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
