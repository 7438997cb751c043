"""Documents are known by their bytes, kept under a random name, and belong to one person."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from corridor.candidates import documents
from corridor.candidates.models import Candidate, Document
from tests.matching import people
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def me(settings, tmp_path) -> Candidate:
    settings.MEDIA_ROOT = tmp_path
    return people.candidate()


def package(*names: str, content: bytes = b"<x/>") -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


def keep(me: Candidate, content: bytes, name: str = "이력서.pdf") -> Document:
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    return documents.add_document(me, by=me.user, kind="cv", upload=upload)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (OLE + b"\0" * 600 + b"HWP Document File V5.00", "application/x-hwp"),
        (OLE + b"\0" * 300_000 + b"HWP Document File V5.00", "application/x-hwp"),
        (package("mimetype", "Contents/content.hpf"), "application/hwp+zip"),
        (package("[Content_Types].xml", "word/document.xml"),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)  # fmt: skip
def test_what_people_send_is_recognised_by_its_bytes(content, media_type):
    assert documents.media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 this program cannot be run in DOS mode",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        OLE + b"\0" * 600 + b"Microsoft Excel",
        b"PK\x03\x04" + b"\xff" * 200,
        package("xl/workbook.xml"),
        package("word/document.xml")[:-30],
    ],
)
def test_anything_else_is_refused_whatever_its_name_says(me, content):
    with pytest.raises(ValidationError):
        keep(me, content, "cv.pdf")
    assert not Document.objects.exists()


def test_a_zip_that_would_unpack_to_gigabytes_is_never_unpacked(me, monkeypatch):
    bomb = package("word/document.xml", content=b"\0" * 30_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # reading any member would fail loudly
    assert documents.media_type_of(bomb).endswith("wordprocessingml.document")


def test_a_file_of_more_than_ten_megabytes_is_refused_before_it_is_read(me):
    class Large:
        name, size = "cv.pdf", documents.MAX_BYTES + 1

        def read(self) -> bytes:
            raise AssertionError("read")

    with pytest.raises(ValidationError, match="10"):
        documents.add_document(me, by=me.user, kind="cv", upload=Large())


def test_the_thirty_first_document_is_refused(me):
    Document.objects.bulk_create(
        Document(candidate=me, kind="cv", name="a.pdf", file="a", media_type="application/pdf",
                 size=1, sha256="0" * 64)
        for _n in range(documents.MAX_DOCUMENTS)
    )  # fmt: skip
    with pytest.raises(ValidationError, match="30"):
        keep(me, PDF)


def test_the_name_on_the_disk_tells_nothing(me, tmp_path):
    kept = keep(me, PDF, "김견본_이력서.pdf")
    (stored,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert "김견본" not in str(stored) and stored.suffix == ""
    assert kept.name == "김견본_이력서.pdf"
    assert stored.stat().st_mode & 0o077 == 0, "only the server's own user reads it"


def test_a_download_is_a_file_and_never_a_page(me):
    kept = keep(me, PDF + b"<script>alert(1)</script>", "cv.html")
    answer = client_of(me.user).get(f"/ko/me/documents/{kept.pk}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_anothers_document_is_not_there(me):
    kept = keep(me, PDF)
    other = client_of(people.candidate("lee@example.org").user)
    assert other.get(f"/ko/me/documents/{kept.pk}/").status_code == 404
    assert other.post(f"/ko/me/documents/{kept.pk}/").status_code == 404
    assert Document.objects.filter(pk=kept.pk).exists()
    with pytest.raises(PermissionDenied):
        documents.delete_document(kept, by=people.candidate("park@example.org").user)


def test_a_file_that_is_missing_on_the_disk_is_not_there(me, tmp_path):
    kept = keep(me, PDF)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.unlink()
    assert client_of(me.user).get(f"/ko/me/documents/{kept.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_deleting_takes_the_row_and_the_file(me, tmp_path):
    kept = keep(me, PDF)
    assert client_of(me.user).post(f"/ko/me/documents/{kept.pk}/").status_code == 302
    assert not Document.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_refused_upload_says_why_on_its_page(me):
    upload = SimpleUploadedFile("cv.pdf", b"MZ\x90\x00", content_type="application/pdf")
    answer = client_of(me.user).post("/en/me/documents/", {"kind": "cv", "file": upload})
    assert answer.status_code == 200
    assert "Please choose a PDF, DOCX, HWP, HWPX, PNG or JPEG." in answer.content.decode()
