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

A page that saves only a part of its row, and perhaps saves itself while one types (a posting's
sections, a profile's), is a `Part`: what others do to the other parts is no conflict. There the
words themselves are compared, with the row locked, instead of a version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest, QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from corridor.common.models import AuditEntry
from corridor.common.versions import Outdated
from corridor.web import autosaving, present

_SALT = "corridor.together"
OPENED = "opened"  # the hidden field of a page
ROWS = "rows"  # the name of a part's rows among its values
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
    """`own`: it was the reader, in another window."""

    who: str
    when: str
    rows: tuple[Changed, ...]
    own: bool = False


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
            rows.append(_compared(self[name], before, value, data))
        data[self.add_prefix("opened")] = self._token(row)
        again = self._again(data, row)
        again.conflict = Conflict(*self._author(row)[:2], tuple(rows))
        return again

    def _author(self, row: models.Model) -> tuple[str, str, int | None]:
        """Who wrote the row last; of a row whose writes are recorded elsewhere, override."""
        return author(row)

    def _again(self, data: Any, row: models.Model) -> Together:
        """This form once more over other data; of a form that needs more arguments, override."""
        return type(self)(data, instance=row)

    def _token(self, row: models.Model) -> str:
        if row.pk is None:
            return ""
        read = {"version": row.version, "values": self.values_of(row)}
        return signing.dumps(read, salt=_SALT, compress=True)


@dataclass
class Part:
    """A part of a row that has a page of its own: a form, rows that are replaced whole, or both.

    `build(row, data)` makes both over the row, bound to `data` unless that is None; `fields`: the
    names under which the part's writes stand in the row's audit rows. The page carries `opened`.
    `adopt` and `left` are for a page that saves itself (web.autosaving): what it kept last is not
    somebody else's change.
    """

    name: str
    row: models.Model
    data: QueryDict | None
    build: Callable[[Any, QueryDict | None], tuple[Any, Any]]
    fields: Collection[str] = ()
    conflict: Conflict | None = None

    def __post_init__(self) -> None:
        self.form, self.rows = self.build(self.row, self.data)

    def values_of(self, row: models.Model) -> Values:
        """What stands in the row's part, as JSON would give it back."""
        form, rows = self.build(row, None)
        found = {name: form[name].initial for name in form.fields} if form is not None else {}
        if rows is not None:
            found[ROWS] = rows.initial or []
        made: Values = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
        return made

    def carried(self, request: HttpRequest, stored: models.Model) -> str:
        """What the page's `opened` holds: as it was opened, until it has shown a conflict."""
        read = request.POST.get(OPENED, "")
        return read if read and self.conflict is None else self.opened(stored)

    def opened(self, row: models.Model) -> str:
        return signing.dumps({"values": self.values_of(row)}, salt=_SALT, compress=True)

    @property
    def place(self) -> str:
        return f"{self.row._meta.label_lower}-{self.row.pk}-{self.name}"

    def check(self, request: HttpRequest, locked: models.Model) -> None:
        """Raises `Outdated` where others changed the part after this page was opened. `locked`:
        the row, read under its lock. A page that carries nothing is not compared."""
        token = request.POST.get(OPENED, "")
        if not token:
            return
        now, read = self.values_of(locked), _unsigned(token).get("values")
        same = read is not None and all(read[name] == now[name] for name in read.keys() & now)
        if not same and _digest(now) != autosaving.last(request, self.place):
            raise Outdated

    def keep(self, request: HttpRequest, row: models.Model) -> None:
        """The page saved itself, and `row` is what it left. Call in the save's transaction."""
        autosaving.remember(request, self.place, _digest(self.values_of(row)))

    def met(self, request: HttpRequest, row: models.Model) -> None:
        """Shows the part again, over `row` as it stands now, with what the other changed."""
        now = self.values_of(row)
        base = _unsigned(request.POST.get(OPENED, "")).get("values", now)
        data = request.POST.copy()
        changed = []
        for name, value in now.items():
            before = base.get(name, value)  # what was no question then is none now
            if value == before:
                continue
            if name == ROWS:
                changed.append(self._compared_rows(before, value, data))
            elif name in self.form.fields:
                changed.append(_compared(self.form[name], before, value, data))
        self.row, self.data = row, data
        self.form, self.rows = self.build(row, data)
        for each in (self.form, self.rows):
            if each is not None:
                each.is_valid()
        who, when, actor = author(row, self.fields)
        self.conflict = Conflict(who, when, tuple(changed), own=actor == request.user.pk)

    def _compared_rows(self, before: list[Values], now: list[Values], data: QueryDict) -> Changed:
        fields = {
            name: field for name, field in self.rows.empty_form.fields.items() if name != "DELETE"
        }
        typed = [
            {name: each[name].data for name in fields} for each in self.rows.forms
            if each.has_changed() and not (self.rows.can_delete and each["DELETE"].data)
        ]  # fmt: skip
        plain = [
            [[_plain(field, row.get(name)) for name, field in fields.items()] for row in rows]
            for rows in (before, now, typed)
        ]
        mine = plain[2] not in plain[:2]
        if not mine:
            _put_rows(data, self.rows, now)
        return Changed(
            _("The list"), _lines(fields, before), _lines(fields, now),
            _lines(fields, typed) if mine else "", mine,
        )  # fmt: skip


def _unsigned(token: str) -> Values:
    try:
        read: Values = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return {}
    return read


def _digest(values: Values) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _compared(bound: forms.BoundField, before: Any, now: Any, data: QueryDict) -> Changed:
    """One field that the other changed. Where it was left alone here, `data` takes their words."""
    field, typed = bound.field, bound.data
    mine = _plain(field, typed) not in (_plain(field, before), _plain(field, now))
    if not mine:
        _put(data, bound.html_name, now)
    return Changed(
        str(bound.label), _said(field, before), _said(field, now),
        _said(field, typed) if mine else "", mine,
    )  # fmt: skip


def _lines(fields: dict[str, forms.Field], rows: list[Values]) -> str:
    """Rows as one reads them, a line each."""
    lines = []
    for number, row in enumerate(rows, 1):
        said = []
        for name, field in fields.items():
            words = _said(field, row.get(name))
            if isinstance(field, forms.BooleanField):
                words = f"{field.label}: {words}" if _plain(field, row.get(name)) else ""
            said.append(words)
        lines.append(f"{number}. {', '.join(filter(None, said))}")
    return "\n".join(lines)


def _put_rows(data: QueryDict, rows: Any, now: list[Values]) -> None:
    for name in [name for name in data if name.startswith(f"{rows.prefix}-")]:
        del data[name]
    for counted in ("INITIAL", "TOTAL"):
        data[f"{rows.prefix}-{counted}_FORMS"] = str(len(now))
    for number, row in enumerate(now):
        for name, value in row.items():
            if value not in (None, False):
                data[f"{rows.prefix}-{number}-{name}"] = str(value)


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


def author(
    subject: models.Model, fields: Collection[str] = (), **values: Any
) -> tuple[str, str, int | None]:
    """Who wrote the row last, when, and their id, by its audit rows: with `fields`, among the
    writes that named one; with `values`, among those that recorded them."""
    entries = (
        AuditEntry.objects.filter(
            subject_type=subject._meta.label, subject_id=str(subject.pk), values__contains=values
        )
        .select_related("actor").order_by("-at", "-pk")[:40]
    )  # fmt: skip
    named = (
        each for each in entries if not fields or set(fields) & set(each.values.get("fields", ()))
    )
    entry = next(named, None)
    if entry is None:
        return "", "", None
    name = entry.actor.name or entry.actor.email if entry.actor else ""
    return name, present.moment(entry.at), entry.actor_id
