"""Joint research on one page for both sides, the partner finder, and two people at one form."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from corridor.partnerships import notices, services
from corridor.partnerships.models import (
    Agreement,
    Introduction,
    Notice,
    ResearchGroup,
    ResearchProject,
    Review,
)
from corridor.partnerships.services import finding, research, research_parts
from corridor.web.university.views import partners as partner_views
from tests.matching import people
from tests.web.desks import client_of, member

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def world() -> dict:
    here = people.host("sample-univ", kind="university", country="KR")
    there = people.host("sample-state", kind="university", country="US")
    world = {"here": here, "there": there, "kim": member(here), "lee": member(there)}
    made = services.save_agreement(
        None, by=world["kim"], organization=here, partner=there, kind="research",
        title_en="Dry electrode research",
    )  # fmt: skip
    services.send(made, by=world["kim"])
    for who, side in (("kim", "KR"), ("lee", "US")):
        made = services.sign(made, by=world[who], side=side, name="A", title="B", day=TODAY)
    return world | {"agreement": made, "mine": client_of(world["kim"]),
                    "theirs": client_of(world["lee"])}  # fmt: skip


def at(name, organization, *args):
    return f"/en{reverse(f'university:{name}', args=[organization.slug, *args])[3:]}"


def planned(world) -> ResearchProject:
    return research.save_project(
        None, by=world["kim"], agreement=world["agreement"], title_en="Dry cathodes",
        theme="Solvent-free cathodes",
    )  # fmt: skip


def opened(page) -> str:
    return re.search(r'name="opened" value="([^"]+)"', page.content.decode())[1]


def test_the_other_side_is_told_of_a_new_project_and_asked_for_its_investigator(world):
    project = planned(world)
    notice = Notice.objects.get(what="project_state")
    assert (notice.organization, notice.values["state"]) == (world["there"], "planned")
    with translation.override("en"):
        subject, lines, path = notices.letter(notice)
    assert subject == "Joint research is planned with you: Dry cathodes"
    assert world["here"].name_en in lines[0] and path.endswith(f"/research/{project.pk}/")
    home = f"/en{reverse('firm:home', args=[world['there'].slug])[3:]}"
    asked = "Name the principal investigator of your side: “Dry cathodes”."
    assert asked in world["theirs"].get(home).content.decode()
    page = world["theirs"].get(at("project", world["there"], project.pk))
    assert page.context["people_form"].initial["leads"]
    research_parts.add_part(project, "people", by=world["lee"], side="US", name="PI",
                            institution="Materials", email="pi@example.org", leads=True)
    assert asked not in world["theirs"].get(home).content.decode()
    page = world["theirs"].get(at("project", world["there"], project.pk))
    assert not page.context["people_form"].initial["leads"], "a second one is not pre-ticked"


def test_a_project_goes_from_plan_to_under_way_over_the_pages_of_both_sides(
    world, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    mine, theirs, here, there = world["mine"], world["theirs"], world["here"], world["there"]
    mine.post(at("project_new", here), {
        "agreement": world["agreement"].pk, "title_en": "Dry cathodes", "theme": "No solvent",
        "q_strategic_technology": "no", "q_national_core_technology": "no",
    })  # fmt: skip
    project = ResearchProject.objects.get()
    assert project.answers == {"strategic_technology": False, "national_core_technology": False}
    for client, side in ((mine, here), (theirs, there)):
        client.post(at("project_add", side, project.pk, "people"), {
            "people-name": "PI", "people-institution": "Materials", "people-leads": "on",
            "people-email": f"pi@{side.slug}.example.org",
        })  # fmt: skip
    page = theirs.get(at("project", there, project.pk)).content.decode()
    assert "Not needed by the answers" in page and "It cannot begin yet." in page
    for client, side, code in ((mine, here, "KR"), (theirs, there, "US")):
        for review in project.reviews.filter(side=code):
            step = lambda which, pk=review.pk, of=side: at(  # noqa: E731
                "review_step", of, project.pk, pk, which)  # fmt: skip
            name, decide = f"name-{review.pk}", f"decide-{review.pk}"
            client.post(step("name"), {f"{name}-name": "Park", f"{name}-office": "TLO"})
            refused = client.post(step("decide"), {f"{decide}-reasoning": "Kept words"})
            assert "Kept words" in refused.content.decode()
            client.post(step("decide"), {
                f"{decide}-state": "cleared", f"{decide}-reasoning": "Read the plan.",
                f"{decide}-day": TODAY.isoformat(),
            })  # fmt: skip
    theirs.post(at("project_act", there, project.pk, "begin"))
    project.refresh_from_db()
    assert project.state == "under_way"
    page = mine.get(at("project", here, project.pk)).content.decode()
    assert "Read the plan." in page and "Said that it is under way" in page
    assert "not legal advice" in page.lower() or "no legal advice" in page.lower()


def test_pressing_begin_too_early_says_which_step_is_missing(world):
    project = planned(world)
    page = world["mine"].post(
        at("project_act", world["here"], project.pk, "begin"), follow=True
    ).content.decode()  # fmt: skip
    assert "It cannot begin yet." in page and "Export-control review" in page


def test_a_reviewer_without_the_right_to_edit_decides_what_they_were_named_for(world):
    project, officer = planned(world), member(world["there"], "reviewer")
    review = project.reviews.get(kind="export", side="US")
    world["theirs"].post(at("review_step", world["there"], project.pk, review.pk, "name"),
                         {f"name-{review.pk}-member": officer.pk,
                          f"name-{review.pk}-office": "Export office"})  # fmt: skip
    said = {f"decide-{review.pk}-state": "cleared", f"decide-{review.pk}-reasoning": "public",
            f"decide-{review.pk}-day": TODAY.isoformat()}  # fmt: skip
    address = at("review_step", world["there"], project.pk, review.pk, "decide")
    assert world["theirs"].post(address, said).status_code == 403
    assert client_of(officer).post(address, said).status_code == 302
    review.refresh_from_db()
    assert review.passed
    assert client_of(officer).get(at("project_edit", world["there"], project.pk)).status_code == 403


def test_the_other_side_does_not_decide_our_review(world):
    project = planned(world)
    review = project.reviews.get(kind="ip", side="KR")
    answer = world["theirs"].post(
        at("review_step", world["there"], project.pk, review.pk, "name"),
        {f"name-{review.pk}-name": "x", f"name-{review.pk}-office": "y"},
    )
    assert answer.status_code == 403


def test_strangers_do_not_see_a_project_or_its_pages(world):
    project = planned(world)
    other = people.host("another-univ", kind="university", country="KR")
    stranger = client_of(member(other))
    for name in ("project", "project_edit"):
        assert stranger.get(at(name, other, project.pk)).status_code == 404
        assert stranger.get(at(name, world["here"], project.pk)).status_code == 404


def test_milestones_and_outputs_are_kept_and_a_late_one_stands_out(world):
    project = planned(world)
    for title, days in (("Late cell", -3), ("Next cell", 30)):
        world["mine"].post(at("project_add", world["here"], project.pk, "milestones"),
                           {"milestones-title": title, "milestones-side": "",
                            "milestones-due_on": (TODAY + timedelta(days=days)).isoformat()})
    refused = world["mine"].post(at("project_add", world["here"], project.pk, "outputs"),
                                 {"outputs-kind": "paper", "outputs-title": "Kept title"})
    assert "Kept title" in refused.content.decode()
    assert "Late cell" in refused.content.decode()
    listed = world["theirs"].get(at("research", world["there"])).content.decode()
    assert "1 late milestone" in listed and "0 of 2 milestones done" in listed


def test_two_who_edit_an_agreement_are_told_and_keep_what_they_typed(world):
    draft = services.save_agreement(
        None, by=world["kim"], organization=world["here"], partner=world["there"], kind="mou",
        title_en="Old title", obligations="Old duties",
    )  # fmt: skip
    mine, theirs = at("agreement_edit", world["here"], draft.pk), at(
        "agreement_edit", world["there"], draft.pk
    )
    said = {"kind": "mou", "title_en": "Old title", "obligations": "Old duties", "seats": ""}
    my_form, their_form = opened(world["mine"].get(mine)), opened(world["theirs"].get(theirs))
    world["theirs"].post(theirs, {**said, "title_en": "Their title", "seats": "4",
                                  "opened": their_form})  # fmt: skip
    page = world["mine"].post(mine, {**said, "title_en": "My title", "obligations": "My duties",
                                     "opened": my_form})  # fmt: skip
    draft.refresh_from_db()
    assert (draft.title_en, draft.seats) == ("Their title", 4)
    text = page.content.decode()
    assert "Somebody else changed this" in text and "owner 견본" in text
    form = page.context["form"]
    rows = {row.label: row for row in form.conflict.rows}
    assert rows["Title (English)"].both and rows["Title (English)"].mine == "My title"
    assert rows["Title (English)"].now == "Their title"
    assert not rows["Seats a year"].both
    assert (form["title_en"].value(), form["obligations"].value()) == ("My title", "My duties")
    assert form["seats"].value() == "4", "what I left alone shows what they wrote"
    again = world["mine"].post(mine, {
        "kind": "mou", "title_en": "My title", "obligations": "My duties", "seats": "4",
        "opened": opened(page),
    })  # fmt: skip
    assert again.status_code == 302
    draft.refresh_from_db()
    assert (draft.title_en, draft.seats, draft.obligations) == ("My title", 4, "My duties")


def test_a_signature_given_while_one_types_is_told(world):
    draft = services.save_agreement(
        None, by=world["kim"], organization=world["here"], partner=world["there"], kind="mou",
        title_en="A title",
    )  # fmt: skip
    address = at("agreement_edit", world["here"], draft.pk)
    token = opened(world["mine"].get(address))
    services.send(draft, by=world["lee"])
    services.sign(draft, by=world["lee"], side="US", name="A", title="B", day=TODAY)
    page = world["mine"].post(address, {"kind": "mou", "title_en": "A title", "opened": token})
    draft.refresh_from_db()
    assert draft.status == Agreement.Status.PROPOSED, "the signature is not lost unseen"
    assert "Signed by one side" in page.content.decode()


def test_a_form_whose_version_was_tampered_with_is_refused(world):
    project = planned(world)
    page = world["mine"].post(
        at("project_edit", world["here"], project.pk),
        {"title_en": "Forged", "theme": "x", "opened": "forged"},
    )
    project.refresh_from_db()
    assert project.title_en == "Dry cathodes" and page.status_code == 200


def test_two_who_edit_a_project_see_each_others_answers(world):
    project = planned(world)
    mine = at("project_edit", world["here"], project.pk)
    token = opened(world["mine"].get(mine))
    research.save_project(project, by=world["lee"], answers={"closed_inputs": True})
    page = world["mine"].post(
        mine, {"title_en": "Dry cathodes", "theme": "New theme", "opened": token}
    )
    form = page.context["form"]
    assert [row.now for row in form.conflict.rows] == ["Yes"]
    assert form["q_closed_inputs"].value() == "yes" and form["theme"].value() == "New theme"


GROUP = {"leader": "Prof. Hidden", "email": "hidden@example.org", "is_open": True}


def groups(world) -> tuple[ResearchGroup, ResearchGroup]:
    own = finding.save_group(
        None, by=world["kim"], organization=world["here"], name_ko="전극 연구실",
        interests="이차전지 건식 전극 코팅과 PLC 제어", seeks="X-ray diffraction",
        sectors=["batteries"], **GROUP,
    )  # fmt: skip
    other = finding.save_group(
        None, by=world["lee"], organization=world["there"], name_en="Electrode Lab",
        interests="Dry electrodes, PLC control", seeks="", sectors=["batteries"], **GROUP,
    )  # fmt: skip
    return own, other


def test_two_groups_are_introduced_and_see_contacts_only_after_a_yes(world):
    own, other = groups(world)
    page = world["mine"].get(at("partners", world["here"])).content.decode()
    assert "Electrode Lab" in page and "hidden@example.org" not in page and "Hidden" not in page
    world["mine"].post(at("partner_ask", world["here"], own.pk, other.pk), {"message": "Hello"})
    row = Introduction.objects.get()
    asked = world["theirs"].get(at("partners", world["there"])).content.decode()
    assert "Hello" in asked and "hidden@example.org" not in asked
    act = lambda name: at("introduction_act", world["there"], row.pk, name)  # noqa: E731
    world["theirs"].post(act("draft"))
    assert Agreement.objects.count() == 1, "no draft before a yes"
    world["theirs"].post(act("accept"), {"word": "Gladly"})
    for client, side in ((world["mine"], world["here"]), (world["theirs"], world["there"])):
        text = client.get(at("partners", side)).content.decode()
        assert "hidden@example.org" in text and "Gladly" in text
    answer = world["theirs"].post(act("draft"))
    row.refresh_from_db()
    assert answer.url.endswith(f"/agreements/{row.agreement.pk}/edit/")
    assert (row.agreement.korean_party, row.agreement.us_party) == (world["here"], world["there"])
    world["theirs"].post(act("draft"))
    assert Agreement.objects.count() == 2


def test_a_group_that_was_closed_is_neither_found_nor_asked(world):
    own, other = groups(world)
    finding.save_group(other, by=world["lee"], is_open=False)
    assert "Electrode Lab" not in world["mine"].get(at("partners", world["here"])).content.decode()
    assert world["mine"].get(
        at("partner_ask", world["here"], own.pk, other.pk)
    ).status_code == 404  # fmt: skip


def test_nobody_asks_in_the_name_of_another_institutions_group(world):
    _own, other = groups(world)
    third = people.host("third-univ", kind="university", country="KR")
    stranger = client_of(member(third))
    assert stranger.get(at("group_edit", third, other.pk)).status_code == 404
    assert stranger.get(at("partner_ask", third, other.pk, other.pk)).status_code == 404


def test_pages_of_research_ask_a_constant_number_of_queries(world):
    project = planned(world)
    groups(world)
    addresses = [at("project", world["here"], project.pk), at("research", world["here"]),
                 at("partners", world["here"])]  # fmt: skip
    counts = []
    for more in (1, 6):
        for number in range(more):
            research_parts.add_part(project, "milestones", by=world["kim"], title=f"M{number}",
                                    due_on=TODAY)  # fmt: skip
            finding.save_group(None, by=world["lee"], organization=world["there"],
                               name_en=f"G{more}{number}", interests="electrodes", **GROUP)
        found = []
        for address in addresses:
            world["mine"].get(address)
            with CaptureQueriesContext(connection) as asked:
                world["mine"].get(address)
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1], counts
    assert max(counts[0]) <= 40, counts


def test_a_firm_that_does_research_has_the_pages_of_research(world):
    firm = people.host("sample-firm", kind="firm", country="US")
    client = client_of(member(firm))
    tabs = lambda: {tab["label"] for tab in client.get(at("agreements", firm)).context["tabs"]}  # noqa: E731
    assert "Joint research" not in tabs()
    assert client.get(at("partners", firm)).status_code == 200
    finding.save_group(None, by=firm.memberships.get().user, organization=firm, name_en="Lab",
                       interests="Coating", **GROUP)  # fmt: skip
    assert "Joint research" in tabs()


# --- lines of a project changed in their place ----------------------------------------------------


def line_of(world, part, **fields):
    project = planned(world)
    return project, research_parts.add_part(project, part, by=world["kim"], **fields)


def test_a_line_of_funding_is_changed_in_its_place_and_the_history_says_so(world):
    project, row = line_of(world, "funding", kind="own", source="University", amount=1000)
    address = at("project_change", world["here"], project.pk, "funding", row.pk)
    page = world["mine"].get(at("project", world["here"], project.pk)).content.decode()
    token = re.search(rf'name="funding-{row.pk}-opened" value="([^"]+)"', page)[1]
    name = f"funding-{row.pk}"
    answer = world["mine"].post(address, {
        "change": "1", f"{name}-opened": token, f"{name}-kind": "own", f"{name}-currency": "KRW",
        f"{name}-source": "University fund", f"{name}-amount": "2500",
    })  # fmt: skip
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.source, row.amount) == ("University fund", 2500)
    page = world["theirs"].get(at("project", world["there"], project.pk)).content.decode()
    assert "Changed a line of funding" in page


def test_two_who_change_one_milestone_are_told_and_keep_what_they_typed(world):
    project, row = line_of(world, "milestones", title="First cell", due_on=TODAY, side="")
    name = f"milestones-{row.pk}"
    addresses = {
        who: at("project_change", world[org], project.pk, "milestones", row.pk)
        for who, org in (("mine", "here"), ("theirs", "there"))
    }
    page = world["mine"].get(at("project", world["here"], project.pk)).content.decode()
    token = re.search(rf'name="{name}-opened" value="([^"]+)"', page)[1]
    said = {"change": "1", f"{name}-opened": token, f"{name}-side": "",
            f"{name}-title": "First cell", f"{name}-due_on": TODAY.isoformat()}  # fmt: skip
    later = (TODAY + timedelta(days=30)).isoformat()
    world["theirs"].post(addresses["theirs"], {**said, f"{name}-due_on": later})
    refused = world["mine"].post(addresses["mine"], {**said, f"{name}-title": "First pouch cell"})
    text = refused.content.decode()
    assert "Somebody else changed this" in text and "owner 견본" in text
    assert 'value="First pouch cell"' in text and f'value="{later}"' in text
    row.refresh_from_db()
    assert row.title == "First cell"


def test_money_that_decides_a_review_begins_it_anew_when_a_line_becomes_it(world):
    project, row = line_of(world, "funding", kind="own", source="Own money")
    name = f"funding-{row.pk}"
    review = project.reviews.get(kind="export", side="US")
    Review.objects.filter(pk=review.pk).update(
        state="cleared", decided_on=TODAY, reasoning="x", reviewer_name="y"
    )
    world["mine"].post(at("project_change", world["here"], project.pk, "funding", row.pk), {
        "change": "1", f"{name}-kind": "us_federal", f"{name}-currency": "USD",
        f"{name}-source": "A federal grant",
    })  # fmt: skip
    review.refresh_from_db()
    assert review.superseded_at is not None


def test_what_was_done_or_is_refused_is_not_changed(world):
    project, row = line_of(world, "milestones", title="First cell", due_on=TODAY, side="")
    name = f"milestones-{row.pk}"
    address = at("project_change", world["here"], project.pk, "milestones", row.pk)
    refused = world["mine"].post(address, {"change": "1", f"{name}-title": "Kept words"})
    assert "Kept words" in refused.content.decode()
    type(row).objects.filter(pk=row.pk).update(done_on=TODAY)
    world["mine"].post(address, {"change": "1", f"{name}-title": "New",
                                 f"{name}-due_on": TODAY.isoformat()})  # fmt: skip
    row.refresh_from_db()
    assert row.title == "First cell"
    page = world["mine"].get(at("project", world["here"], project.pk)).content.decode()
    assert f"{name}-title" not in page


# --- words to look for ----------------------------------------------------------------------------


def test_a_member_looks_for_partners_in_their_own_words_without_a_group_of_their_own(
    world, monkeypatch
):
    monkeypatch.setattr(partner_views, "WAIT_S", 0)
    finding.save_group(
        None, by=world["lee"], organization=world["there"], name_en="Dry cells",
        leader="Lee", email="lee@example.org", interests="ALD coating of cathodes", is_open=True,
    )  # fmt: skip
    page = world["mine"].get(at("partners", world["here"]), {"q": "ALD"}).content.decode()
    assert "Dry cells" in page and "Who works on “ALD”" in page
    assert "They write it, too" in page
    assert "is a judgment of ours and was never measured" in page
    assert "Ask for a talk" not in page and "lee@example.org" not in page
    for words in ("!!!", " ", "가" * 900):
        assert world["mine"].get(at("partners", world["here"]), {"q": words}).status_code == 200
