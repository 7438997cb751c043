"""An agreement joins a Korean and a U.S. institution and is in force when both have signed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from corridor.accounts.models import User
from corridor.common.models import AuditEntry
from corridor.partnerships import notices, queries, services, tasks, watching
from corridor.partnerships.models import Agreement, Notice
from tests.matching import people
from tests.web.desks import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    korean = people.host("sample-univ-kr", kind="university", country="KR")
    american = people.host("sample-univ-us", kind="university", country="US")
    return {"kr": korean, "us": american, "kim": member(korean), "lee": member(american)}


def drafted(world: dict, **fields) -> Agreement:
    return services.save_agreement(
        None, by=world["kim"], organization=world["kr"], partner=world["us"],
        **{"kind": "research", "title_en": "Joint battery research", **fields},
    )  # fmt: skip


def test_either_side_may_draft_and_each_party_takes_its_place(world):
    made = drafted(world)
    assert (made.korean_party, made.us_party, made.status) == (world["kr"], world["us"], "draft")
    other = services.save_agreement(
        None, by=world["lee"], organization=world["us"], partner=world["kr"],
        kind="mou", title_ko="양해각서",
    )  # fmt: skip
    assert (other.korean_party, other.us_party) == (world["kr"], world["us"])


def test_two_institutions_of_one_country_make_no_agreement(world):
    second = people.host("second-us", country="US")
    with pytest.raises(ValidationError):
        services.save_agreement(
            None, by=world["lee"], organization=world["us"], partner=second,
            kind="mou", title_en="x",
        )  # fmt: skip


def sign(made: Agreement, by, side: str, day: date = date(2026, 11, 20)) -> Agreement:
    return services.sign(made, by=by, side=side, name="김총장", title="총장", day=day)


def in_force(world: dict, **fields) -> Agreement:
    made = services.send(drafted(world, **fields), by=world["kim"])
    sign(made, world["kim"], "KR")
    return sign(made, world["lee"], "US", date(2026, 11, 22))


def test_a_draft_is_sent_signed_by_one_and_in_force_with_the_second_signature(world):
    made = drafted(world)
    with pytest.raises(ValidationError):
        sign(made, world["kim"], "KR")
    assert services.send(made, by=world["kim"]).status == "sent"
    signed = sign(made, world["kim"], "KR")
    assert (signed.status, signed.korean_signer, signed.signed_on) == ("proposed", "김총장", None)
    with pytest.raises(ValidationError):
        sign(made, world["kim"], "KR")
    done = sign(made, world["lee"], "US", date(2026, 11, 22))
    assert (done.status, done.signed_on, done.starts_on) == (
        "active", date(2026, 11, 22), date(2026, 11, 22),
    )  # fmt: skip


def test_nobody_signs_for_the_other_side_or_on_a_day_to_come(world):
    made = services.send(drafted(world), by=world["kim"])
    with pytest.raises(PermissionDenied):
        sign(made, world["kim"], "US")
    with pytest.raises(ValidationError):
        sign(made, world["kim"], "KR", timezone.localdate() + timedelta(days=1))
    with pytest.raises(ValidationError):
        services.sign(made, by=world["kim"], side="KR", name=" ", title="총장",
                      day=date(2026, 11, 1))  # fmt: skip


def test_changing_signed_words_asks_both_sides_again(world):
    made = in_force(world)
    changed = services.save_agreement(made, by=world["lee"], obligations="All costs on Korea")
    assert changed.status == "draft"
    assert changed.korean_confirmed_at is None and changed.us_signer == ""
    assert Notice.objects.filter(what="returned", organization=world["kr"]).count() == 1


def test_what_was_sent_can_be_opened_for_changes_but_not_what_is_in_force(world):
    made = services.send(drafted(world), by=world["kim"])
    sign(made, world["kim"], "KR")
    assert services.send_back(made, by=world["lee"]).status == "draft"
    with pytest.raises(ValidationError):
        services.send_back(in_force(world), by=world["lee"])


def test_a_renewal_copies_the_words_from_the_day_after_and_is_made_once(world):
    made = in_force(world, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), seats=4)
    renewal = services.renew(made, by=world["lee"])
    assert (renewal.status, renewal.seats, renewal.starts_on) == ("draft", 4, date(2028, 1, 1))
    assert renewal.ends_on - renewal.starts_on == made.ends_on - made.starts_on
    assert services.renew(made, by=world["kim"]).pk == renewal.pk


def test_warnings_come_at_180_90_and_30_days_once_to_each_side(world):
    made = in_force(world, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
    told = lambda days: watching.watch(made.ends_on - timedelta(days=days))["renew"]  # noqa: E731
    assert [told(n) for n in (181, 180, 180, 120, 90, 89, 30, 0)] == [0, 2, 0, 0, 2, 0, 2, 0]
    services.renew(made, by=world["kim"])
    assert told(179) == 0


def test_an_agreement_whose_renewal_is_sent_warns_no_more(world):
    made = in_force(world, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
    services.send(services.renew(made, by=world["kim"]), by=world["kim"])
    assert watching.watch(made.ends_on - timedelta(days=30))["renew"] == 0


def test_it_expires_the_day_after_its_last_day_and_both_are_told_once(world):
    made = in_force(world, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
    assert watching.watch(made.ends_on)["expired"] == 0
    assert watching.watch(made.ends_on + timedelta(days=1))["expired"] == 1
    assert watching.watch(made.ends_on + timedelta(days=2))["expired"] == 0
    made.refresh_from_db()
    assert made.status == "expired"
    assert Notice.objects.filter(what="expired").count() == 2


def test_every_notice_is_mailed_once_in_the_language_of_its_reader(world, mailoutbox):
    User.objects.filter(pk=world["lee"].pk).update(language="en")
    made = services.send(drafted(world, title_ko="전지 공동연구 협약"), by=world["kim"])
    notice = Notice.objects.get(what="sent")
    assert (tasks.tell(notice.pk), tasks.tell(notice.pk)) == (1, 0)
    assert mailoutbox[0].subject == "An agreement to sign: Joint battery research"
    assert f"/en/org/{world['us'].slug}/agreements/{made.pk}/" in mailoutbox[0].body
    sign(made, world["lee"], "US")
    tasks.tell(Notice.objects.get(what="signed").pk)
    assert "전지 공동연구 협약" in mailoutbox[1].subject
    assert f"/ko/org/{world['kr'].slug}/agreements/{made.pk}/" in mailoutbox[1].body


def test_a_renewal_notice_says_how_many_days_are_left(world):
    ends = timezone.localdate() + timedelta(days=90)
    in_force(world, starts_on=date(2026, 1, 1), ends_on=ends)
    watching.watch()
    with translation.override("en"):
        _subject, lines, _path = notices.letter(Notice.objects.filter(what="renew").first())
    assert "in 90 days" in lines[0]


def test_a_duty_is_done_by_the_side_that_owes_it_and_reminded_once(world):
    made = in_force(world)
    day = date(2027, 3, 1)
    duty = services.add_obligation(made, by=world["kim"], side="US", text="보험 안내", due_on=day)
    assert watching.watch(day - timedelta(days=15))["duties"] == 0
    assert watching.watch(day - timedelta(days=14))["duties"] == 1
    assert watching.watch(day + timedelta(days=3))["duties"] == 0
    with pytest.raises(PermissionDenied):
        services.mark_done(duty, by=world["kim"])
    assert services.mark_done(duty, by=world["lee"]).done_on == timezone.localdate()
    with pytest.raises(ValidationError):
        services.remove_obligation(duty, by=world["kim"])


def test_papers_are_known_by_their_bytes_and_stay_with_who_brought_them(
    world, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    made = in_force(world)
    with pytest.raises(ValidationError):
        services.add_paper(made, by=world["kim"], side="KR", kind="signed",
                           upload=SimpleUploadedFile("mou.pdf", b"MZ not a pdf"))  # fmt: skip
    paper = services.add_paper(
        made, by=world["kim"], side="KR", kind="signed",
        upload=SimpleUploadedFile("mou.pdf", b"%PDF-1.7 x"),
    )  # fmt: skip
    assert "mou" not in paper.file.name
    with pytest.raises(PermissionDenied):
        services.remove_paper(paper, by=world["lee"])
    with pytest.raises(PermissionDenied):
        services.add_contact(made, by=world["kim"], side="US", name="x", email="x@example.org")


def test_history_tells_each_step_and_is_read_by_the_parties_alone(world):
    made = in_force(world)
    actions = [each.action for each in queries.history(world["lee"], made)]
    assert actions == ["agreement.signed", "agreement.signed", "agreement.sent", "agreement.saved"]
    assert not queries.history(member(people.host("another")), made).exists()


def test_strangers_reviewers_and_former_parties_change_nothing(world):
    made = drafted(world)
    stranger = member(people.host("another"))
    for outsider in (stranger, member(world["kr"], "reviewer"), people.candidate().user):
        for write in (
            lambda who=outsider: services.save_agreement(made, by=who, title_en="mine"),
            lambda who=outsider: services.send(made, by=who),
            lambda who=outsider: services.end(made, by=who),
        ):
            with pytest.raises(PermissionDenied):
                write()
    with pytest.raises(PermissionDenied):
        services.save_agreement(
            None, by=stranger, organization=world["kr"], partner=world["us"],
            kind="mou", title_en="x",
        )  # fmt: skip
    assert Agreement.objects.count() == 1


def test_agreements_are_seen_by_their_parties_and_staff_alone(world):
    made = drafted(world)
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    for person in (world["kim"], world["lee"], staff):
        assert list(queries.visible_to(person)) == [made]
    for person in (AnonymousUser(), member(people.host("another")), people.candidate().user):
        assert not queries.visible_to(person).exists()


def test_an_ended_agreement_stays_as_it_was(world):
    made = drafted(world)
    services.end(made, by=world["kim"])
    with pytest.raises(ValidationError):
        services.save_agreement(made, by=world["kim"], title_en="again")
    with pytest.raises(ValidationError):
        sign(made, world["kim"], "KR")


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)},
        {"title_en": ""},
        {"kind": "marriage"},
        {"status": "active"},
        {"korean_confirmed_at": "2026-01-01"},
    ],
)
def test_impossible_terms_are_refused_and_nothing_is_kept(world, fields):
    made = drafted(world)
    before = AuditEntry.objects.count()
    with pytest.raises(ValidationError):
        services.save_agreement(made, by=world["kim"], obligations="x", **fields)
    made.refresh_from_db()
    assert made.obligations == "" and AuditEntry.objects.count() == before


def test_only_verified_institutions_of_the_other_country_are_offered(world):
    from corridor.accounts.models import Organization

    Organization.objects.create(slug="new-us", kind="firm", country="US", name_en="new")
    assert list(queries.possible_partners(world["kr"])) == [world["us"]]
    assert list(queries.possible_partners(world["us"])) == [world["kr"]]
