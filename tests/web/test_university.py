"""Agreements signed by both sides, and joint research under them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from corridor.partnerships import services
from corridor.partnerships.models import Agreement
from corridor.programs.models import Program
from tests.matching import people
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return people.host("sample-univ", kind="university", country="KR")


@pytest.fixture
def there():
    return people.host("sample-state", kind="university", country="US")


@pytest.fixture
def agreement(here, there):
    return services.save_agreement(
        None, by=member(here), organization=here, partner=there, kind="research",
        title_en="Dry electrode research",
    )  # fmt: skip


def at(name, organization, *args):
    area = "firm" if name.startswith("program") else "university"
    return f"/en{reverse(f'{area}:{name}', args=[organization.slug, *args])[3:]}"


def owner(organization):
    return organization.memberships.get(role="owner").user


SIGNED = {"sign-name": "박총장", "sign-title": "총장", "sign-day": "2026-11-02"}


def test_an_agreement_is_written_sent_and_in_force_when_both_sides_have_signed(here, there):
    mine, theirs = client_of(member(here)), client_of(member(there))
    answer = mine.post(
        at("agreement_new", here),
        {"partner": there.pk, "kind": "research", "title_ko": "공동연구 협약", "seats": "3"},
    )
    made = Agreement.objects.get()
    assert answer.url.endswith(f"/agreements/{made.pk}/")
    mine.post(at("agreement_act", here, made.pk, "send"))
    page = mine.post(at("agreement_sign", here, made.pk), {**SIGNED, "sign-day": ""})
    assert page.status_code == 200 and "박총장" in page.content.decode()
    mine.post(at("agreement_sign", here, made.pk), SIGNED)
    made.refresh_from_db()
    assert made.status == Agreement.Status.PROPOSED
    waiting = theirs.get(at("agreements", there)).context["rows"][0]
    assert waiting["my_turn"] and waiting["theirs"]
    theirs.post(at("agreement_sign", there, made.pk), {**SIGNED, "sign-name": "Ann Lee"})
    made.refresh_from_db()
    assert made.status == Agreement.Status.ACTIVE
    page = theirs.get(at("agreement", there, made.pk)).content.decode()
    assert "박총장" in page and "Ann Lee" in page and "Recorded a signature" in page


def test_what_both_have_signed_for_a_later_day_is_not_called_in_force(here, there, agreement):
    mine, theirs = client_of(owner(here)), client_of(member(there))
    later = timezone.localdate() + timedelta(days=30)
    Agreement.objects.filter(pk=agreement.pk).update(
        starts_on=later, ends_on=later + timedelta(days=60)
    )
    mine.post(at("agreement_act", here, agreement.pk, "send"))
    mine.post(at("agreement_sign", here, agreement.pk), SIGNED)
    answer = theirs.post(at("agreement_sign", there, agreement.pk), SIGNED, follow=True)
    text = answer.content.decode()
    assert "It is in force from" in text and "the agreement is in force" not in text
    assert "Signed, not yet in force" in text and "Renew in time" not in text
    assert answer.context["way"][-1]["state"] == "current"
    assert "Signed, not yet in force" in mine.get(at("agreements", here)).content.decode()


def test_a_duty_is_not_written_down_for_a_day_that_has_passed(here, agreement):
    client = client_of(owner(here))
    address = at("agreement_add", here, agreement.pk, "duties")
    typed = {"duty-side": "US", "duty-text": "Send the list", "duty-due_on": "2020-01-01"}
    page = client.post(address, typed).content.decode()
    assert "This day has passed already." in page and "Send the list" in page
    assert not agreement.duties.exists()


def test_the_list_is_filtered_by_words_kind_status_and_need(here, there, agreement):
    client = client_of(owner(here))
    listed = lambda query: len(client.get(at("agreements", here) + query).context["rows"])  # noqa: E731
    assert listed("?q=electrode&kind=research&status=draft") == 1
    assert listed("?q=nothing") == listed("?kind=mou") == listed("?status=ended") == 0
    assert listed("?now=1") == 0
    services.send(agreement, by=owner(here))
    assert listed("?now=1") == 1


def test_papers_duties_and_contacts_are_added_and_kept_between_the_parties(
    here, there, agreement, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    member(there)
    client, partner = client_of(owner(here)), client_of(owner(there))
    client.post(at("agreement_add", here, agreement.pk, "papers"),
                {"paper-kind": "annex",
                 "paper-file": SimpleUploadedFile("annex.pdf", b"%PDF-1.4 x")})  # fmt: skip
    client.post(at("agreement_add", here, agreement.pk, "duties"),
                {"duty-side": "US", "duty-text": "Insurance guide", "duty-due_on": "2027-01-05"})
    client.post(at("agreement_add", here, agreement.pk, "contacts"),
                {"contact-name": "Lim", "contact-email": "lim@example.org"})
    paper, duty = agreement.papers.get(), agreement.duties.get()
    answer = partner.get(at("agreement_paper", there, agreement.pk, paper.pk))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 x"
    assert "attachment" in answer["Content-Disposition"]
    other = people.host("another-univ", kind="university", country="KR")
    stranger = client_of(member(other))
    assert stranger.get(at("agreement_paper", other, agreement.pk, paper.pk)).status_code == 404
    partner.post(at("agreement_change", there, agreement.pk, "duties", duty.pk), {"done": "1"})
    duty.refresh_from_db()
    assert duty.done_on is not None
    assert client.post(
        at("agreement_change", here, agreement.pk, "duties", duty.pk), {"done": "0"}
    ).status_code == 403
    page = partner.get(at("agreement", there, agreement.pk)).content.decode()
    assert "lim@example.org" in page and "annex.pdf" in page
    refused = client.post(at("agreement_add", here, agreement.pk, "duties"),
                          {"duty-side": "US", "duty-text": "Kept words"})  # fmt: skip
    assert "Kept words" in refused.content.decode()


def test_only_verified_institutions_of_the_other_country_can_be_chosen(here, there):
    people.host("kr-other", country="KR")
    people.host("us-new", country="US", status="unverified")
    form = client_of(member(here)).get(at("agreement_new", here)).context["form"]
    assert list(form.fields["partner"].queryset) == [there]


def test_what_was_typed_stays_when_an_agreement_is_refused(here, agreement):
    page = client_of(owner(here)).post(
        at("agreement_edit", here, agreement.pk),
        {"kind": "research", "title_en": "Dry electrode research", "obligations": "Kept words",
         "starts_on": "2027-05-01", "ends_on": "2027-04-01"},
    ).content.decode()  # fmt: skip
    assert "The last day must not be before the first day." in page
    assert "Kept words" in page
    agreement.refresh_from_db()
    assert agreement.obligations == ""


def test_a_stranger_does_not_see_an_agreement(agreement):
    other = people.host("another-univ", kind="university", country="KR")
    assert client_of(member(other)).get(at("agreement", other, agreement.pk)).status_code == 404


def test_reviewers_read_but_do_not_sign_or_end(here, agreement):
    client = client_of(member(here, "reviewer"))
    assert client.get(at("agreement", here, agreement.pk)).status_code == 200
    for address in (at("agreement_sign", here, agreement.pk),
                    at("agreement_act", here, agreement.pk, "end")):  # fmt: skip
        assert client.post(address).status_code == 403
        assert client_of(owner(here)).get(address).status_code == 405


def test_an_agreement_asks_to_be_renewed_half_a_year_before_it_ends(here, agreement):
    row_of = lambda: client_of(owner(here)).get(at("agreements", here)).context["rows"][0]  # noqa: E731
    agreement.status = Agreement.Status.ACTIVE
    for days, renew in ((181, False), (180, True), (0, True)):
        agreement.ends_on = timezone.localdate() + timedelta(days=days)
        agreement.save()
        assert row_of()["renew"] is renew, days


def test_joint_research_is_posted_under_the_agreement_with_its_institutions(here, agreement):
    client = client_of(owner(here))
    page = client.get(at("agreement", here, agreement.pk)).content.decode()
    link = f"?kind=joint_research&amp;agreement={agreement.pk}"
    assert link in page
    client.post(
        at("program_new", here) + link.replace("&amp;", "&"),
        {"title_en": "Solvent-free coating", "agreement": agreement.pk},
    )
    made = Program.objects.get()
    assert made.agreement == agreement
    assert made.details["us_institution"] == "sample-state"
    research = client.get(at("research", here))
    assert "Solvent-free coating" in research.content.decode()


def test_the_partners_drafts_stay_their_own(here, there, agreement):
    member(there)
    people.program("Their draft", organization=there, kind="joint_research", status="draft",
                   agreement=agreement)  # fmt: skip
    people.program("Their program", organization=there, kind="joint_research",
                   agreement=agreement)  # fmt: skip
    client = client_of(owner(here))
    for page in (at("agreement", here, agreement.pk), at("research", here)):
        text = client.get(page).content.decode()
        assert "Their program" in text
        assert "Their draft" not in text


def test_ending_an_agreement_twice_does_no_harm(here, agreement):
    client = client_of(owner(here))
    for _again in range(2):
        client.post(at("agreement_act", here, agreement.pk, "end"))
    agreement.refresh_from_db()
    assert agreement.status == Agreement.Status.ENDED


def test_pages_cost_the_same_for_one_and_three_agreements(here, there, agreement):
    client = client_of(owner(here))
    pages = [at("agreements", here), at("research", here), at("agreement", here, agreement.pk)]

    def counts():
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as counted:
                client.get(page)
            found.append(len(counted))
        return found

    people.program("One", organization=here, kind="joint_research", agreement=agreement)
    one = counts()
    for title in ("Two", "Three"):
        services.save_agreement(None, by=owner(here), organization=here, partner=there,
                                kind="mou", title_en=title)  # fmt: skip
        people.program(title, organization=here, kind="joint_research", agreement=agreement)
    assert counts() == one == [16, 14, 28]
