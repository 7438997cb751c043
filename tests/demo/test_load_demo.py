"""The demo corridor: enough of it, real-looking, marked as a sample, and safe to load twice."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db.models import Count, Q, Sum
from django.utils import timezone

from corridor import rules
from corridor.accounts.models import Membership, Organization, User
from corridor.applications import leaving
from corridor.applications.countersigned import checks
from corridor.applications.countersigned import queries as papers
from corridor.applications.models import TRANSITIONS, Application, Paper, PaperNotice, State
from corridor.candidates.models import Candidate, HeldCredential
from corridor.demo import loading, people, postings
from corridor.partnerships.models import Agreement
from corridor.places.models import HubAnchor, InvestmentProject
from corridor.programs.kinds import Kind, clean_details
from corridor.programs.models import Program, Requirement
from corridor.programs.services import missing_to_publish

DAY = date(2026, 11, 23)
SAMPLE = re.compile(r"견본|[Ss]ample")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    """The demo loaded once for this file's tests, and taken away after them."""
    with django_db_blocker.unblock():
        call_command("load_ground", verbosity=0)
        loading.load(DAY)
        yield
        loading.remove()
        # The ground goes, too: the next file begins with an empty database.
        call_command("flush", interactive=False, verbosity=0)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_there_are_programs_of_all_seven_kinds() -> None:
    many = Counter(Program.objects.filter(source="demo").values_list("kind", flat=True))
    assert sum(many.values()) >= 160
    assert {kind for kind in Kind.values if many[kind] >= 12} == set(Kind.values)


def test_programs_stand_at_many_real_hubs_and_in_every_sector() -> None:
    published = Program.objects.filter(source="demo", status="published")
    assert published.values("hub").distinct().count() >= 40
    assert published.values("sector").distinct().count() == 12


def test_people_of_all_walks_are_there_and_read_as_different_people() -> None:
    walks = Counter(Candidate.objects.filter(source="demo").values_list("walk", flat=True))
    assert sum(walks.values()) >= 600
    assert all(walks[walk] >= 90 for walk in Candidate.Walk.values)
    texts = Candidate.objects.filter(source="demo").values_list("headline", "about", "skills_text")
    repeated = sum(many - 1 for many in Counter(texts).values())
    assert repeated <= 3


def test_every_published_program_is_complete() -> None:
    programs = Program.objects.filter(source="demo").prefetch_related("duties", "requirements")
    for program in programs:
        program.full_clean(exclude=["organization", "hub", "sector", "agreement"])
        if program.status == "draft":
            continue
        assert missing_to_publish(program) == {}, program.source_id
        assert clean_details(program.kind, program.details, complete=True) == program.details
        assert 1 <= program.duties.count() <= 6
        assert program.requirements.exists()


def test_shares_of_every_dispatch_add_up() -> None:
    shares = (
        Program.objects.filter(source="demo", kind="dispatch")
        .annotate(total=Sum("duties__share_pct"))
        .values_list("total", flat=True)
    )
    assert set(shares) == {100}


def test_some_dispatches_hold_work_that_a_visitor_may_not_do() -> None:
    activities = Program.objects.filter(kind="dispatch").values_list("duties__activity", flat=True)
    assert {"hands_on_construction", "production_work", "supervise_construction"} <= set(activities)


def test_everybodys_profile_is_valid() -> None:
    for candidate in Candidate.objects.filter(source="demo").prefetch_related(
        "educations", "works", "credentials", "languages"
    ):
        candidate.clean_fields(exclude=["user"])  # constraints: the database has held them
        for part in (
            *candidate.educations.all(), *candidate.works.all(), *candidate.credentials.all(),
            *candidate.languages.all(),
        ):  # fmt: skip
            part.clean_fields(exclude=["candidate"])
        assert candidate.educations.all()


def test_nobody_worked_as_a_child() -> None:
    for candidate in Candidate.objects.filter(source="demo").prefetch_related("works"):
        for work in candidate.works.all():
            assert candidate.birth_date is not None
            assert work.started_on.year - candidate.birth_date.year >= 16, candidate.source_id


def test_every_fact_is_one_that_the_rules_know() -> None:
    for model in (Organization, Program, Candidate):
        for facts in model._default_manager.filter(is_sample=True).values_list(
            "rule_facts", flat=True
        ):
            for name, value in facts.items():
                room, _dot, fact = name.partition(".")
                assert rules.parse_case({room: {fact: value}}) == {name: value}


