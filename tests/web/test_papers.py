"""The pages of countersigned papers as each side has them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from corridor.accounts.models import User
from corridor.applications.countersigned import queries, writing
from corridor.applications.models import CANDIDATE, HOST, Paper
from tests.applications import paperwork
from tests.applications.test_learning_agreements import CREDIT
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    application, owner = paperwork.accepted()
    org, officer = paperwork.sponsor()
    paper = paperwork.written(application, owner, org)
    return {"paper": paper, "owner": owner, "person": application.candidate.user,
            "host": application.program.organization, "org": org, "officer": officer}  # fmt: skip


def at(name: str, *args: Any) -> str:
    return english(f"papers:{name}", *args)


def english(name: str, *args: Any) -> str:
    with translation.override("en"):
        return reverse(name, args=args)


def sign(client: Client, url: str, paper: Paper, **more: Any) -> Any:
    paper.refresh_from_db()
    name = User.objects.get(pk=client.session["_auth_user_id"]).name
    told = {"read": queries.digest(paper), "name": name, "office": "Manager", "agrees": "on",
            "consents": "on", **more}  # fmt: skip
    return client.post(url, told)


def test_a_host_begins_the_plan_from_the_application_and_finds_it_there():
    application, owner = paperwork.accepted()
    client, slug = client_of(owner), application.program.organization.slug
    page = at("of_application", slug, application.pk)
    assert "Begin the training plan" in client.get(page).text

    answer = client.post(page, follow=True)

    paper = Paper.objects.get()
    assert answer.redirect_chain[-1][0] == at("paper", slug, paper.pk)
    assert "This is a draft, not Form DS-7002" in answer.text
    assert "It cannot be signed yet" in answer.text
    assert at("paper", slug, paper.pk) in client.get(page).text
    client.post(page)
    assert Paper.objects.count() == 1


def test_a_whole_plan_is_signed_by_three_through_their_pages(plan):
    paper, slug = plan["paper"], plan["host"].slug
    host, person, officer = map(client_of, (plan["owner"], plan["person"], plan["officer"]))
    theirs, own, third = (
        at("act", slug, paper.pk, "sign"), at("mine_act", paper.pk, "sign"),
        at("act", plan["org"].slug, paper.pk, "sign"),
    )  # fmt: skip
    assert person.get(at("mine", paper.pk)).status_code == 404, "a host's draft"
    assert officer.post(third).status_code == 404

    assert sign(host, theirs, paper).status_code == 302
    assert "“Papers”" not in person.get(at("mine", paper.pk)).text
    assert officer.get(at("paper", plan["org"].slug, paper.pk)).status_code == 404
    refused = sign(person, own, paper, consents="")
    assert refused.status_code == 422
    assert "value=\"김견본\"" in refused.text, "what was typed stays"
    assert sign(person, own, paper).status_code == 302
    waiting = officer.get(at("desk", plan["org"].slug)).text
    assert "1 paper waits for you" in waiting
    assert sign(officer, third, paper).status_code == 302
    assert "Signed by all" in officer.get(at("paper", plan["org"].slug, paper.pk)).text
    again = sign(officer, third, paper)
    assert again.status_code == 302, "a second press does nothing"
    assert paper.versions.get().signatures.count() == 3


def test_a_change_shows_its_difference_to_those_who_signed(plan):
    paper, slug = plan["paper"], plan["host"].slug
    host, person = client_of(plan["owner"]), client_of(plan["person"])
    sign(host, at("act", slug, paper.pk, "sign"), paper)
    form = host.get(at("edit", slug, paper.pk, "site"))
    told = {**{k: v for k, v in form.context["form"].initial.items() if v is not None},
            "city": "Zeeland"}  # fmt: skip

    host.post(at("edit", slug, paper.pk, "site"), told)

    page = person.get(at("mine", paper.pk)).text
    assert "What is different from version 1" in page
    assert "<del>Holland</del>" in page and "<ins>Zeeland</ins>" in page


def test_who_presses_sign_after_the_words_were_changed_is_told_so(plan):
    paper, slug = plan["paper"], plan["host"].slug
    host, person = client_of(plan["owner"]), client_of(plan["person"])
    sign(host, at("act", slug, paper.pk, "sign"), paper)
    paper.refresh_from_db()
    read = queries.digest(paper)
    sign(host, at("act", slug, paper.pk, "sign"), paper)
    assert "signed for your side already" in host.get(at("paper", slug, paper.pk)).text
    writing.save(paper, by=plan["owner"], side=HOST, revision=None, values={"city": "Zeeland"})

    told = person.post(at("mine_act", paper.pk, "sign"),
                       {"read": read, "name": "김견본", "agrees": "on"}, follow=True).text

    assert "The words were changed after you opened them" in told
    assert not paper.versions.filter(signatures__side="candidate").exists()


def test_what_is_done_with_a_paper_stands_in_the_activity_of_those_who_read_it(plan):
    paper, slug = plan["paper"], plan["host"].slug
    host, officer = client_of(plan["owner"]), client_of(plan["officer"])
    sign(host, at("act", slug, paper.pk, "sign"), paper)

    def activity(client: Client, slug: str) -> str:
        return client.get(english("firm:activity", slug)).content.decode()

    assert "Signed a paper" in activity(host, slug) and "Training plan" in activity(host, slug)
    assert "paper." not in activity(host, slug), "no act is told by its code"
    assert "Signed a paper" not in activity(officer, plan["org"].slug), "not theirs to read yet"
    sign(client_of(plan["person"]), at("mine_act", paper.pk, "sign"), paper)
    assert "Signed a paper" in activity(officer, plan["org"].slug)


def test_an_old_form_does_not_overwrite_a_newer_change(plan):
    paper, slug = plan["paper"], plan["host"].slug
    host = client_of(plan["owner"])
    url = at("edit", slug, paper.pk, "conduct")
    told = {k: v for k, v in host.get(url).context["form"].initial.items() if v is not None}
    writing.save(paper, by=plan["owner"], side=HOST, revision=None, values={"city": "Zeeland"})

    answer = host.post(url, {**told, "clerical_share_pct": 9})

    assert "changed in the meantime" in answer.text
    paper.refresh_from_db()
    assert paper.content["clerical_share_pct"] == 5


def test_phases_are_added_and_removed(plan):
    paper, slug = plan["paper"], plan["host"].slug
    host = client_of(plan["owner"])
    url = at("phase", slug, paper.pk, 3)
    revision = paper.revision

    host.post(url, {"revision": revision, "name": "Phase C", "starts_on": "2030-01-01"})
    paper.refresh_from_db()
    assert [each["name"] for each in paper.content["phases"]] == ["Phase A", "Phase B", "Phase C"]
    host.post(url, {"revision": paper.revision, "remove": "1"})
    paper.refresh_from_db()
    assert len(paper.content["phases"]) == 2
    assert host.get(at("phase", slug, paper.pk, 9)).status_code == 404


def test_strangers_reviewers_and_other_sides_do_what_is_theirs_alone(plan):
    paper, slug = plan["paper"], plan["host"].slug
    reviewer = client_of(member(plan["host"], "reviewer"))
    stranger = client_of(paperwork.sponsor("other-sponsor")[1])
    assert reviewer.get(at("paper", slug, paper.pk)).status_code == 200
    assert reviewer.get(at("edit", slug, paper.pk, "site")).status_code == 403
    assert sign(reviewer, at("act", slug, paper.pk, "sign"), paper).status_code == 403
    assert stranger.get(at("paper", slug, paper.pk)).status_code == 404
    assert stranger.get(at("pdf", slug, paper.pk)).status_code == 404
    sign(client_of(plan["owner"]), at("act", slug, paper.pk, "sign"), paper)
    person = client_of(plan["person"])
    assert person.get(at("mine_edit", paper.pk, "site")).status_code == 403
    assert person.get(at("paper", slug, paper.pk)).status_code == 404
    assert Client().get(at("mine", paper.pk)).status_code == 302


def test_the_host_records_a_sponsor_on_paper_and_hands_out_the_scan(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    application, owner = paperwork.accepted()
    paper = paperwork.signed(paperwork.written(application, owner), owner, HOST)
    paperwork.signed(paper, application.candidate.user, CANDIDATE)
    host, slug = client_of(owner), application.program.organization.slug
    told = {"read": queries.digest(paper), "name": "Pat Doe", "office": "RO",
            "signed_on": timezone.localdate().isoformat()}  # fmt: skip

    wrong = host.post(at("act", slug, paper.pk, "record"),
                      {**told, "scan": SimpleUploadedFile("a.pdf", b"no")})  # fmt: skip
    assert wrong.status_code == 422 and "PDF, PNG or JPEG" in wrong.text
    host.post(at("act", slug, paper.pk, "record"),
              {**told, "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})  # fmt: skip

    page = host.get(at("paper", slug, paper.pk)).text
    assert "Signed on paper" in page
    pk = paper.versions.get().signatures.get(on_paper=True).pk
    mine = client_of(application.candidate.user)
    for client, url in ((host, at("scan", slug, paper.pk, pk)),
                        (mine, at("mine_scan", paper.pk, pk))):  # fmt: skip
        assert b"".join(client.get(url).streaming_content) == b"%PDF-1.4"


def test_a_candidate_records_their_own_signature_on_paper_and_a_form_with_a_fault_stays_open(
    plan, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    paper = paperwork.signed(plan["paper"], plan["owner"], HOST)
    person = client_of(plan["person"])
    shown = person.get(at("mine", paper.pk)).text
    assert "Or record a signature on paper" in shown
    told = {"read": queries.digest(paper), "name": "김견본",
            "signed_on": timezone.localdate().isoformat()}  # fmt: skip

    def posted(**more: Any) -> Any:
        scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
        return person.post(at("mine_act", paper.pk, "record"), {**told, "scan": scan, **more})

    refused = posted()
    assert refused.status_code == 422
    assert "cannot read and sign it" in refused.text and "<details class=\"more \" open" in (
        refused.text
    )
    assert posted(consents="on").status_code == 302
    given = paper.versions.get().signatures.get(side=CANDIDATE)
    assert given.on_paper and given.is_by_signer and given.by == plan["person"]
    assert "recorded by the signer" in person.get(at("mine", paper.pk)).text


def test_a_sponsor_reads_that_a_signature_is_not_confirmed_and_confirms_it(
    plan, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    paper = paperwork.signed(plan["paper"], plan["owner"], HOST)
    paper = paperwork.signed(paper, plan["person"], CANDIDATE)
    host, slug = client_of(plan["owner"]), plan["host"].slug
    answer = host.post(at("act", slug, paper.pk, "record"), {
        "read": queries.digest(paper), "name": "Pat Doe", "office": "RO",
        "signed_on": timezone.localdate().isoformat(),
        "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4"),
    })  # fmt: skip
    assert answer.status_code == 302
    mark = "Recorded by the host, not yet confirmed by the signer"
    third, own = client_of(plan["officer"]), plan["org"].slug
    page = at("paper", own, paper.pk)
    assert mark in host.get(at("paper", slug, paper.pk)).text
    assert mark in third.get(page).text and "Is this your signature?" in third.get(page).text
    assert "1 paper waits for you" in third.get(at("desk", own)).text
    confirm = {"read": queries.digest(paper), "agrees": "on"}

    assert host.post(at("act", slug, paper.pk, "confirm"), confirm).status_code == 302
    assert mark in third.get(page).text, "the host does not confirm for another"
    unticked = third.post(at("act", own, paper.pk, "confirm"), {"read": confirm["read"]})
    assert unticked.status_code == 422
    assert third.post(at("act", own, paper.pk, "confirm"), confirm).status_code == 302
    assert mark not in third.get(page).text
    assert "Confirmed by the signer" in host.get(at("paper", slug, paper.pk)).text


def test_a_pdf_comes_in_the_language_of_the_page(plan):
    client, slug = client_of(plan["owner"]), plan["host"].slug
    english = client.get(at("pdf", slug, plan["paper"].pk).replace("/ko/", "/en/"))
    korean = client.get(at("pdf", slug, plan["paper"].pk).replace("/en/", "/ko/"))

    assert english["Content-Type"] == korean["Content-Type"] == "application/pdf"
    assert english.content.startswith(b"%PDF-") and english.content != korean.content
    assert "training-plan" in english["Content-Disposition"]


def test_an_agreement_goes_from_the_students_page_to_the_universitys_desk():
    application, owner = paperwork.accepted()
    person = application.candidate.user
    school, office = paperwork.university(person)
    student, desk = client_of(person), client_of(office)
    home = english("candidate:application", application.pk)
    assert "Begin a learning agreement" in student.get(home).text

    student.post(at("mine_begin", application.pk), {"university": school.pk})
    paper = Paper.objects.get()
    writing.save(paper, by=person, side=CANDIDATE, revision=None, values=CREDIT)
    sign(student, at("mine_act", paper.pk, "sign"), paper)
    sign(client_of(owner), at("act", application.program.organization.slug, paper.pk, "sign"),
         paper)  # fmt: skip

    assert "1 paper waits for you" in desk.get(at("desk", school.slug)).text
    sign(desk, at("act", school.slug, paper.pk, "sign"), paper)
    paper.refresh_from_db()
    assert paper.state == "signed"
    assert "Learning agreement" in student.get(home).text


def test_a_university_begins_an_agreement_at_its_desk():
    application, _owner = paperwork.accepted()
    school, office = paperwork.university(application.candidate.user)
    desk = client_of(office)

    answer = desk.post(at("desk", school.slug), {"application": application.pk}, follow=True)

    assert "Learning agreement" in answer.text
    assert Paper.objects.get().by_third
    assert desk.get(at("edit", school.slug, Paper.objects.get().pk, "credit")).status_code == 200


def test_the_journey_names_who_acts_next_and_by_when(plan):
    paper = plan["paper"]
    sign(client_of(plan["owner"]), at("act", plan["host"].slug, paper.pk, "sign"), paper)

    page = client_of(plan["person"]).get(english("candidate:journey")).text

    assert "Training plan: yours to sign" in page
    assert at("mine", paper.pk) in page
    due = Paper.objects.get().due_on
    assert due.isoformat() in page


def test_the_lists_ask_the_database_as_often_for_many_papers_as_for_one(
    plan, django_assert_max_num_queries
):
    client, url = client_of(plan["owner"]), at("desk", plan["host"].slug)
    client.get(url)
    with django_assert_max_num_queries(40) as one:
        client.get(url)
    application, _owner = _another(plan)
    writing.begin_plan(application, by=plan["owner"])
    with django_assert_max_num_queries(len(one)):
        client.get(url)


def _another(plan: dict[str, Any]) -> Any:
    from corridor.applications.models import Offer, State
    from tests.web import desks

    program = desks.open_program(plan["host"], title="Second")
    made = desks.applicant(program, "lee@example.org")
    made.offers.create(
        state=Offer.State.ACCEPTED, starts_on=desks.START, ends_on=desks.START,
        pay_period="unpaid", place="-", pathway="j1_intern", answer_by=desks.START,
    )  # fmt: skip
    made.state = State.ACCEPTED
    made.save()
    return made, plan["owner"]
