"""A file that cannot be read is told apart on the page, in the reader's language, with a next step.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from corridor.candidates.models import Candidate, CvReading
from tests.candidates.test_cv_reading import package
from tests.matching import people
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "cv"


def pdf(change: Callable[[pypdf.PdfWriter], object], pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    page = pypdf.PdfReader(SAMPLES / "e02.pdf").pages[0]
    for _number in range(pages):
        writer.add_page(page)
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def scan() -> bytes:
    writer, made = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def locked_hwp() -> bytes:
    raw = bytearray((SAMPLES / "k01.hwp").read_bytes())
    for found in re.finditer(rb"HWP Document File\0", bytes(raw)):
        raw[found.start() + 36] |= 0x2
    return bytes(raw)


def old_word() -> bytes:
    raw = (SAMPLES / "k01.hwp").read_bytes()
    name = "WordDocument".encode("utf-16-le")
    return raw.replace("FileHeader".encode("utf-16-le"), name[:20]) + name


REFUSED: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "empty": ("cv.pdf", lambda: b"", "The file is empty. Please save", "이력서를 다시 저장"),
    "locked PDF": ("cv.pdf", lambda: pdf(lambda w: w.encrypt("secret", algorithm="AES-256")),
                   "save it without a lock", "잠금을 풀어"),
    "locked HWP": ("cv.hwp", locked_hwp, "save it without a lock", "잠금을 풀어"),
    "scan": ("cv.pdf", scan, "choose the file that you wrote", "원본 파일을 고르거나"),
    "long": ("cv.pdf", lambda: pdf(lambda _w: None, 200), "choose a shorter one", "짧은"),
    "bomb": ("cv.docx", lambda: package({"word/document.xml": b"<x>" + b" " * 60_000_000}),
             "choose a shorter one", "짧은"),
    "HWP 3": ("cv.hwp", lambda: b"HWP Document File V3.00 \x1a" + b"\0" * 900,
              "save it as .hwp or .hwpx", ".hwp나 .hwpx로 다시 저장"),
    "old Word": ("cv.doc", old_word, "save it as .docx or PDF", ".docx나 PDF로 다시 저장"),
    "photo": ("cv.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 900,
              "choose the file that you wrote", "원본 파일을 고르거나"),
    "another kind": ("cv.pdf", lambda: package({"xl/workbook.xml": b"<x/>"}),
                     "save your CV as one of these", "저장"),
    "broken": ("cv.docx", lambda: (SAMPLES / "k03.docx").read_bytes()[:9000],
               "save it anew and choose it again", "다시 저장"),
}  # fmt: skip


@pytest.fixture
def me(settings, tmp_path) -> Candidate:
    settings.MEDIA_ROOT = tmp_path
    return people.candidate()


def told(me: Candidate, name: str, content: bytes, language: str) -> str:
    with translation.override(language):
        address = reverse("candidate:cv")
    page = client_of(me.user).post(address, {"file": SimpleUploadedFile(name, content)})
    assert page.status_code == 200
    assert not CvReading.objects.exists()
    (said,) = page.context["form"].errors["file"]
    assert said in page.content.decode()
    return said


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_told_with_what_to_do_next_in_both_languages(me, kind):
    name, made, english, korean = REFUSED[kind]
    content = made()
    assert english in told(me, name, content, "en")
    assert korean in told(me, name, content, "ko")


@pytest.mark.parametrize("name", ["cv.pdf", "cv.txt"])
def test_a_wrong_ending_of_the_name_does_not_matter(me, name):
    content = (SAMPLES / "k03.docx").read_bytes()
    client_of(me.user).post(reverse("candidate:cv"), {"file": SimpleUploadedFile(name, content)})
    assert CvReading.objects.exists()


def test_macros_are_left_closed_and_the_text_is_read(me):
    with zipfile.ZipFile(SAMPLES / "k03.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = package({**parts, "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"x" * 900})
    upload = SimpleUploadedFile("cv.docm", content)
    client_of(me.user).post(reverse("candidate:cv"), {"file": upload})
    assert "박지우" in CvReading.objects.get().told
