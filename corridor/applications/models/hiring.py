"""What a host's team keeps about an applicant: scores and notes, interviews, offers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.applications.models.application import Application
from corridor.common.models import Dated
from corridor.programs.models import Program


class Criterion(models.Model):
    """One thing that every applicant of a program is looked at for. Retired, once it has scores."""

    program = models.ForeignKey(
        "programs.Program", on_delete=models.CASCADE, related_name="criteria"
    )
    text = models.CharField(_("criterion"), max_length=160)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "text"], name="a_criterion_once_a_program")
        ]

    def __str__(self) -> str:
        return self.text


class Scorecard(Dated):
    """One reviewer's view of one applicant. Others read it when it, and their own, is handed in."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="scorecards"
    )
    # None: handed in by a member whose account is deleted. A card not handed in goes with it.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Reads the others' cards and gives no scores.
    only_reads = models.BooleanField(default=False)

    class Meta:
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="one_scorecard_a_reviewer"
            )
        ]

    def __str__(self) -> str:
        return f"scorecard {self.pk}"


class Score(models.Model):
    card = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    evidence = models.TextField(_("what in the file shows it"), max_length=2000)

    class Meta:
        ordering = ["criterion__position", "criterion_id"]
        constraints = [
            models.UniqueConstraint(fields=["card", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(
                condition=models.Q(value__range=(1, 4)), name="a_score_is_from_one_to_four"
            ),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


class TeamNote(models.Model):
    """A host's private note on an applicant. The candidate never reads it."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="team_notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("note"), max_length=4000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Interview(Dated):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Times proposed")
        ASKED = "asked", _("Other times asked for")
        SET = "set", _("Agreed")
        CANCELLED = "cancelled", _("Called off")

    class Form(models.TextChoices):
        VIDEO = "video", _("Video call")
        PHONE = "phone", _("Phone call")
        ON_SITE = "on_site", _("On site")

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="interviews"
    )
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    form = models.CharField(_("how"), max_length=8, choices=Form, default=Form.VIDEO)
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), default=30,
        validators=[MinValueValidator(10), MaxValueValidator(480)],
    )  # fmt: skip
    where = models.CharField(_("link, number or address"), max_length=300, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    # The same event in both calendars, however often it is changed (RFC 5545, 3.8.7.4).
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    reminded = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="set") | models.Q(starts_at__isnull=False),
                name="an_agreed_interview_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"interview {self.pk}"


class Slot(models.Model):
    """A time that the host proposes."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "starts_at"], name="a_slot_once")
        ]

    def __str__(self) -> str:
        return f"slot {self.pk}"


class Offer(Dated):
    """What a host offers to one applicant. A changed offer is a new row; the old one is kept."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered in time")
        REPLACED = "replaced", _("Replaced by a newer one")
        WITHDRAWN = "withdrawn", _("Withdrawn by the host")

    class Item(models.TextChoices):
        VISA_FEES = "visa_fees", _("Visa and government fees")
        SPONSOR_FEE = "sponsor_fee", _("Sponsor’s program fee")
        FLIGHT = "flight", _("Flight")
        HOUSING = "housing", _("Housing")
        INSURANCE = "insurance", _("Health insurance")

    class Payer(models.TextChoices):
        HOST = "host", _("The host pays")
        CANDIDATE = "candidate", _("The candidate pays")
        SHARED = "shared", _("Shared (see the conditions)")
        THIRD = "third", _("A third party pays (see the conditions)")
        NONE = "none", _("Does not arise")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    pay_period = models.CharField(_("pay per"), max_length=10, choices=Program.PayPeriod)
    pay_amount = models.DecimalField(
        _("pay"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    pay_currency = models.CharField(_("currency"), max_length=3, default="USD")
    place = models.CharField(_("place of work"), max_length=200)
    payers = models.JSONField(default=dict)  # Item -> Payer, every item
    pathway = models.CharField(max_length=60, blank=True)  # a route's id; empty: not settled
    conditions = models.TextField(_("conditions"), max_length=4000, blank=True)
    answer_by = models.DateField(_("answer the offer by"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state="open"),
                name="one_open_offer_an_application",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="an_offer_ends_after_it_starts",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"offer {self.pk}"
