"""A firm's dispatch roster: travelers and their stays, and local apprentices beside them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.applications.models.placement import Placement
from corridor.common.models import Dated

_ENTRY = "entered_on"


class Traveler(Dated):
    """Somebody whom a firm sends: with a placement on Corridor, or by a name of the firm's own
    choosing. No passport number, birth date or nationality is kept here."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="travelers"
    )
    program = models.ForeignKey(
        "programs.Program", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="travelers", verbose_name=_("dispatch program"),
    )  # fmt: skip
    placement = models.OneToOneField(
        Placement, null=True, blank=True, on_delete=models.CASCADE, related_name="traveler"
    )
    label = models.CharField(_("name or number on this roster"), max_length=80)

    class Meta:
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "label"], name="a_traveler_once_a_roster",
                violation_error_message=_("This name is on the roster already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"traveler {self.pk}"


class TravelStay(Dated):
    """One stay in the U.S., from the day of entry to the day of exit."""

    traveler = models.ForeignKey(Traveler, on_delete=models.CASCADE, related_name="stays")
    pathway = models.CharField(_("visa route"), max_length=60)
    entered_on = models.DateField(_("day of entry"))
    leaves_on = models.DateField(_("planned day of exit"), null=True, blank=True)
    left_on = models.DateField(_("actual day of exit"), null=True, blank=True)
    admit_until = models.DateField(_("“Admit Until” of the Form I-94"), null=True, blank=True)

    class Meta:
        ordering = ["entered_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    (models.Q(leaves_on=None) | models.Q(leaves_on__gte=models.F(_ENTRY)))
                    & (models.Q(left_on=None) | models.Q(left_on__gte=models.F(_ENTRY)))
                    & (models.Q(admit_until=None) | models.Q(admit_until__gte=models.F(_ENTRY)))
                ),
                name="a_stay_ends_after_it_begins",
                violation_error_message=_("This day must not be before the day of entry."),
            )
        ]

    def __str__(self) -> str:
        return f"stay {self.pk}"


class Pair(Dated):
    """A local apprentice and the dispatched technician who teaches them, with a plan of goals."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="pairs"
    )
    program = models.ForeignKey(
        "programs.Program", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="pairs", verbose_name=_("apprenticeship program"),
    )  # fmt: skip
    apprentice = models.CharField(_("apprentice (name or number)"), max_length=80)
    technician = models.ForeignKey(
        Traveler, null=True, blank=True, on_delete=models.SET_NULL, related_name="pairs"
    )
    teaches = models.TextField(_("what the technician teaches"), max_length=2000)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    technician_agreed_at = models.DateTimeField(null=True, blank=True)
    technician_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    apprentice_agreed_at = models.DateTimeField(null=True, blank=True)
    apprentice_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="a_pair_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"

    @property
    def is_agreed(self) -> bool:
        return self.technician_agreed_at is not None and self.apprentice_agreed_at is not None


class Goal(models.Model):
    """What the apprentice can do alone by a day."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="goals")
    text = models.CharField(_("goal"), max_length=240)
    by = models.DateField(_("by"))
    reached_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["by", "pk"]

    def __str__(self) -> str:
        return self.text


class PlacementNotice(models.Model):
    """That something is to be told to one person or one organization, once. `about` tells it from
    others of its kind: a day, a step."""

    class What(models.TextChoices):
        START = "start", _("Please confirm the start")
        STARTED = "started", _("A start was confirmed")
        CHECK_IN = "check_in", _("A check-in is due")
        CHECK_IN_AGAIN = "check_in_again", _("A check-in waits")
        CHECK_IN_MISSED = "check_in_missed", _("A check-in was missed")
        SHARED = "shared", _("A check-in was shared")
        CERTIFICATE = "certificate", _("A certificate was made")
        REVOKED = "revoked", _("A certificate was revoked")
        PROBLEM = "problem", _("A problem was raised")
        PROBLEM_ANSWER = "problem_answer", _("An answer to a problem")
        PROBLEM_LATE = "problem_late", _("A problem waits too long")
        STAY = "stay", _("A stay ends soon")

    what = models.CharField(max_length=16, choices=What)
    # One of these is set; for staff (CHECK_IN_MISSED, PROBLEM …) neither is.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    check_in = models.ForeignKey(
        "applications.CheckIn", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    application = models.ForeignKey(
        "applications.Application", null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    problem = models.ForeignKey(
        "applications.Problem", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    stay = models.ForeignKey(
        TravelStay, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    about = models.CharField(max_length=60)
    made_at = models.DateTimeField(auto_now_add=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "person", "organization", "about"], nulls_distinct=False,
                name="a_placement_notice_once",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["id"], name="placement_notice_untold", condition=models.Q(told=False)
            )
        ]

    def __str__(self) -> str:
        return f"placement notice {self.pk}"
