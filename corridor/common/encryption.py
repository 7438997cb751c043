"""Fields whose values are encrypted at rest with rotatable Fernet keys.

`settings.FIELD_KEYS` lists keys, newest first: the first encrypts, every one decrypts, so a key
is rotated by putting a new one in front and re-saving rows (`manage.py rotate_field_keys`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "CORRIDOR_FIELD_KEYS holds a key that is not 32 url-safe base64 bytes. "
            "Make one with: python -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'"
        ) from error


def fernet() -> MultiFernet:
    return _fernet(tuple(settings.FIELD_KEYS))


def fields_of(model: type[models.Model]) -> list[str]:
    """Names of the model's encrypted fields."""
    return [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedText)]


def rotate(model: type[models.Model], *, batch: int) -> Iterator[int]:
    """Encrypt the model's rows anew with the first key; yields rows written, batch by batch.

    Each batch is a transaction with its rows locked, so a save beside it is neither lost nor
    overwritten, and a run that was stopped can be started again.
    """
    names = fields_of(model)
    empty = models.Q(**{f"{name}__isnull": True for name in names})
    last = 0
    while True:
        with transaction.atomic():
            rows = list(
                model._default_manager.select_for_update(no_key=True)
                .exclude(empty)
                .filter(pk__gt=last)
                .only("pk", *names)
                .order_by("pk")[:batch]
            )
            if not rows:
                return
            model._default_manager.bulk_update(rows, names)
        last = rows[-1].pk
        yield len(rows)


_hidden: ContextVar[bool] = ContextVar("hidden", default=False)


@contextmanager
def hidden() -> Iterator[None]:
    """Inside, every encrypted field that is read from the database reads as not given (None)."""
    before = _hidden.set(True)
    try:
        yield
    finally:
        _hidden.reset(before)


class EncryptedText(models.TextField):
    """A text kept encrypted. It cannot be searched, ordered or compared in the database."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or value == "":
            return value
        return fernet().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None or value == "":
            return value
        if _hidden.get():
            return None
        try:
            return self.to_python(fernet().decrypt(value.encode()).decode())
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A stored value cannot be decrypted with any key of CORRIDOR_FIELD_KEYS. "
                "Put the key it was written with back at the end of the list."
            ) from error

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull"}:
            return None
        return super().get_lookup(lookup_name)


class EncryptedDate(EncryptedText):
    """A date kept encrypted as its ISO form."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value:
            return date.fromisoformat(value)
        return value or None

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, date):
            value = value.isoformat()
        return super().get_prep_value(value or None)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms  # only forms need it

        return forms.DateField(required=not self.blank, **kwargs)
