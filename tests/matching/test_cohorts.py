"""A round in the database: students choose, hosts rank blind, the outcome is kept and checkable."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from corridor.accounts import services as accounts
from corridor.accounts.models import User
from corridor.matching import round_wording as wording
from corridor.matching.cohorts import queries, services
from corridor.matching.cohorts.models import CohortRound
from corridor.matching.cohorts.telling import Outcome
from corridor.partnerships import services as partnerships
from corridor.partnerships.models import Notice
from tests.matching import people
from tests.web.desks import member, open_program

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def world() -> dict:
    korean = people.host("sample-univ-kr", kind="university", country="KR")
    american = people.host("sample-univ-us", kind="university", country="US")
    kim, lee = member(korean), member(american)
    agreement = partnerships.save_agreement(
        None, by=kim, organization=korean, partner=american, kind="internship", title_en="Interns"
    )
    partnerships.send(agreement, by=kim)
    for by, side in ((kim, "KR"), (lee, "US")):
        agreement = partnerships.sign(
            agreement, by=by, side=side, name="A", title="B", day=TODAY()
        )
    fab = open_program(american, "Fab", agreement=agreement)
    lab = open_program(american, "Lab", agreement=agreement)
    students = []
    for name in "abc":
        user = people.candidate(f"{name}@example.org").user
        made = partnerships.affiliate(by=user, university=korean, department="기계공학과")
        partnerships.answer_affiliation(made, by=kim, confirmed=True)
        students.append(user)
    return {"kr": korean, "us": american, "kim": kim, "lee": lee, "fab": fab, "lab": lab,
            "students": students}  # fmt: skip


def drafted(world: dict, **fields) -> CohortRound:
    return services.create_round(
        by=world["kim"], organization=world["kr"],
        programs=[(world["fab"], 1), (world["lab"], 1)],
        **{"title_en": "Spring", "choose_until": TODAY(), "rank_until": TODAY(),
           "seed_source": "a figure", **fields},
    )  # fmt: skip


@pytest.fixture
def open_gates(monkeypatch):
    """Pairs are judged by the rules elsewhere; here every pair may be matched unless named."""
    barred: dict[tuple[int, int], str] = {}
    monkeypatch.setattr(
        queries, "bar", lambda person, post, *, day: barred.get((person.user_id, post.pk), "")
    )
    return barred


def chosen(world: dict, made: CohortRound) -> CohortRound:
    a, b, c = world["students"]
    fab, lab = world["fab"].pk, world["lab"].pk
    made = services.open_round(made, by=world["kim"])
    for user, wishes in ((a, [fab, lab]), (b, [fab, lab]), (c, [lab, fab])):
        services.choose(made, by=user, programs=wishes)
    return services.close_choosing(made, by=world["kim"])


def code(made: CohortRound, user: User) -> str:
    return made.entrants.get(candidate__user=user).code


def ranked(world: dict, made: CohortRound, fab: list[User], lab: list[User]) -> None:
    for title, order in (("fab", fab), ("lab", lab)):
        services.rank(
            made.programs.get(program=world[title]), by=world["lee"],
            places={code(made, user): at for at, user in enumerate(order, start=1)},
        )  # fmt: skip


def test_everybody_gets_the_best_place_that_both_sides_allow(world, open_gates):
    a, b, c = world["students"]
    made = chosen(world, drafted(world))
    ranked(world, made, fab=[b, a, c], lab=[a, b, c])
    made = services.decide(made, by=world["kim"], seed="2,531.40")
    given = made.certificate["assignment"]
    fab, lab = f"program-{world['fab'].pk}", f"program-{world['lab'].pk}"
    assert [given[code(made, user)] for user in (a, b, c)] == [lab, fab, None]
    outcome = Outcome(made, {fab: "Fab", lab: "Lab"})
    assert outcome.holds
    with translation.override("en"):
        lines = outcome.to_entrant(code(made, a))
    assert lines[0] == "Matched with Lab, your 2nd choice of 2."
    assert lines[1].startswith("1st choice, Fab: all seats (1) went to people ranked before you.")
    assert Notice.objects.filter(what="round_decided", person__in=[a, b, c]).count() == 3


def test_the_kept_file_gives_the_same_certificate_again(world, open_gates, tmp_path):
    a, b, c = world["students"]
    made = chosen(world, drafted(world))
    services.rank(made.programs.get(program=world["fab"]), by=world["lee"],
                  places={code(made, a): 1, code(made, b): 1})  # fmt: skip
    ranked_lab = made.programs.get(program=world["lab"])
    services.rank(ranked_lab, by=world["lee"], places={code(made, c): 1})
    made = services.decide(made, by=world["kim"], seed="2,531.40")
    file, kept, again = (tmp_path / name for name in ("in.json", "kept.json", "again.json"))
    file.write_text(json.dumps(made.inputs))
    kept.write_text(json.dumps(made.certificate))
    call_command("round", file, "--verify", kept)
    call_command("round", file, "--certificate", again)
    assert json.loads(again.read_text()) == made.certificate
    made.inputs["programs"][0]["seats"] = 2
    file.write_text(json.dumps(made.inputs))
    with pytest.raises(CommandError):
        call_command("round", file, "--verify", kept)
    assert not Outcome(made, {}).holds


def test_a_limit_by_home_region_holds_and_both_sides_read_why(world, open_gates, tmp_path):
    a, b, c = world["students"]
    fab, lab = world["fab"].pk, world["lab"].pk
    made = services.create_round(
        by=world["kim"], organization=world["kr"], programs=[(world["fab"], 2), (world["lab"], 1)],
        limit_by="region", limits={fab: {"seoul": 1}}, title_en="Spring", choose_until=TODAY(),
        rank_until=TODAY(), seed_source="a figure",
    )  # fmt: skip
    made = services.open_round(made, by=world["kim"])
    with pytest.raises(ValidationError):  # an unknown group cannot pass a limit
        services.choose(made, by=a, programs=[fab, lab])
    for user, region in ((a, "seoul"), (b, "seoul"), (c, "busan")):
        services.choose(made, by=user, programs=[fab, lab], region=region)
    made = services.close_choosing(made, by=world["kim"])
    ranked(world, made, fab=[a, b, c], lab=[a, b, c])
    made = services.decide(made, by=world["kim"], seed="2,531.40")
    given = made.certificate["assignment"]
    keys = {f"program-{fab}": "Fab", f"program-{lab}": "Lab"}
    assert [keys[given[code(made, user)]] for user in (a, b, c)] == ["Fab", "Lab", "Fab"]
    outcome = Outcome(made, keys)
    assert outcome.holds
    with translation.override("ko"):
        why = outcome.to_entrant(code(made, b))[1]
        assert "서울" in why and "seoul" not in why
        assert any("서울" in line for line in outcome.of_program(f"program-{fab}")[0])
    kept = made.certificate["programs"][f"program-{fab}"]
    assert kept["groups"]["seoul"]["at_most"] == 1, "the certificate says the limit, too"
    file, again = tmp_path / "in.json", tmp_path / "again.json"
    file.write_text(json.dumps(made.inputs))
    call_command("round", file, "--certificate", again)
    assert json.loads(again.read_text()) == made.certificate


def test_a_limit_by_kind_counts_the_profile_as_of_the_day_on_which_lists_are_frozen(
    world, open_gates
):
    a, b, c = world["students"]
    made = services.create_round(
        by=world["kim"], organization=world["kr"], programs=[(world["fab"], 3), (world["lab"], 1)],
        limit_by="kind", limits={world["fab"].pk: {"technician": 0}}, title_en="Spring",
        choose_until=TODAY(), rank_until=TODAY(), seed_source="a figure",
    )  # fmt: skip
    made = services.open_round(made, by=world["kim"])
    for user in (a, b, c):
        services.choose(made, by=user, programs=[world["fab"].pk, world["lab"].pk])
    for user, walk in ((a, "student"), (b, "technician"), (c, "student")):
        user.candidate.walk = walk
        user.candidate.save(update_fields=["walk"])
    made = services.close_choosing(made, by=world["kim"])
    ranked(world, made, fab=[b, a, c], lab=[b])
    made = services.decide(made, by=world["kim"], seed="1")
    with translation.override("en"):
        lines = Outcome(made, {f"program-{world['fab'].pk}": "Fab"}).to_entrant(code(made, b))
    assert "it takes nobody from “Technician”" in lines[1]
    assert made.certificate["assignment"][code(made, b)] == f"program-{world['lab'].pk}"


def test_a_limit_names_a_group_of_the_rounds_dimension(world):
    for limits in ({world["fab"].pk: {"mars": 1}}, {world["fab"].pk: {"technician": 1}},
                   {world["lab"].pk + 999: {"seoul": 1}}):  # fmt: skip
        with pytest.raises(ValidationError):
            drafted(world, limit_by="region", limits=limits)
    assert not CohortRound.objects.exists()


def test_a_barred_pair_is_never_matched_and_the_student_is_told_why(world, open_gates):
    a, b, c = world["students"]
    open_gates[b.pk, world["fab"].pk] = "pathway_unknown"
    made = chosen(world, drafted(world))
    row = made.programs.get(program=world["fab"])
    assert code(made, b) not in {each.code for each in queries.choosers(row)}
    with pytest.raises(ValidationError):
        services.rank(row, by=world["lee"], places={code(made, b): 1})
    ranked(world, made, fab=[c, a], lab=[c, b, a])
    made = services.decide(made, by=world["kim"], seed="1")
    assert made.certificate["assignment"][code(made, b)] is None
    with translation.override("en"):
        lines = Outcome(made, {row.key: "Fab"}).to_entrant(code(made, b))
    assert "no visa route could be confirmed for you here" in lines[1]
    assert queries.ruled_out(row) == {"pathway_unknown": 1}
    with translation.override("en"):
        assert wording.ruled_out(queries.ruled_out(row)) == [
            "For 1 student no visa route could be confirmed here. Unknown is never yes."
        ]


def test_real_pairs_are_judged_by_the_rules_and_the_hosts_musts(world):
    must = open_program(world["us"], "Doctors", agreement=world["fab"].agreement,
                        min_degree="doctorate", degree_is_required=True)  # fmt: skip
    made = services.create_round(
        by=world["kim"], organization=world["kr"], programs=[(must, 1)], title_en="x",
        choose_until=TODAY(), rank_until=TODAY(), seed_source="y",
    )  # fmt: skip
    user = people.candidate(
        "d@example.org", educations=[{"degree": "bachelor", "major": "기계공학",
                                      "status": "graduated"}],
    ).user  # fmt: skip
    joined = partnerships.affiliate(by=user, university=world["kr"], department="x")
    partnerships.answer_affiliation(joined, by=world["kim"], confirmed=True)
    made = services.open_round(made, by=world["kim"])
    services.choose(made, by=user, programs=[must.pk])
    made = services.close_choosing(made, by=world["kim"])
    assert made.entrants.get().barred == {str(must.pk): "gate"}


def test_only_the_university_or_staff_run_it_and_only_hosts_rank_their_own(world, open_gates):
    made = drafted(world)
    with pytest.raises(PermissionDenied):
        services.open_round(made, by=world["lee"])
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    made = services.open_round(made, by=staff)
    stranger = people.candidate("z@example.org").user
    with pytest.raises(PermissionDenied):
        services.choose(made, by=stranger, programs=[world["fab"].pk])
    made = services.close_choosing(made, by=staff)
    with pytest.raises(PermissionDenied):
        services.rank(made.programs.first(), by=world["kim"], places={})


def test_lists_are_frozen_state_by_state(world, open_gates):
    made = chosen(world, drafted(world))
    with pytest.raises(ValidationError):
        services.choose(made, by=world["students"][0], programs=[])
    with pytest.raises(ValidationError):
        services.open_round(made, by=world["kim"])
    made = services.decide(made, by=world["kim"], seed="7")
    for write in (
        lambda: services.decide(made, by=world["kim"], seed="8"),
        lambda: services.cancel(made, by=world["kim"]),
        lambda: services.rank(made.programs.first(), by=world["lee"], places={}),
    ):
        with pytest.raises(ValidationError):
            write()


def test_a_list_is_bounded_and_names_programs_of_the_round_once(world):
    made = services.open_round(drafted(world, most_choices=1), by=world["kim"])
    user, fab, lab = world["students"][0], world["fab"].pk, world["lab"].pk
    for wishes in ([fab, lab], [fab, fab], [fab + 999]):
        with pytest.raises(ValidationError):
            services.choose(made, by=user, programs=wishes)
    assert services.choose(made, by=user, programs=[lab]).choices == [lab]


def test_a_student_who_withdrew_the_consent_is_out_when_choosing_closes(world, open_gates):
    user = world["students"][0]
    made = services.open_round(drafted(world), by=world["kim"])
    services.choose(made, by=user, programs=[world["fab"].pk])
    accounts.withdraw_consent(user.affiliations.get().consent, by=user)
    made = services.close_choosing(made, by=world["kim"])
    assert made.entrants.get().choices == []


def test_a_card_shows_a_host_no_name_and_no_school(world, open_gates):
    made = chosen(world, drafted(world))
    entrant = queries.choosers(made.programs.first())[0]
    card = queries.blind_card(entrant, world["fab"], day=TODAY())
    said = f"{card.card_code} {card.headline} {card.degree} {card.skills}"
    assert entrant.code in said and "견본" not in said
    assert entrant.code != entrant.candidate.card_code


def test_a_host_sees_no_draft_and_a_stranger_nothing(world):
    made = drafted(world)
    assert list(queries.of_organization(world["kim"], world["kr"])) == [made]
    assert not queries.of_organization(world["lee"], world["us"]).exists()
    services.open_round(made, by=world["kim"])
    assert list(queries.of_organization(world["lee"], world["us"])) == [made]
    assert not queries.of_organization(world["kim"], world["us"]).exists()


def test_days_in_the_wrong_order_are_refused(world):
    with pytest.raises(ValidationError):
        drafted(world, rank_until=TODAY() - timedelta(days=1))