def test_credentials_are_those_of_the_rules_and_skills_those_of_the_taxonomy() -> None:
    known = {one.id for one in rules.credentials()}
    held = HeldCredential.objects.exclude(credential_id="").values_list("credential_id", flat=True)
    asked = Requirement.objects.filter(kind="credential").values_list("ref", flat=True)
    assert set(held) | set(asked) <= known
    skills = Requirement.objects.filter(kind="skill")
    assert skills.exclude(ref="").count() / skills.count() > 0.8


def test_everything_is_marked_as_a_sample() -> None:
    for model in (Organization, Program, Candidate, Agreement):
        rows = model._default_manager.all()
        assert rows.count() and not rows.filter(is_sample=False).exists()
    for organization in Organization.objects.all():
        assert organization.name_ko.startswith("견본 ")
        assert organization.name_en.startswith("Sample ")
    assert all("견본" in user.name for user in User.objects.all())
    assert all(user.email.endswith(".example") for user in User.objects.all())


def test_schools_employers_and_principal_investigators_are_samples_too() -> None:
    for candidate in Candidate.objects.filter(source="demo").prefetch_related(
        "educations", "works"
    ):
        for study in candidate.educations.all():
            assert SAMPLE.match(study.institution)
        for work in candidate.works.all():
            assert SAMPLE.match(work.employer)
    for program in Program.objects.filter(kind="joint_research"):
        for name in ("korean_pi", "us_pi", "korean_institution", "us_institution"):
            assert SAMPLE.search(program.details[name]), program.source_id


def test_no_sample_bears_a_real_firms_name() -> None:
    """Firms, universities and agencies that the ground names (anchors and investors)."""
    real = set(HubAnchor.objects.values_list("name", flat=True))
    for pair in InvestmentProject.objects.values_list("firm_name_ko", "firm_name_en"):
        real.update(pair)
    real = {name.casefold() for name in real if len(name) > 2}
    assert len(real) > 150
    said = [
        *(f"{row.name_ko}\n{row.name_en}" for row in Organization.objects.all()),
        *(user.name + user.name_roman for user in User.objects.all()),
    ]
    for program in Program.objects.filter(source="demo"):
        said += [
            program.title_ko, program.title_en, program.summary_ko, program.summary_en,
            program.description_ko, program.description_en, str(program.details),
            program.sponsor_name, program.external_host,
        ]  # fmt: skip
    for candidate in Candidate.objects.filter(source="demo").prefetch_related("works"):
        said += [candidate.about, *(f"{work.employer} {work.description}"
                                    for work in candidate.works.all())]  # fmt: skip
    text = "\n".join(said).casefold()
    found = {
        name for name in real if re.search(rf"(?<![\w가-힣]){re.escape(name)}(?![\w가-힣])", text)
    }
    assert found == set()


def test_applications_went_only_where_an_application_can_go() -> None:
    states = Counter(Application.objects.values_list("state", flat=True))
    assert set(states) == set(State.values)
    assert sum(states.values()) >= 40
    for application in Application.objects.all():
        state = "draft"
        for event in application.events.filter(kind="moved"):
            assert event.from_state == state
            assert TRANSITIONS[event.from_state, event.to_state] == event.side  # type: ignore[index]
            state = event.to_state
        assert state == application.state
        assert (application.consent is None) == (state == "draft")


def test_a_student_of_the_university_has_a_learning_agreement_that_waits_for_it() -> None:
    paper = Paper.objects.select_related("third").get(kind=Paper.Kind.LEARNING)
    assert (paper.state, paper.turn) == ("signing", "third")
    assert paper.third.slug == "sample-hannuri-university"
    assert set(papers.signatures(paper)) == {"candidate", "host"}
    assert not checks.blocking(paper, day=DAY)
    assert not PaperNotice.objects.filter(told=False).exists()


def test_everybody_who_signs_in_has_something_to_see() -> None:
    by_role = {role: email for role, email, _password in loading.SIGN_INS}
    for role in ("student", "technician", "researcher"):
        candidate = Candidate.objects.get(user__email=by_role[role])
        assert candidate.walk == role
        assert candidate.skill_ids and candidate.rule_facts and candidate.works.exists()
        assert candidate.applications.exists()
    firm = Membership.objects.filter(user__email=by_role["firm"]).values("organization")
    assert Program.objects.filter(organization__in=firm, status="published").count() >= 5
    assert Application.objects.filter(program__organization__in=firm).count() >= 5
    university = Membership.objects.get(user__email=by_role["university"]).organization
    assert university.agreements_as_korean.values("status").distinct().count() >= 3
    american = Membership.objects.get(user__email=by_role["usuniversity"]).organization
    assert american.agreements_as_us.exists() and american.programs.exists()


