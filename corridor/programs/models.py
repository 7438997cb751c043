"""What hosts post: programs with their duties and requirements."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.language import pick
from corridor.common.models import Dated, Described
from corridor.programs.kinds import Kind


class Program(Dated, Described):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    class PayPeriod(models.TextChoices):
        HOUR = "hour", _("an hour")
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")
        TOTAL = "total", _("in total")
        UNPAID = "unpaid", _("unpaid")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        KOREAN = "ko", _("Korean")
        BOTH = "both", _("Korean and English")

    class Sponsor(models.TextChoices):
        HOST = "host", _("The host itself")
        DESIGNATED = "designated", _("A designated J-1 sponsor")
        UNIVERSITY = "university", _("A U.S. university")
        EMPLOYER = "employer", _("The Korean employer")
        NONE = "none", _("Nobody: candidates need their own status")

    class Degree(models.TextChoices):
        HIGH_SCHOOL = "high_school", _("High school")
        ASSOCIATE = "associate", _("Associate (2-3 years)")
        BACHELOR = "bachelor", _("Bachelor")
        MASTER = "master", _("Master")
        DOCTORATE = "doctorate", _("Doctorate")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="programs"
    )
    agreement = models.ForeignKey(
        "partnerships.Agreement",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="programs",
        verbose_name=_("under the agreement"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    title_ko = models.CharField(_("title (Korean)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    summary_ko = models.TextField(_("summary (Korean)"), blank=True, max_length=1000)
    summary_en = models.TextField(_("summary (English)"), blank=True, max_length=1000)
    description_ko = models.TextField(_("description (Korean)"), blank=True, max_length=12000)
    description_en = models.TextField(_("description (English)"), blank=True, max_length=12000)
    sector = models.ForeignKey(
        "places.Sector",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programs",
        verbose_name=_("sector"),
    )
    # An imported posting may name a place we do not know: it is kept in place_text.
    hub = models.ForeignKey(
        "places.Hub",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programs",
        verbose_name=_("hub"),
    )
    state = models.CharField(_("state"), max_length=2, blank=True)
    place_text = models.CharField(_("place"), max_length=200, blank=True)

    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    apply_by = models.DateField(_("apply by"), null=True, blank=True)
    pay_amount = models.DecimalField(
        _("pay"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    pay_currency = models.CharField(
        _("currency"), max_length=3, choices=[("USD", "USD"), ("KRW", "KRW")], default="USD"
    )
    pay_period = models.CharField(_("pay period"), max_length=8, choices=PayPeriod, blank=True)
    hours_per_week = models.PositiveSmallIntegerField(
        _("hours a week"), null=True, blank=True, validators=[MaxValueValidator(80)]
    )
    language = models.CharField(
        _("working language"), max_length=4, choices=Language, default=Language.ENGLISH
    )
    min_toeic = models.PositiveSmallIntegerField(
        _("English needed (as TOEIC)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(990)],
    )
    min_degree = models.CharField(_("degree needed"), max_length=12, choices=Degree, blank=True)
    degree_is_required = models.BooleanField(_("the degree is a must"), default=False)
    min_experience_months = models.PositiveSmallIntegerField(
        _("experience needed (months)"), null=True, blank=True
    )
    experience_is_required = models.BooleanField(_("the experience is a must"), default=False)
    walks = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    sponsor = models.CharField(
        _("who sponsors the visa"), max_length=12, choices=Sponsor, blank=True
    )
    sponsor_name = models.CharField(_("name of the sponsor"), max_length=160, blank=True)
    candidate_cost_note = models.TextField(_("what a candidate pays"), blank=True, max_length=2000)

    details = models.JSONField(default=dict, blank=True)  # see kinds.DETAILS
    # More facts of the rules that the host has answered: {"program.hours_per_week": 40}
    rule_facts = models.JSONField(default=dict, blank=True)

    # Titles and the names of kind, host and place, letter by letter (see texts.head).
    search_head = models.TextField(blank=True, default="", editable=False)

    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    source = models.CharField(max_length=60, blank=True, default="")
    source_id = models.CharField(max_length=160, blank=True, default="")
    source_url = models.URLField(max_length=500, blank=True)
    # For posts of hosts who are not members: the name as the source has it.
    external_host = models.CharField(_("host named by the source"), max_length=200, blank=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        indexes = [
            models.Index(fields=["status", "kind"]),
            models.Index(fields=["status", "starts_on"]),
            models.Index(fields=["status", "apply_by", "id"], name="program_closing"),
            # All that the counts beside a list of open programs read (see queries._grouped).
            models.Index(
                fields=["kind", "sector", "hub", "state", "sponsor"],
                include=["apply_by", "starts_on"],
                condition=models.Q(status="published"),
                name="program_facets",
            ),
            models.Index(
                fields=["-published_at", "id"],
                condition=models.Q(status="published"),
                name="program_newest",
            ),
            GinIndex(fields=["skill_ids"], name="program_skills"),
            GinIndex(fields=["occupation_ids"], name="program_occupations"),
            GinIndex(fields=["term_ids"], name="program_terms"),
            GinIndex(
                fields=["search_head"], name="program_head", opclasses=["gin_trgm_ops"]
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="one_program_a_source_row",
            ),
            models.CheckConstraint(
                condition=~models.Q(title_ko="", title_en=""),
                name="a_program_has_a_title",
                violation_error_message=_("Give the program a title in Korean or English."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="program_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(apply_by=None)
                | models.Q(apply_by__lte=models.F("starts_on")),
                name="program_apply_before_it_starts",
                violation_error_message=_("Applications must close before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self, "title")

    @property
    def summary(self) -> str:
        return pick(self, "summary")

    @property
    def description(self) -> str:
        return pick(self, "description")

    @property
    def host_name(self) -> str:
        return self.external_host or self.organization.name

    @property
    def duration_days(self) -> int | None:
        """Days from the first to the last, both counted; None while either is open."""
        if self.starts_on is None or self.ends_on is None:
            return None
        return (self.ends_on - self.starts_on).days + 1

    @property
    def duration_months(self) -> float | None:
        """Length in months of 30.44 days, to one decimal."""
        days = self.duration_days
        return None if days is None else round(days / 30.44, 1)


class Duty(models.Model):
    """One duty with its share of the working time. A dispatch's duties add up to 100 %.

    What it is, where it is done and who pays the wage decide which visa routes allow it.
    """

    class Activity(models.TextChoices):
        INSTALL = "install", _("Install")
        COMMISSION = "commission", _("Commission")
        SERVICE = "service", _("Service or repair")
        TRAIN = "train", _("Train local staff")
        SUPERVISE = "supervise_construction", _("Supervise construction")
        CONSTRUCTION = "hands_on_construction", _("Hands-on construction")
        PRODUCTION = "production_work", _("Production work")
        RESEARCH = "research", _("Research")
        LEARN = "learn", _("Learn")
        MEET = "meet", _("Meetings and planning")
        OTHER = "other", _("Other")

    # Both lists are those of the rules (corridor/rules/data/dispatch/duties.yaml).
    class Place(models.TextChoices):
        SUPPLIED_MACHINE = "supplied_machine", _("Customer's plant, on the machine we supplied")
        PLANT_ELSEWHERE = (
            "plant_elsewhere", _("Customer's plant, not on the machine we supplied")
        )  # fmt: skip
        CONSTRUCTION_SITE = (
            "construction_site", _("Construction site, or building works inside a plant")
        )  # fmt: skip
        OFFICE = "office_or_training_room", _("Office or training room")
        KOREA = "in_korea", _("In Korea")

    class Payer(models.TextChoices):
        KOREAN_EMPLOYER = "korean_employer", _("Korean employer")
        US_AFFILIATE = "us_affiliate", _("U.S. affiliate")
        US_CUSTOMER = "us_customer", _("U.S. customer")
        OTHER = "other", _("Other")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="duties")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("duty"), max_length=300)
    activity = models.CharField(_("kind of work"), max_length=24, choices=Activity)
    share_pct = models.PositiveSmallIntegerField(
        _("share of time (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    where = models.CharField(_("where it is done"), max_length=24, choices=Place, blank=True)
    paid_by = models.CharField(_("who pays the wage"), max_length=16, choices=Payer, blank=True)
    # In the host's words, where the lists do not say enough.
    place = models.CharField(_("more about the place"), max_length=120, blank=True)
    payer = models.CharField(_("more about the pay"), max_length=120, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.text


class Requirement(models.Model):
    """Something asked of a candidate: a skill or a credential, a must or a wish."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("Skill")
        CREDENTIAL = "credential", _("License or certificate")
        OTHER = "other", _("Other")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="requirements")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(_("what is asked"), max_length=200)
    # taxonomy skill id or rules credential id; empty for what neither knows
    ref = models.CharField(max_length=80, blank=True)
    is_required = models.BooleanField(_("a must"), default=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class Review(models.Model):
    """One look of staff at a program: asked for by its host, or a take-down.

    A program that waits for its first look stays a draft, so nothing of it is public. `approved`
    holds what the public was shown then (see checking.snapshot), to tell what changed since.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for our staff")
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent_back", _("Sent back")
        TAKEN_DOWN = "taken_down", _("Taken down")
        TAKEN_BACK = "taken_back", _("Taken back by the host")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reviews")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    reasons = ArrayField(models.CharField(max_length=20), default=list)  # ids of moderation.yaml
    note = models.TextField(blank=True, max_length=4000)  # staff's own words; the host reads them
    approved = models.JSONField(default=dict)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"], condition=models.Q(state="waiting"),
                name="one_waiting_review_a_program",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["asked_at"], name="review_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Report(models.Model):
    """Somebody outside says that a program is suspicious. Its host never reads who did, or what.

    `sender` tells two senders apart within a day and names nobody (see reporting.sender).
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=20)  # an id of moderation.yaml
    text = models.TextField(blank=True, max_length=2000)
    contact = models.EmailField(blank=True)
    sender = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["at"], name="report_open", condition=models.Q(settled_at=None)),
            models.Index(fields=["sender", "at"], name="report_sender"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
