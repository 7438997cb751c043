"""Forms that two people may have open at once: the second to save is told what the first changed,
and keeps what they typed.

Use it on any ModelForm of a `common.versions.Versioned` row:

    class AgreementForm(Together, forms.ModelForm): ...
    form = AgreementForm(request.POST or None, instance=row)
    if form.is_valid():
        try:
            services.save_agreement(row, by=…, version=form.read_version, **form.cleaned_data)
        except versions.Outdated:
            form = form.met(Agreement.objects.get(pk=row.pk))     # a form to show again
    {{ form.opened }} in the form, {% include "parts/_together.html" %} above it.

The form carries, signed, the version that was opened and what stood in its fields then. After a
conflict the fields that this person left alone show what the other wrote; those that both changed
keep what was typed here, with the other's words beside them. Saving again is then a choice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict
from django.utils import formats
from django.utils.translation import gettext as _

from corridor.common.models import AuditEntry
from corridor.web import present

_SALT = "corridor.together"
Values = dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """One field that the other person changed. `mine`: what was typed here, where both did."""

    label: str
    before: str
    now: str
    mine: str
    both: bool


@dataclass(frozen=True)
class Conflict:
    who: str
    when: str
    rows: tuple[Changed, ...]


class Together(forms.Form):
    """See the module. `watched`: fields of the row, not in the form, whose change is told."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    watched: tuple[str, ...] = ()
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read before validation writes what was typed into the instance.
        self._stands = self.values_of(self.instance)
        self.fields["opened"].initial = self._token(self.instance)
        self._read = _unsigned(self.data.get(self.add_prefix("opened"), "")) if self.data else {}

    @property
    def read_version(self) -> int | None:
        """The version that was opened; None where the form carries none (nothing is compared)."""
        if self.instance.pk is None or not self.data.get(self.add_prefix("opened")):
            return None
        return int(self._read.get("version", 0))

    def values_of(self, row: models.Model) -> Values:
        """What stands in the row, as JSON would give it back."""
        names = [name for name in self._meta.fields if name in self.fields]
        found = model_to_dict(row, fields=names)
        found |= {name: getattr(row, name) for name in self.watched}
        made: Values = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
        return made

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned.pop("opened", None)
        return cleaned

    def met(self, row: models.Model) -> Together:
        """The form to show again, over `row` as it stands now, with what the other changed."""
        base, now = self._read.get("values", {}), self.values_of(row)
        data = self.data.copy()
        rows = []
        for name, value in now.items():
            before = base.get(name, self._stands.get(name))
            if value == before:
                continue
            if name in self.watched:
                field = type(row)._meta.get_field(name)
                rows.append(Changed(
                    str(field.verbose_name), _chosen(field, before), _chosen(field, value), "",
                    False,
                ))  # fmt: skip
                continue
            field, typed = self.fields[name], self[name].data
            mine = _plain(field, typed) not in (_plain(field, before), _plain(field, value))
            if not mine:
                _put(data, self.add_prefix(name), value)
            rows.append(Changed(
                str(self[name].label), _said(field, before), _said(field, value),
                _said(field, typed) if mine else "", mine,
            ))  # fmt: skip
        data[self.add_prefix("opened")] = self._token(row)
        again = self._again(data, row)
        again.conflict = Conflict(*_last(row), tuple(rows))
        return again

    def _again(self, data: Any, row: models.Model) -> Together:
        """This form once more over other data; of a form that needs more arguments, override."""
        return type(self)(data, instance=row)

    def _token(self, row: models.Model) -> str:
        if row.pk is None:
            return ""
        read = {"version": row.version, "values": self.values_of(row)}
        return signing.dumps(read, salt=_SALT, compress=True)


def _unsigned(token: str) -> Values:
    try:
        read: Values = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return {}
    return read


def _put(data: Any, name: str, value: Any) -> None:
    if isinstance(value, list):
        data.setlist(name, [str(each) for each in value])
    elif value is None or value is False:
        data[name] = ""
    else:
        data[name] = str(value)


def _plain(field: forms.Field, value: Any) -> Any:
    """A value to compare: as the field understands it, however a browser or JSON writes it."""
    if isinstance(value, list):
        return sorted(str(each) for each in value)
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, forms.ModelChoiceField):
        return str(value or "")
    try:
        value = field.to_python(value)
    except forms.ValidationError:
        return str(value)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value or ""


def _chosen(field: Any, value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value))


def _said(field: forms.Field, value: Any) -> str:
    """A field's value as one reads it."""
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=value).first() if value else None
        return str(field.label_from_instance(found)) if found else ""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if field.to_python(value) else _("No")
    if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
        names = {str(key): str(label) for key, label in field.choices}
        given = value if isinstance(value, list) else [value] if value else []
        return ", ".join(names.get(str(each), str(each)) for each in given)
    if isinstance(field, forms.DateField) and value:
        try:
            return formats.date_format(field.to_python(value), "DATE_FORMAT")
        except forms.ValidationError:
            return str(value)
    return "" if value is None else str(value)


def _last(row: models.Model) -> tuple[str, str]:
    """Who wrote the row last, and when; by its audit rows."""
    entry = (
        AuditEntry.objects.filter(subject_type=row._meta.label, subject_id=str(row.pk))
        .select_related("actor").order_by("-at", "-pk").first()
    )  # fmt: skip
    if entry is None:
        return "", ""
    return (entry.actor.name if entry.actor else ""), present.moment(entry.at)
