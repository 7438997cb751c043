"""A candidate's profile and its evidence.

Birth date, passport number, sex and military status are encrypted; only the rules read them.
`card_code` is the pseudonym under which a firm may see a candidate who chose to be found.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.encryption import EncryptedDate, EncryptedText
from corridor.common.models import Dated, Described


def new_card_code() -> str:
    """Eight letters and digits without those that are misread (0/O, 1/I/L)."""
    return "".join(secrets.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _i in range(8))


def document_path(document: Document, filename: str) -> str:
    """A name that tells nothing: the person's own file name is kept in the row only."""
    return f"documents/{secrets.token_hex(16)}"


class Candidate(Dated, Described):
    class Walk(models.TextChoices):
        STUDENT = "student", _("Student")
        GRADUATE = "graduate", _("Graduate")
        TECHNICIAN = "technician", _("Technician")
        RESEARCHER = "researcher", _("Researcher")

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Only I see my profile")
        FINDABLE = "findable", _("Hosts may find me under a pseudonym")

    class MilitaryStatus(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        EXEMPT = "exempt", _("Exempt")
        NOT_SUBJECT = "not_subject", _("Not subject")
        SERVING = "serving", _("Serving now")
        NOT_COMPLETED = "not_completed", _("Not completed yet")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="candidate"
    )
    card_code = models.CharField(max_length=12, unique=True, default=new_card_code, editable=False)
    walk = models.CharField(_("I am a"), max_length=12, choices=Walk, default=Walk.STUDENT)
    headline = models.CharField(_("one line about you"), max_length=200, blank=True)
    about = models.TextField(_("experience and strengths"), blank=True, max_length=8000)
    research_interests = models.TextField(_("research interests"), blank=True, max_length=4000)
    skills_text = models.TextField(_("skills and equipment"), blank=True, max_length=4000)
    city = models.CharField(_("where you live"), max_length=120, blank=True)
    nationality = models.CharField(_("nationality"), max_length=2, blank=True)
    us_status = models.CharField(_("present U.S. status"), max_length=40, blank=True)

    birth_date = EncryptedDate(_("birth date"), null=True, blank=True)
    sex = EncryptedText(_("sex in the family register"), null=True, blank=True)
    passport_number = EncryptedText(_("passport number"), null=True, blank=True)
    military_status = EncryptedText(_("military service"), null=True, blank=True)

    # preferences
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sectors = ArrayField(models.SlugField(), default=list, blank=True)
    hubs = ArrayField(models.SlugField(), default=list, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    min_months = models.PositiveSmallIntegerField(_("at least (months)"), null=True, blank=True)
    max_months = models.PositiveSmallIntegerField(_("at most (months)"), null=True, blank=True)

    visibility = models.CharField(
        _("who may find me"), max_length=10, choices=Visibility, default=Visibility.PRIVATE
    )
    # What the programs put aside taught: "kind:dispatch", "sector:steel", "hub:savannah". Written
    # with them and by nothing else (see candidates.aside).
    avoided = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, editable=False
    )
    # Answers to the rules' questions: {"candidate.english_verified": true}. Names and types are
    # those of the rules' fact registry; an absent name is unknown.
    rule_facts = models.JSONField(default=dict, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)
    source = models.CharField(max_length=60, blank=True, default="", editable=False)
    source_id = models.CharField(max_length=120, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="one_candidate_a_source_row",
            ),
            models.CheckConstraint(
                condition=models.Q(available_until=None)
                | models.Q(available_from=None)
                | models.Q(available_until__gte=models.F("available_from")),
                name="available_until_after_from",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=models.Q(max_months=None)
                | models.Q(min_months=None)
                | models.Q(max_months__gte=models.F("min_months")),
                name="max_months_at_least_min",
                violation_error_message=_("The longest stay must not be under the shortest."),
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.card_code}"


class Education(models.Model):
    class Degree(models.TextChoices):
        HIGH_SCHOOL = "high_school", _("High school")
        ASSOCIATE = "associate", _("Associate (2-3 years)")
        BACHELOR = "bachelor", _("Bachelor")
        MASTER = "master", _("Master")
        DOCTORATE = "doctorate", _("Doctorate")

    class Status(models.TextChoices):
        ENROLLED = "enrolled", _("Enrolled full-time")
        LEAVE = "leave", _("On leave")
        GRADUATED = "graduated", _("Graduated")
        LEFT = "left", _("Left without a degree")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="educations")
    institution = models.CharField(_("school"), max_length=160)
    country = models.CharField(_("country"), max_length=2, default="KR")
    degree = models.CharField(_("degree"), max_length=12, choices=Degree)
    major = models.CharField(_("major"), max_length=160, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("graduation (or expected)"), null=True, blank=True)
    is_accredited_engineering = models.BooleanField(
        _("engineering accreditation (ABEEK)"), null=True, blank=True
    )

    class Meta:
        ordering = ["-ended_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(started_on=None)
                | models.Q(ended_on=None)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="education_ends_after_it_starts",
                violation_error_message=_("Graduation must not be before enrolment."),
            )
        ]

    def __str__(self) -> str:
        return f"education {self.pk}"


