"""The PDF of a paper: read back in both languages, marked as a draft, the same bytes each time."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from pypdf import PdfReader

from corridor.applications.countersigned import printing, queries, signing, writing
from corridor.applications.models import CANDIDATE, HOST, THIRD
from tests.applications import paperwork

pytestmark = pytest.mark.django_db


def read(paper, language: str, side: str = HOST) -> tuple[PdfReader, str]:
    with translation.override(language):
        reader = PdfReader(BytesIO(printing.pdf(paper, side=side)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return reader, re.sub(r"\s+", " ", text)


@pytest.fixture
def plan():
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST, "Alex Moore")
    return paperwork.signed(paper, application.candidate.user, CANDIDATE, "김견본")


@pytest.mark.parametrize(("language", "told"), [
    ("en", ["draft, not Form DS-7002", "not a government form", "not legal advice",
            "Phase A", "Phase B", "Hours a week 40", "Signed on Corridor", "Not signed yet",
            "Version 1", "Page 1 of", "Sponsor: Paper Exchange, Inc."]),
    ("ko", ["초안이며 DS-7002 양식이 아닙니다", "정부 양식이 아니며", "법률 자문이 아닙니다",
            "Phase A", "주당 근무 시간 40", "코리도에서 이름을 적어 서명", "아직 서명 전", "제1판",
            "쪽", "스폰서: Paper Exchange, Inc."]),
])  # fmt: skip
def test_a_plan_is_read_back_with_korean_names_in_either_language(plan, language, told):
    reader, text = read(plan, language)

    for each in [*told, "김견본", "Gyeonbon Kim", "Alex Moore", queries.digest(plan)[:16]]:
        assert each in text, each
    assert queries.digest(plan) == reader.metadata["/Keywords"]
    assert f"{len(reader.pages)}" in text


def test_it_is_tagged_titled_and_tells_its_language_and_fonts(plan):
    for language in ("ko", "en"):
        reader, _text = read(plan, language)
        root = reader.trailer["/Root"]
        assert root["/Lang"].startswith(language)
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
        assert ("DS-7002" in reader.metadata.title) or reader.metadata.title
        fonts = {
            str(font.get_object()["/BaseFont"])
            for page in reader.pages for font in page["/Resources"]["/Font"].values()
        }  # fmt: skip
        assert fonts and all("Pretendard" in name for name in fonts)


def test_the_same_words_give_the_same_bytes_and_other_words_do_not(plan):
    with translation.override("ko"):
        first, second = printing.pdf(plan, side=HOST), printing.pdf(plan, side=HOST)
        assert first == second
        owner = plan.application.program.organization.memberships.get().user
        changed = writing.save(plan, by=owner, side=HOST, revision=None, values={"city": "Zeeland"})
        assert printing.pdf(paperwork.again(changed), side=HOST) != first


def test_what_people_write_is_never_read_as_markup_and_any_sign_is_printed(plan):
    owner = plan.application.program.organization.memberships.get().user
    written = writing.save(plan, by=owner, side=HOST, revision=None, values={
        "culture": '#read("/etc/passwd") *bold* $x$ \\ 漢字 😀 <b>',
    })  # fmt: skip

    _reader, text = read(paperwork.again(written), "en")

    assert '#read("/etc/passwd") *bold* $x$ \\' in text


def test_a_signature_on_paper_is_marked_as_one(plan, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    owner = plan.application.program.organization.memberships.get().user
    signing.record_on_paper(
        plan, by=owner, side=THIRD, name="Pat Doe", office="Responsible Officer", statement="-",
        signed_on=timezone.localdate(), read=queries.digest(plan),
        upload=SimpleUploadedFile("signed.pdf", b"%PDF-1.7"),
    )  # fmt: skip

    _reader, text = read(paperwork.again(plan), "en")

    assert "Signed on paper" in text and "Corridor has not checked it" in text
    words = " ".join(text.split())
    assert "Recorded by the host, not confirmed by the sponsor on Corridor" in words