def test_the_demo_password_opens_every_sign_in_and_nobody_elses_account() -> None:
    for _role, email, password in loading.SIGN_INS:
        assert User.objects.get(email=email).check_password(password)
    others = User.objects.exclude(email__endswith="@demo.example")
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)
    assert User.objects.get(email="staff@demo.example").is_superuser
    assert User.objects.filter(is_staff=True).count() == 1


def test_programs_start_two_to_fourteen_months_ahead_and_some_can_no_longer_be_applied_to() -> None:
    published = Program.objects.filter(source="demo", status="published")
    starts = published.values_list("starts_on", flat=True)
    assert min(starts) >= date(2027, 1, 20)
    assert max(starts) <= date(2028, 2, 29)
    assert published.filter(apply_by__lt=DAY).exists()
    assert published.filter(apply_by__gte=DAY).count() > 140
    assert {"draft", "closed"} <= set(Program.objects.values_list("status", flat=True))


def _picture() -> list[object]:
    """All that a reader could tell apart, without ids."""
    return [
        list(Program.objects.order_by("source_id").values_list(
            "source_id", "title_ko", "description_en", "details", "starts_on", "term_ids")),
        list(Candidate.objects.order_by("source_id").values_list(
            "source_id", "card_code", "about", "skills_text", "kinds", "hubs", "rule_facts",
            "user__name", "user__email")),
        list(Application.objects.order_by("candidate__source_id", "program__source_id").values_list(
            "candidate__source_id", "program__source_id", "state", "submitted_at", "cover_note")),
        list(Candidate.objects.order_by("source_id").annotate(
            many=Count("works")).values_list("many", flat=True)),
    ]  # fmt: skip


def test_loading_again_keeps_what_people_changed_and_a_reset_brings_the_same_demo_back() -> None:
    before = _picture()
    changed = Candidate.objects.get(user__email="student@demo.example")
    changed.headline = "바꾼 한 줄"
    changed.save()
    assert loading.load(DAY) is False
    changed.refresh_from_db()
    assert changed.headline == "바꾼 한 줄"
    assert loading.load(DAY, reset=True) is True
    assert _picture() == before


def test_a_reset_takes_away_what_others_attached_and_leaves_their_own() -> None:
    person = User.objects.create_user("person@real.test")
    candidate = Candidate.objects.create(user=person, walk="student")
    program = Program.objects.filter(source="demo").first()
    Application.objects.create(candidate=candidate, program=program)
    loading.remove()
    assert not Organization.objects.filter(is_sample=True).exists()
    assert not Application.objects.exists()
    assert Candidate.objects.get() == candidate


def test_the_day_moves_the_dates_and_nothing_else() -> None:
    early, late = list(postings.posts(DAY)), list(postings.posts(date(2027, 6, 1)))
    assert [post.fields["title_ko"] for post in early] == [post.fields["title_ko"] for post in late]
    assert all(
        one.fields["starts_on"] < other.fields["starts_on"]
        for one, other in zip(early, late, strict=True)
    )
    first, second = people.people(DAY), people.people(date(2027, 6, 1))
    assert [one.candidate["about"] for one in first] == [one.candidate["about"] for one in second]


def test_the_demo_is_refused_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="never loaded in production"):
        loading.load(DAY, reset=True)
    assert Program.objects.filter(source="demo").exists()


def test_every_sample_person_can_close_their_account_and_be_deleted() -> None:
    """With papers, a stay, a nomination, a problem told in private: nothing holds them back."""
    some = User.objects.filter(candidate__is_sample=True, is_staff=False)
    known = some.filter(
        Q(candidate__applications__isnull=False) | Q(affiliations__isnull=False)
        | Q(problems__isnull=False) | Q(nominations__isnull=False)
    )  # fmt: skip
    wanted = sorted(set(known.values_list("pk", flat=True)))
    assert len(wanted) > 20
    long_ago = timezone.now() - leaving.WAITS * 2
    User.objects.filter(pk__in=wanted).update(closed_at=long_ago, is_active=False)
    assert leaving.delete_closed() == len(wanted)