class Work(models.Model):
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="works")
    employer = models.CharField(_("employer"), max_length=160)
    title = models.CharField(_("job"), max_length=160)
    country = models.CharField(_("country"), max_length=2, default="KR")
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until (empty: still there)"), null=True, blank=True)
    description = models.TextField(_("what you did"), blank=True, max_length=4000)
    # Nothing told is neither yes nor no: a trainee visa counts months of work in one's own field.
    related = models.BooleanField(
        _("in my field"), null=True, blank=True,
        help_text=_("A J-1 trainee's months count only work in their own field."),
    )  # fmt: skip

    class Meta:
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("started_on")),
                name="work_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return f"work {self.pk}"


class HeldCredential(models.Model):
    """A license, certificate or course. `credential_id` joins it to the rules where known."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="credentials")
    name = models.CharField(_("license or certificate"), max_length=160)
    credential_id = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return f"credential {self.pk}"

    def clean(self) -> None:
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise ValidationError({"expires_on": _("It cannot end before it was issued.")})


class LanguageScore(models.Model):
    class Test(models.TextChoices):
        TOEIC = "toeic", "TOEIC"
        TOEFL = "toefl", "TOEFL iBT"
        IELTS = "ielts", "IELTS"
        OPIC = "opic", "OPIc"
        TOEIC_SPEAKING = "toeic_speaking", "TOEIC Speaking"
        TOPIK = "topik", "TOPIK"

    # The lowest and highest score each test gives; OPIc gives levels alone.
    RANGES = {
        Test.TOEIC: (10, 990),
        Test.TOEFL: (0, 120),
        Test.IELTS: (0, 9),
        Test.TOEIC_SPEAKING: (0, 200),
        Test.TOPIK: (0, 300),
    }

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="languages")
    test = models.CharField(_("test"), max_length=16, choices=Test)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=1, null=True, blank=True)
    level = models.CharField(_("level"), max_length=12, blank=True, help_text="IH, AL, 6급 …")
    taken_on = models.DateField(_("taken on"), null=True, blank=True)

    class Meta:
        ordering = ["test", "-taken_on"]

    def __str__(self) -> str:
        return f"language score {self.pk}"

    def clean(self) -> None:
        low, high = self.RANGES.get(self.test, (None, None))
        if self.score is None or low is None:
            return
        if not low <= self.score <= high:
            raise ValidationError(
                {"score": _("This test gives %(low)s to %(high)s.") % {"low": low, "high": high}}
            )


class Document(Dated):
    class Kind(models.TextChoices):
        CV = "cv", _("CV")
        TRANSCRIPT = "transcript", _("Transcript")
        CERTIFICATE = "certificate", _("Certificate")
        PORTFOLIO = "portfolio", _("Portfolio")
        OTHER = "other", _("Other")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("file name"), max_length=160)
    file = models.FileField(upload_to=document_path)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"document {self.pk}"


class CvReading(Dated):
    """What a CV was read to say, until its owner has confirmed it (see onboarding).

    `told` is JSON: proposed values and the lines in which they stand. Never the file itself.
    """

    candidate = models.OneToOneField(
        Candidate, on_delete=models.CASCADE, related_name="cv_reading"
    )
    file_name = models.CharField(max_length=160)
    told = EncryptedText()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"cv reading {self.pk}"


class PutAside(Dated):
    """A program that its candidate does not want to see now, and why. It can be taken back."""

    class Reason(models.TextChoices):
        TOO_FAR = "too_far", _("The place does not suit me")
        PAY = "pay", _("The pay does not suffice")
        DATES = "dates", _("The dates do not suit me")
        KIND = "kind", _("I do not want this kind of program")
        FIELD = "field", _("This is not my field")
        NOT_ALLOWED = "not_allowed", _("No visa route or license works for me")
        OTHER = "other", _("Something else")

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="put_aside")
    program = models.ForeignKey(
        "programs.Program", on_delete=models.CASCADE, related_name="put_aside"
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    # What it taught when it was put aside, such as "kind:dispatch"; empty where it only hides.
    taught = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "program"], name="a_program_put_aside_once"
            )
        ]

    def __str__(self) -> str:
        return f"program {self.program_id} put aside"


class CalendarLink(Dated):
    """The secret address of a person's own calendar feed. Whoever holds it reads the feed.

    Looked up by its SHA-256; the token itself is kept encrypted, to be shown to its owner again.
    """

    candidate = models.OneToOneField(
        Candidate, on_delete=models.CASCADE, related_name="calendar_link"
    )
    token = EncryptedText()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"calendar link {self.pk}"


class SavedSearch(Dated):
    """A search for programs that its owner wants to hear of again (see matching.saved)."""

    class Alert(models.TextChoices):
        MAIL = "mail", _("By mail, once a day when there is something new")
        SITE = "site", _("Only here, when I sign in")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(max_length=1000)  # the address of the search, after its "?"
    alert = models.CharField(_("tell me"), max_length=4, choices=Alert, default=Alert.MAIL)
    # Programs published after these moments are new: to the mail, and to the eye.
    told_until = models.DateTimeField()
    seen_until = models.DateTimeField()
    unseen = models.PositiveIntegerField(default=0)  # counted once a day

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "query"], name="a_search_saved_once")
        ]

    def __str__(self) -> str:
        return f"saved search {self.pk}"
