"""A CV fills a profile only as far as its owner confirms, value by value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from corridor.candidates import onboarding
from corridor.candidates.models import Candidate, CvReading
from corridor.common.models import AuditEntry
from tests.matching import people
from tests.web.desks import client_of

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "cv"
REVIEW = "candidate:cv_review"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def me(settings, tmp_path) -> Candidate:
    settings.MEDIA_ROOT = tmp_path
    made = people.candidate()
    made.user.name = ""
    made.user.save()
    return made


def sample(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (SAMPLES / name).read_bytes())


def read(me: Candidate, name: str = "k01.hwp", *, keep: bool = False) -> CvReading:
    return onboarding.read_cv(me, by=me.user, upload=sample(name), keep=keep)


def posted(me: Candidate, **over: str) -> dict[str, str]:
    """The review's form as it stands on the page."""
    page = client_of(me.user).get(reverse(REVIEW))
    made: dict[str, str] = {}
    for item in (*page.context["facts"], *page.context["private"]):
        made[item["value"].html_name] = item["value"].value() or ""
        if item["conflicts"] or not item["form"].fact.private:
            made[item["pick"].html_name] = "keep" if item["conflicts"] else "on"
    for group in page.context["groups"]:
        for entry in group["entries"]:
            for part in entry.get("fields", []):
                made[part["field"].html_name] = part["field"].value() or ""
            for pick in entry.get("picks", []):
                made[pick["field"].html_name] = pick["field"].value()
            if "pick" in entry:
                made[entry["pick"].html_name] = "on"
    return {**made, **over}


def test_reading_writes_nothing_into_the_profile(me):
    read(me)
    me.refresh_from_db()
    assert not me.skills_text
    assert not me.educations.exists()
    assert not me.works.exists()
    assert not me.documents.exists()


def test_what_is_ticked_is_saved_and_the_reading_is_gone(me):
    read(me)
    answer = client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1"))
    assert answer.status_code == 302, answer.context["groups"]
    me.refresh_from_db()
    assert me.user.name == "김하늘"
    assert me.city == "청주시"
    assert {(e.institution, e.degree, e.status) for e in me.educations.all()} == {
        ("한솔고등학교", "high_school", "graduated"), ("가람대학교", "bachelor", "graduated"),
    }  # fmt: skip
    work = me.works.get()
    assert (work.employer, work.started_on) == ("㈜다온배터리", date(2023, 3, 1))
    assert work.ended_on is None
    assert me.languages.get().score == 815
    assert me.credentials.filter(name="일반기계기사", issued_on=date(2022, 6, 1)).exists()
    assert "plc-programming" in me.skill_ids
    assert not CvReading.objects.exists()


def test_military_service_and_the_birth_date_stay_out_unless_ticked(me):
    read(me)
    client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1"))
    me.refresh_from_db()
    assert me.military_status is None
    assert me.birth_date is None
    read(me)
    ticks = {"military_status-pick": "on", "birth_date-pick": "on"}
    client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1", **ticks))
    me.refresh_from_db()
    assert me.military_status == "completed"
    assert me.birth_date == date(1998, 4, 12)


def test_take_everything_still_leaves_private_facts_out(me):
    read(me)
    data = {name: value for name, value in posted(me).items() if not name.endswith("-pick")}
    ticks = [name for name in posted(me) if name.endswith("-pick") and "military" not in name]
    client_of(me.user).post(reverse(REVIEW), {**data, "all": "1", "tick": ticks})
    me.refresh_from_db()
    assert me.educations.count() == 2
    assert me.military_status is None


def test_one_entry_can_be_taken_alone_and_the_rest_waits(me):
    read(me)
    client_of(me.user).post(reverse(REVIEW), posted(me, only="works-0"))
    assert me.works.count() == 1
    assert not me.educations.exists()
    left = onboarding.review(me, CvReading.objects.get())
    assert "works-0" not in {entry.key for entry in left.entries}
    assert {entry.list for entry in left.entries} == {"educations", "credentials", "languages"}


def test_what_was_unticked_is_not_saved(me):
    read(me)
    data = posted(me, ticked="1")
    del data["city-pick"], data["works-0-pick"]
    client_of(me.user).post(reverse(REVIEW), data)
    me.refresh_from_db()
    assert me.city == ""
    assert not me.works.exists()
    assert me.educations.count() == 2


def test_a_correction_is_saved_instead_of_what_was_read(me):
    read(me)
    data = posted(me, ticked="1", **{"works-0-title": "설비보전 팀장", "city-value": "오창읍"})
    client_of(me.user).post(reverse(REVIEW), data)
    me.refresh_from_db()
    assert me.works.get().title == "설비보전 팀장"
    assert me.city == "오창읍"


def test_a_missing_field_is_asked_for_and_nothing_is_saved_meanwhile(me):
    read(me)
    wrong = {"works-0-started_on": "", "city-value": "오창읍"}
    answer = client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1", **wrong))
    assert answer.status_code == 200
    assert "오창읍" in answer.content.decode()
    me.refresh_from_db()
    assert me.city == ""
    assert not me.educations.exists()
    assert CvReading.objects.exists()


