"""Who signs by typing a name types their own; what was typed stays on the page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from corridor.applications.countersigned import queries
from corridor.applications.models import CANDIDATE, HOST, PaperSignature
from tests.applications import paperwork
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db


def posted(language, user, name, address, *arguments):
    with translation.override(language):
        url = reverse(f"papers:{name}", args=arguments)
    return client_of(user).post(url, address)


def test_another_name_signs_nothing_and_the_page_says_which_is_expected():
    application, owner = paperwork.accepted()
    paper = paperwork.written(application, owner)
    slug = application.program.organization.slug
    told = {"read": queries.digest(paper), "name": "Somebody Else", "office": "Plant manager",
            "agrees": "on"}  # fmt: skip
    page = posted("en", owner, "act", told, slug, paper.pk, "sign")
    assert page.status_code == 422 and not PaperSignature.objects.exists()
    assert f"Your account has the name {owner.name}" in page.text
    assert 'value="Somebody Else"' in page.text and 'value="Plant manager"' in page.text
    korean = posted("ko", owner, "act", told, slug, paper.pk, "sign").text
    assert f"계정에 등록된 이름은 {owner.name}입니다" in korean


def test_a_student_signs_with_the_korean_name_or_the_one_in_the_passport():
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    student = application.candidate.user
    student.name_roman = "Gyeonbon Kim"
    student.save()
    told = {"read": queries.digest(paper), "name": "Lee Gyeonbon", "agrees": "on"}
    page = posted("en", student, "mine_act", told, paper.pk, "sign")
    assert "김견본 · Gyeonbon Kim" in page.text and "your profile" in page.text
    assert posted("en", student, "mine_act", {**told, "name": "KIM Gyeon-Bon"}, paper.pk,
                  "sign").status_code == 302  # fmt: skip
    assert PaperSignature.objects.get(side=CANDIDATE).name == "KIM Gyeon-Bon"
