"""A field written as “Korean / English” reads in the reader's language alone."""

from __future__ import annotations

import pytest
from django.utils import translation

from corridor.programs.bilingual import in_readers_language


@pytest.mark.parametrize(("written", "korean", "english"), [
    ("진동 시험 / vibration testing", "진동 시험", "vibration testing"),
    ("항공우주, 기계 / Aerospace, mechanical", "항공우주, 기계", "Aerospace, mechanical"),
    ("3D CAD / 3D CAD", "3D CAD", "3D CAD"),
    ("MATLAB", "MATLAB", "MATLAB"),
])  # fmt: skip
def test_a_pair_is_read_by_its_half(written, korean, english):
    with translation.override("ko"):
        assert in_readers_language(written) == korean
    with translation.override("en"):
        assert in_readers_language(written) == english


@pytest.mark.parametrize("written", [
    "용접 / CAD", "설비 보전 / 정비", "Welding / 용접 / brazing", "주간/야간 / day shift/밤",
    "시험 / 1",
])  # fmt: skip
def test_what_is_no_pair_is_shown_whole(written):
    for lang in ("ko", "en"):
        with translation.override(lang):
            assert in_readers_language(written) == written
