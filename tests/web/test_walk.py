"""Every page and every API address, walked as a stranger, as each role, and as the same role of
another organization. A page that is not in the table fails: it must say who may enter."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import html5lib
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from corridor.accounts.models import Organization, User
from corridor.applications.models import Application, State
from corridor.candidates.models import CvReading, Document
from corridor.matching.models import CohortRound, Run
from corridor.partnerships.models import Agreement, ResearchGroup
from corridor.partnerships.services import research
from corridor.places.models import InvestmentProject
from corridor.programs.models import Program
from tests.databases import load_demo
from tests.web import after_walk

pytestmark = pytest.mark.django_db

EVERYBODY = {"stranger", "student", "other_student", "firm", "other_firm", "university", "staff"}
SIGNED_IN = EVERYBODY - {"stranger"}
CANDIDATES = {"student", "other_student"}
OWN = {"student"}
HOST = {"firm"}
PARTY = {"university"}
STAFF = {"staff"}

# name of the address -> roles that get a page (200); all others get a sign-in (302), 403 or 404.
# A candidate's pages send a person without a profile to their own place (302).
DOORS: dict[str, set[str]] = {
    "healthz": EVERYBODY,
    "public:home": EVERYBODY,
    "public:programs": EVERYBODY,
    "public:program": EVERYBODY,
    "public:report": EVERYBODY,
    "public:compare": EVERYBODY,
    "public:unsubscribe": set(),  # opens with the token of a mail alone
    "public:hubs": EVERYBODY,
    "public:hub": EVERYBODY,
    "public:sector": EVERYBODY,
    "public:organization": EVERYBODY,
    "public:pathways": EVERYBODY,
    "public:pathway": EVERYBODY,
    "public:credentials": EVERYBODY,
    "public:credential": EVERYBODY,
    "public:wizard": EVERYBODY,
    "public:about": EVERYBODY,
    "public:support_visits": SIGNED_IN,
    "public:close_account": SIGNED_IN - CANDIDATES,  # they are led to their own page
    "public:design": EVERYBODY,
    "public:organization_new": SIGNED_IN,
    "public:welcome": set(),  # always leads on
    "candidate:home": CANDIDATES,
    "candidate:matches": CANDIDATES,
    "candidate:plan": CANDIDATES,
    "candidate:searches": CANDIDATES,
    "candidate:search": set(),  # POST only
    "candidate:put_aside": CANDIDATES,
    "candidate:not_now": set(),  # POST only
    "candidate:journey": CANDIDATES,
    "candidate:journey_ics": CANDIDATES,
    "candidate:journey_calendar": set(),  # POST only
    "candidate:journey_feed": set(),  # opens with its secret token alone
    "candidate:profile": CANDIDATES,
    "candidate:section": CANDIDATES,
    "candidate:autosave": set(),  # POST only
    "candidate:cv": CANDIDATES,
    "candidate:cv_review": OWN,
    "candidate:cv_put_away": set(),  # POST only
    "candidate:questions": CANDIDATES,
    "candidate:consents": CANDIDATES,
    "candidate:close": CANDIDATES,
    "candidate:documents": CANDIDATES,
    "candidate:applications": CANDIDATES,
    "candidate:apply": CANDIDATES,
    "candidate:document": OWN,
    "candidate:application": OWN,
    "candidate:message": set(),  # POST only
    "candidate:route": set(),  # POST only
    "candidate:step": set(),  # POST only
    "candidate:step_undo": set(),  # POST only
    "candidate:step_readers": set(),  # POST only
    "candidate:interview": set(),
    "candidate:interview_ics": OWN,
    "candidate:offer_text": OWN,
    "candidate:visibility": set(),  # POST only
    "firm:home": HOST | STAFF,
    "firm:settings": HOST,
    "firm:program_new": HOST,
    "firm:program_edit": HOST | STAFF,
    "firm:program_section": HOST | STAFF,
    "firm:dispatch": HOST | STAFF,
    "firm:dispatch_letter": HOST | STAFF,
    "firm:dispatch_letter_text": HOST | STAFF,
    "firm:dispatch_checklist": HOST | STAFF,
    "firm:dispatch_checklist_text": HOST | STAFF,
    "firm:program_live": set(),  # POST only
    "firm:program_preview": HOST,
    "firm:program_duplicate": set(),  # POST only
    "firm:program_publish": set(),  # POST only
    "firm:program_close": set(),
    "firm:program_take_back": set(),
    "firm:applicants": HOST,
    "firm:applicants_csv": HOST,
    "firm:board": HOST,
    "firm:criteria": HOST,
    "firm:candidates": HOST,
    "firm:route_filed": set(),  # POST only
    "firm:step": set(),  # POST only
    "firm:step_undo": set(),  # POST only
    "firm:note": set(),  # POST only
    "firm:message": set(),
    "firm:scores": HOST,
    "firm:interview": HOST,
    "firm:interview_cancel": set(),
    "firm:interview_ics": HOST,
    "firm:offer": HOST,
    "firm:offer_prolong": set(),
    "firm:offer_text": HOST,
    "firm:team": HOST,
    "firm:join": EVERYBODY,  # the link of a mail; who may join is asked there
    "firm:activity": HOST,
    "firm:application": HOST,
    "firm:document": HOST,
    "university:agreements": HOST,  # walked at the firm's own address
    "university:agreement_new": HOST,
    "university:agreement": PARTY,
    "university:agreement_edit": PARTY,
    "university:agreement_sign": set(),
    "university:agreement_act": set(),
    "university:agreement_add": set(),
    "university:agreement_change": set(),
    "university:agreement_paper": PARTY,
    "university:students": PARTY,
    "university:student_answer": set(),
    "university:nominations": PARTY,
    "university:nomination_act": set(),
    "university:nominated": HOST,
    "university:rounds": HOST | STAFF,
    "university:round_new": HOST | STAFF,
    "university:round": PARTY | STAFF,
    "university:round_edit": set(),  # open while it is a draft
    "university:round_step": set(),
    "university:round_rank": set(),  # open while hosts rank
    "university:round_inputs": PARTY | STAFF,
    "university:round_certificate": PARTY | STAFF,
    "student:university": CANDIDATES,
    "student:round": OWN,
    "student:leave": set(),
    "student:nomination": set(),
    "university:research": HOST,
    "university:project_new": HOST,
    "university:project": PARTY,
    "university:project_edit": PARTY,
    "university:project_act": set(),  # POST only
    "university:project_add": set(),
    "university:project_change": set(),
    "university:review_step": set(),
    "university:partners": HOST,
    "university:group_new": HOST,
    "university:group_edit": PARTY,
    "university:group_remove": set(),  # POST only
    "university:partner_ask": PARTY,
    "university:introduction_act": set(),  # POST only
    "papers:desk": HOST,
    "papers:of_application": HOST,
    "papers:paper": HOST,
    "papers:edit": HOST,
    "papers:phase": HOST,
    "papers:act": set(),  # POST only
    "papers:pdf": HOST,
    "papers:scan": HOST,
    "papers:mine": OWN,
    "papers:mine_edit": OWN,
    "papers:mine_act": set(),  # POST only
    "papers:mine_pdf": OWN,
    "papers:mine_scan": OWN,
    "papers:mine_begin": set(),  # POST only
    "staff:home": STAFF,
    "staff:verify": STAFF,
    "staff:programs": STAFF,
    "staff:program": STAFF,
    "staff:people": STAFF,
    "staff:hubs": STAFF,
    "staff:hub_new": STAFF,
    "staff:hub": STAFF,
    "staff:project_new": STAFF,
    "staff:project": STAFF,
    "staff:mails": STAFF,
    "staff:mail": STAFF,
    "staff:switches": STAFF,
    "staff:support_end": set(),  # POST only
    "staff:answers": STAFF,
    "staff:runs": STAFF,
    "staff:run": STAFF,
    "staff:run_act": set(),  # POST only
    "staff:rules": STAFF,
    "staff:rules_reload": set(),  # POST only
    "staff:rule_due": STAFF,
    "staff:rule_diff": STAFF,
    "staff:rule_statement": STAFF,
    "staff:rule_pathway": STAFF,
    "staff:audit": STAFF,
    "api:programs-list": EVERYBODY,
    "api:programs-detail": EVERYBODY,
    "api:hubs-list": EVERYBODY,
    "api:hubs-detail": EVERYBODY,
    "api:sectors-list": EVERYBODY,
    "api:sectors-detail": EVERYBODY,
    "api:my-applications-list": CANDIDATES,
    "api:my-profile": CANDIDATES,
    "api:my-matches": CANDIDATES,
    "api:assess": set(),  # POST only
    "api:schema": EVERYBODY,
    "api:docs": EVERYBODY,
}
DOORS |= after_walk.DOORS
# What other packages bring, tested by them; the admin answers to staff alone (last test).
OTHERS = ("admin:", "account_", "set_language", "allauth")


@pytest.fixture
def corridor(tmp_path, settings) -> dict[str, Any]:
    """The demo corridor with one person of every role, and one thing of each to stand before."""
    settings.MEDIA_ROOT = tmp_path
    load_demo(timezone.localdate())
    people = {
        role: User.objects.get(email=f"{email}@demo.example")
        for role, email in {
            "student": "student", "other_student": "technician", "firm": "firm",
            "university": "university", "staff": "staff",
        }.items()
    }  # fmt: skip
    student_at = Application.objects.filter(candidate=people["student"].candidate).exclude(
        state=State.DRAFT
    )
    firm = Organization.objects.filter(
        memberships__user=people["firm"], programs__applications__in=student_at
    ).first()
    assert firm is not None, "the demo's student has applied to the demo's firm"
    other = (
        Organization.objects.filter(kind="firm")
        .exclude(pk=firm.pk)
        .exclude(memberships__user=people["firm"])
        .first()
    )
    people["other_firm"] = User.objects.create_user("other-firm@demo.example", "-", name="-")
    other.memberships.create(user=people["other_firm"], role="owner")
    document = Document.objects.create(
        candidate=people["student"].candidate, kind="cv", name="cv.pdf", size=5, sha256="-",
        media_type="application/pdf",
    )  # fmt: skip
    document.file.save("x", ContentFile(b"%PDF-"))
    CvReading.objects.create(
        candidate=people["student"].candidate, file_name="cv.pdf",
        told='{"format": "pdf", "read": 0, "lines": {}, "proposal": {"facts": {}, "lists": {}}}',
    )  # fmt: skip
    application = (
        Application.objects.filter(
            candidate=people["student"].candidate, program__organization=firm
        )
        .exclude(state=State.DRAFT)
        .first()
    )
    application.documents.add(document)
    moment = timezone.now() + timedelta(days=3)
    application.interviews.create(state="set", starts_at=moment)
    application.offers.create(
        starts_on=moment.date(), ends_on=moment.date(), pay_period="unpaid", place="-",
        answer_by=timezone.localdate() - timedelta(days=1), state="expired",
    )  # fmt: skip
    dispatch = Program.objects.create(organization=firm, kind="dispatch", title_en="Coater crew")
    dispatch.duties.create(text="Install", activity="install", share_pct=100)
    university = Organization.objects.filter(memberships__user=people["university"]).first()
    agreement = (
        Agreement.objects.filter(korean_party=university)
        .exclude(status=Agreement.Status.ENDED)
        .first()
    )
    paper = agreement.papers.create(
        kind="annex", name="annex.pdf", size=5, sha256="-", media_type="application/pdf", side="KR"
    )
    paper.file.save("x", ContentFile(b"%PDF-"))
    return {
        "paper": paper, "papers": papers_of(application),
        "project": research.save_project(
            None, by=people["university"], agreement=agreement, title_en="Dry cathodes", theme="-"
        ),
        "group": _group(university), "partner": _group(agreement.us_party),
        "round": CohortRound.objects.get(organization=university, state="decided"),
        "people": people, "firm": firm, "application": application, "document": document,
        "program": application.program, "agreement": agreement, "university": university,
        "after": after_walk.things(application, dispatch, firm),
        "dispatch": dispatch, "run": Run.objects.create(day=date(2026, 11, 23)),
        "apply_to": Program.objects.filter(status="published", is_sample=True)
        .exclude(applications__candidate=people["student"].candidate)
        .exclude(applications__candidate=people["other_student"].candidate)
        .first(),
    }  # fmt: skip


def _group(organization: Organization) -> ResearchGroup:
    return ResearchGroup.objects.create(
        organization=organization, name_en="Lab", leader="-", email="lab@example.org",
        interests="-", is_open=True,
    )


def addresses(patterns: Any = None, namespace: str = "", prefix: str = "") -> dict[str, str]:
    """name -> route of every address that has a name."""
    found: dict[str, str] = {}
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            found |= addresses(each.url_patterns, inner, route)
        elif isinstance(each, URLPattern) and each.name:
            found[f"{namespace}{each.name}"] = route
    return found


def papers_of(application: Application) -> dict[str, Any]:
    """A training plan with a scan, and a learning agreement, of one application."""
    plan = application.papers.create(
        kind="training_plan", turn="host", version=2, content={"phases": [{"name": "-"}]}
    )
    version = plan.versions.create(number=1, content={}, sha256="-")
    scan = version.signatures.create(
        side="third", name="-", statement="-", on_paper=True, signed_on=date(2026, 11, 1),
        scan_name="scan.pdf", scan_type="application/pdf", voided_at=timezone.now(),
    )  # fmt: skip
    scan.scan.save("x", ContentFile(b"%PDF-"))
    agreement = application.papers.create(kind="learning", turn="candidate")
    return {"plan": plan, "scan": scan, "learning": agreement}


def address_of_paper(name: str, things: dict[str, Any]) -> str:
    papers, slug = things["papers"], things["firm"].slug
    if name == "papers:desk":
        return reverse(name, args=[slug])
    if name == "papers:mine_begin":
        return reverse(name, args=[things["application"].pk])
    if name == "papers:of_application":
        return reverse(name, args=[slug, things["application"].pk])
    plan_is_asked = not name.startswith("papers:mine") or name.endswith("scan")
    paper = papers["plan" if plan_is_asked else "learning"]
    before = [] if name.startswith("papers:mine") else [slug]
    more = {
        "edit": ["site" if plan_is_asked else "credit"], "phase": [1], "act": ["sign"],
        "scan": [papers["scan"].pk],
    }.get(name.rpartition(":")[2].removeprefix("mine_"), [])  # fmt: skip
    return reverse(name, args=[*before, paper.pk, *more])


def address_of(name: str, things: dict[str, Any]) -> str:
    firm, program = things["firm"], things["program"]
    if name in after_walk.DOORS:
        return after_walk.address_of(name, things["after"], firm.slug, things["university"].slug)
    own = {
        "public:program": {"pk": program.pk},
        "public:report": {"pk": program.pk},
        "staff:program": {"pk": program.pk},
        "staff:hub": {"slug": program.hub.slug},
        "staff:project": {"slug": InvestmentProject.objects.values_list("slug", flat=True)[0]},
        "staff:mail": {"key": "review.approved"},
        "public:hub": {"slug": program.hub.slug},
        "public:sector": {"slug": program.sector.slug},
        "public:organization": {"slug": firm.slug},
        "public:pathway": {"slug": "j1_intern"},
        "public:credential": {"slug": "electrician"},
        "candidate:search": {"pk": 1},
        "public:unsubscribe": {"token": "no-such-token"},
        "candidate:not_now": {"pk": program.pk},
        "candidate:journey_feed": {"token": "no-such-token"},
        "candidate:section": {"section": "education"},
        "candidate:autosave": {"section": "skills"},
        "candidate:document": {"pk": things["document"].pk},
        "candidate:apply": {"pk": things["apply_to"].pk},
        "candidate:application": {"pk": things["application"].pk},
        **{
            f"candidate:{name}": {"pk": things["application"].pk}
            for name in ("message", "route", "step", "step_readers", "interview", "interview_ics",
                         "offer_text")
        },
        **{
            f"firm:{name}": {"slug": firm.slug, "pk": things["application"].pk}
            for name in ("note", "message", "scores", "interview", "interview_cancel",
                         "route_filed", "step", "interview_ics", "offer", "offer_prolong",
                         "offer_text")
        },
        "candidate:step_undo": {"pk": things["application"].pk, "held": 1},
        "firm:step_undo": {"slug": firm.slug, "pk": things["application"].pk, "held": 1},
        "firm:join": {"slug": firm.slug, "token": "no-such-invitation"},
        "firm:application": {"slug": firm.slug, "pk": things["application"].pk},
        "firm:document": {
            "slug": firm.slug, "pk": things["application"].pk,
            "document": things["document"].pk,
        },
        "firm:program_section": {"slug": firm.slug, "pk": program.pk, "section": "basics"},
        "firm:program_live": {"slug": firm.slug, "pk": program.pk, "section": "terms"},
        "staff:verify": {"pk": firm.pk},
        "staff:run": {"pk": things["run"].pk},
        "staff:run_act": {"pk": things["run"].pk, "act": "pause"},
        "staff:rule_statement": {"key": "pathways/j1_intern/requires/duration"},
        "staff:rule_pathway": {"slug": "h1b_cap"},
        "api:programs-detail": {"pk": program.pk},
        "api:hubs-detail": {"slug": program.hub.slug},
        "api:sectors-detail": {"slug": program.sector.slug},
    }  # fmt: skip
    if name in own:
        return reverse(name, kwargs=own[name])
    if name in {"university:students", "university:nominations"}:
        return reverse(name, kwargs={"slug": things["university"].slug})
    if name.startswith("papers:"):
        return address_of_paper(name, things)
    if name == "student:round":
        return reverse(name, kwargs={"pk": things["round"].pk})
    if name.startswith("university:round") and name not in {
        "university:rounds", "university:round_new",
    }:  # fmt: skip
        own_round = {"slug": things["university"].slug, "pk": things["round"].pk}
        own_round |= {"step": "open"} if name.endswith("step") else {}
        own_round |= {"row": 1} if name.endswith("rank") else {}
        return reverse(name, kwargs=own_round)
    if name in {"student:leave", "student:nomination"}:
        return reverse(name, kwargs={"pk": 1})
    more = {
        "university:agreement_act": {"act": "end"},
        "university:agreement_add": {"part": "duties"},
        "university:agreement_change": {"part": "duties", "row": 1},
        "university:agreement_paper": {"row": things["paper"].pk},
        "university:student_answer": {}, "university:nomination_act": {"act": "up"},
    }.get(name)  # fmt: skip
    of_project = {
        "university:project": {}, "university:project_edit": {},
        "university:project_act": {"act": "begin"}, "university:project_add": {"part": "people"},
        "university:project_change": {"part": "people", "row": 1},
        "university:review_step": {"row": 1, "step": "again"},
        "university:introduction_act": {"act": "accept"},
    }.get(name)  # fmt: skip
    if of_project is not None:
        at = {"slug": things["university"].slug, "pk": things["project"].pk}
        return reverse(name, kwargs={**at, **of_project})
    if name in {"university:group_edit", "university:group_remove", "university:partner_ask"}:
        other = {"other": things["partner"].pk} if name.endswith("ask") else {}
        at = {"slug": things["university"].slug, "pk": things["group"].pk}
        return reverse(name, kwargs={**at, **other})
    if more is not None:
        at = {"slug": things["university"].slug, "pk": things["agreement"].pk}
        return reverse(name, kwargs={**at, **more})
    if name.startswith("university:agreement") and not name.endswith(("agreements", "_new")):
        return reverse(
            name, kwargs={"slug": things["university"].slug, "pk": things["agreement"].pk}
        )
    if name.startswith(("firm:", "university:")):
        route = addresses()[name]
        kwargs: dict[str, Any] = {"slug": firm.slug}
        if "<int:pk>" in route:
            kwargs["pk"] = (things["dispatch"] if "firm:dispatch" in name else program).pk
        return reverse(name, kwargs=kwargs)
    return reverse(name)


def test_every_address_says_who_may_enter():
    unnamed = {
        name
        for name in addresses()
        if name not in DOORS and not name.startswith(OTHERS)
    }
    assert not unnamed, unnamed
    assert set(DOORS) <= set(addresses()), "a door of the table is gone"


def test_each_page_opens_for_its_own_and_stays_shut_for_others(corridor):
    wrong = []
    for role in sorted(EVERYBODY):
        client = Client(raise_request_exception=False)
        if role != "stranger":
            client.force_login(
                corridor["people"][role], "allauth.account.auth_backends.AuthenticationBackend"
            )
        for name, allowed in DOORS.items():
            address = address_of(name, corridor)
            status = client.get(address).status_code
            expected = {200} if role in allowed else {302, 403, 404, 405}
            if status not in expected:
                wrong.append(f"{role} at {name} ({address}): {status}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def test_what_a_page_sends_is_valid_html(corridor):
    """No misnested or unclosed element, by the parser of the HTML standard; no id twice."""
    clients = {}
    for role in ("student", "firm", "university", "staff", "other_student"):
        clients[role] = Client()
        clients[role].force_login(
            corridor["people"][role], "allauth.account.auth_backends.AuthenticationBackend"
        )
    faults = []
    for name, allowed in DOORS.items():
        for role in [role for role in clients if role in allowed][:1]:
            answer = clients[role].get(address_of(name, corridor))
            if answer.headers["Content-Type"].startswith("text/html"):
                faults += [f"{name} ({role}): {fault}" for fault in _invalid(answer.content)]
    assert not faults, "\n".join(faults)


def _invalid(page: bytes) -> list[str]:
    text = page.decode()
    lines = text.splitlines()
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    return [
        f"{fault} {said.get('name', '')}: {lines[row - 1].strip()[:100]}"
        for (row, _column), fault, said in parser.errors
    ] + [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]


def test_the_admin_is_for_staff_alone(corridor):
    for role, status in {"student": 302, "firm": 302, "staff": 200}.items():
        client = Client()
        client.force_login(
            corridor["people"][role], "allauth.account.auth_backends.AuthenticationBackend"
        )
        assert client.get("/ko/admin/").status_code == status, role


def test_a_stranger_is_refused_where_a_change_is_asked(corridor):
    changes = [name for name, allowed in DOORS.items() if not allowed and name != "public:welcome"]
    for name in changes:
        address = address_of(name, corridor)
        if name == "api:assess":
            assert Client().post(address, {}, content_type="application/json").status_code == 200
            continue
        assert Client().post(address).status_code in {302, 403, 404, 405}, name
    corridor["program"].refresh_from_db()
    assert corridor["program"].status == "published"
    corridor["agreement"].refresh_from_db()
    assert corridor["agreement"].status != Agreement.Status.ENDED


def test_pages_carry_a_strict_content_security_policy(corridor):
    policy = Client().get("/ko/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
