"""What the field component needs and a plain template cannot do."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def described_widget(field: BoundField, why: str = "", example: str = "") -> SafeString:
    """The field's widget, described by the lines that stand around it (why, help, example, error).

    A group of choices is described by its fieldset, so only the invalid mark is added there.
    """
    attrs: dict[str, str] = {}
    if not field.use_fieldset:
        lines = [f"{field.auto_id}_why"] if why else []
        lines += [field.aria_describedby] if field.aria_describedby else []
        lines += [f"{field.auto_id}_example"] if example else []
        if lines:
            attrs["aria-describedby"] = " ".join(lines)
    return field.as_widget(attrs=attrs)
