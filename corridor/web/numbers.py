"""A number in a form as people write it: 520 and 5400000, not 520.0 and 5400000.00."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms


class PlainNumber(forms.NumberInput):
    def format_value(self, value: Any) -> str | None:
        written = super().format_value(value)
        if written is None:
            return None
        try:
            number = Decimal(written)
        except InvalidOperation:  # what somebody typed comes back as it was
            return written
        return f"{number:f}".removesuffix("." + "0" * -int(number.as_tuple().exponent))