def test_where_profile_and_cv_differ_both_stand_side_by_side_and_the_profile_wins(me):
    me.city = "서울특별시"
    me.skills_text = "용접"
    me.save()
    me.educations.create(institution="가람대학교", degree="bachelor", major="전자공학과",
                         status="graduated", started_on=date(2017, 3, 1))  # fmt: skip
    read(me)
    page = client_of(me.user).get(reverse(REVIEW)).content.decode()
    assert "서울특별시" in page
    assert "청주시" in page
    assert "전자공학과" in page
    client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1"))
    me.refresh_from_db()
    assert me.city == "서울특별시"
    assert me.skills_text == "용접"
    kept = me.educations.get(institution="가람대학교")
    assert kept.major == "전자공학과"
    assert kept.ended_on == date(2023, 2, 1)  # the profile did not say it: no contradiction
    assert me.educations.count() == 2


def test_the_cv_wins_where_its_owner_says_so(me):
    me.city, me.skills_text = "서울특별시", "용접"
    me.save()
    me.educations.create(
        institution="가람대학교", degree="bachelor", major="전자공학과", status="graduated"
    )
    read(me)
    picks = {"city-pick": "take", "skills_text-pick": "both"}
    key = "educations-1-major"
    client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1", **picks, **{key: "take"}))
    me.refresh_from_db()
    assert me.city == "청주시"
    assert me.skills_text.startswith("용접\n")
    assert "AutoCAD" in me.skills_text
    assert me.educations.get(institution="가람대학교").major == "기계공학과"


def test_what_the_profile_says_already_is_not_asked_again(me):
    read(me)
    client_of(me.user).post(reverse(REVIEW), posted(me, ticked="1"))
    me.refresh_from_db()
    review = onboarding.review(Candidate.objects.get(pk=me.pk), read(me))
    assert not review.entries
    assert {fact.name for fact in review.facts} <= {"birth_date", "military_status"}
    assert review.known > 10


def test_each_value_stands_with_its_line_and_place(me):
    read(me, "k06.pdf")
    page = client_of(me.user).get(reverse(REVIEW)).content.decode()
    assert "정보처리산업기사" in page
    assert "page 1, table 1, row" in page


def test_the_file_is_kept_only_where_asked_and_even_if_it_cannot_be_read(me):
    read(me)
    assert not me.documents.exists()
    read(me, keep=True)
    assert me.documents.get().media_type == "application/x-hwp"
    broken = SimpleUploadedFile("cv.pdf", b"%PDF-1.7\nnothing more")
    with pytest.raises(ValidationError):
        onboarding.read_cv(me, by=me.user, upload=broken, keep=True)
    assert me.documents.count() == 2


def test_no_resident_number_is_kept_in_any_form(me):
    reading = read(me)
    assert "주민" not in reading.told or "1234567" not in reading.told
    assert "980412" not in reading.told
    assert not AuditEntry.objects.filter(values__icontains="1234567").exists()


def test_a_reading_is_encrypted_at_rest(me):
    from django.db import connection

    read(me)
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM candidates_cvreading")
        (stored,) = cursor.fetchone()
    assert "가람대학교" not in stored
    assert "proposal" not in stored


def test_only_the_owner_reads_into_a_profile(me):
    other = people.candidate("other@example.org")
    with pytest.raises(PermissionDenied):
        onboarding.read_cv(me, by=other.user, upload=sample("k01.hwp"), keep=False)
    read(me)
    assert client_of(other.user).get(reverse(REVIEW)).status_code == 302


def test_putting_away_deletes_what_was_read_and_changes_nothing(me):
    read(me)
    client_of(me.user).post(reverse("candidate:cv_put_away"))
    assert not CvReading.objects.exists()
    assert not me.educations.exists()


def test_an_old_reading_is_forgotten(me):
    read(me)
    CvReading.objects.update(updated_at="2020-01-01T00:00:00Z")
    assert onboarding.of(me) is None
    assert onboarding.forget_old() == 1


def test_the_upload_page_reads_a_file_and_leads_on(me):
    client = client_of(me.user)
    answer = client.post(reverse("candidate:cv"), {"file": sample("e01.docx")})
    assert answer.status_code == 302
    assert answer.url == reverse(REVIEW)


def test_an_unreadable_file_is_explained_in_the_readers_language(me):
    client = client_of(me.user)
    answer = client.post(
        reverse("candidate:cv"), {"file": SimpleUploadedFile("cv.exe", b"MZ" + b"\0" * 100)}
    )
    assert "not a PDF, DOCX, HWP or HWPX" in answer.content.decode()
    assert answer.status_code == 200


def test_a_new_candidates_page_offers_the_cv(me):
    page = client_of(me.user).get(reverse("candidate:home")).content.decode()
    assert reverse("candidate:cv") in page
