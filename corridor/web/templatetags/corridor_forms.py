"""What the field component needs and a plain template cannot do."""

from django import template
from django.forms import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def described_widget(field: BoundField, why: str = "", example: str = "") -> SafeString:
    """The field's widget, described by the lines that stand around it (why, help, example, error).

    A group of choices is described by its fieldset, so only the invalid mark is added there. An
    empty choice says what it means; Django writes dashes.
    """
    attrs: dict[str, str] = {}
    if not field.use_fieldset:
        lines = [f"{field.auto_id}_why"] if why else []
        lines += [field.aria_describedby] if field.aria_describedby else []
        lines += [f"{field.auto_id}_example"] if example else []
        if lines:
            attrs["aria-describedby"] = " ".join(lines)
    widget = field.as_widget(attrs=attrs)
    if ">---------<" not in widget:
        return widget
    empty = _("Please choose") if field.field.required else _("Not chosen")
    return mark_safe(widget.replace(">---------<", f">{conditional_escape(empty)}<", 1))  # noqa: S308
