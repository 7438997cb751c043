from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.language import pick
from corridor.common.models import Dated
from corridor.matching.cohorts import groups


def new_code() -> str:
    """A pseudonym of one round: eight letters and digits without those that are misread."""
    return "".join(secrets.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _i in range(8))


class CohortRound(Dated):
    """draft → students choose → hosts rank → decided. What was decided never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        CHOOSING = "choosing", _("Students choose")
        RANKING = "ranking", _("Hosts rank")
        DECIDED = "decided", _("Decided")
        CANCELLED = "cancelled", _("Called off")

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, related_name="cohort_rounds"
    )
    title_ko = models.CharField(_("title (Korean)"), max_length=160, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=160, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    choose_until = models.DateField(_("students choose until"))
    rank_until = models.DateField(_("hosts rank until"))
    most_choices = models.PositiveSmallIntegerField(
        _("most choices a student"), default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )  # fmt: skip
    # By which group seats are limited, if at all; each program says how many (see groups.py).
    limit_by = models.CharField(
        _("seats limited by"), max_length=10, blank=True, choices=groups.CHOICES
    )
    # Said before anybody chooses: the public figure of a later day from which lots are drawn.
    seed_source = models.CharField(_("where the lottery’s seed will come from"), max_length=200)
    # The file that `manage.py round` reads, with seed and lots; and the certificate.
    inputs = models.JSONField(default=dict, blank=True)
    certificate = models.JSONField(default=dict, blank=True)
    judged_on = models.DateField(null=True, blank=True)  # the day of the verdicts
    decided_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_ko="", title_en=""), name="a_cohort_round_has_a_title",
                violation_error_message=_("Give the round a title in Korean or English."),
            ),
            models.CheckConstraint(
                condition=models.Q(rank_until__gte=models.F("choose_until")),
                name="hosts_rank_after_students_chose",
                violation_error_message=_("Hosts rank after students have chosen."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self, "title")


class RoundProgram(models.Model):
    """One program of a round. `places`: entrant's code → place; equal places are a tie; who is
    not named is not taken. `at_most`: group of the round's `limit_by` → most admitted; a group not
    named has no limit."""

    round = models.ForeignKey(CohortRound, on_delete=models.CASCADE, related_name="programs")
    program = models.ForeignKey(
        "programs.Program", on_delete=models.PROTECT, related_name="cohort_rounds"
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    at_most = models.JSONField(default=dict, blank=True)
    places = models.JSONField(default=dict, blank=True)
    ranked_at = models.DateTimeField(null=True, blank=True)
    ranked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "program"], name="one_place_in_a_round")
        ]

    def __str__(self) -> str:
        return f"program {self.program_id} in round {self.round_id}"

    @property
    def key(self) -> str:
        return f"program-{self.program_id}"

    @property
    def limits(self) -> list[str]:
        """The limits by group, as sentences."""
        return groups.limits(self.round.limit_by, self.at_most)


class Entrant(Dated):
    """A student who takes part, under a pseudonym of this round. `choices`: ids of programs, the
    first wish first. `group`: as what the round counts them, where it limits by group. `barred`:
    program id → why this pair can never be matched."""

    round = models.ForeignKey(CohortRound, on_delete=models.CASCADE, related_name="entrants")
    candidate = models.ForeignKey(
        "candidates.Candidate", on_delete=models.CASCADE, related_name="cohort_rounds"
    )
    code = models.CharField(max_length=12, default=new_code)
    choices = ArrayField(models.BigIntegerField(), default=list, blank=True)
    group = models.CharField(max_length=20, blank=True)
    barred = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "candidate"], name="one_entry_in_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="one_code_in_a_round"),
        ]

    def __str__(self) -> str:
        return f"entrant {self.code}"
