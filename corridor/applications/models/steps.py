"""What a person recorded of the visa steps of an application, such as a visa issued; and what its
candidate was reminded of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.applications.models.application import Application


class StepRecord(models.Model):
    """That a mark of a step (see rules.progress) holds since `day`. A slip is undone and stays in
    the table, so that it is known who said what."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps")
    pathway = models.CharField(max_length=60)
    step = models.CharField(max_length=60)
    mark = models.CharField(max_length=60)
    day = models.DateField(_("day"))
    side = models.CharField(max_length=10)  # who recorded it: candidate or host
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "pathway", "step", "mark"],
                condition=models.Q(undone_at=None), name="one_standing_record_of_a_mark",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"step record {self.pk}"


class StepReminder(models.Model):
    """That a step of the candidate's own must begin in a week, on the next day, or should have
    begun: of one step once of each, so that none is sent twice. `is_last`: that the day is the last
    possible one, where the safe one has passed."""

    class Kind(models.TextChoices):
        WEEK = "week"
        DAY = "day"
        LATE = "late"

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="step_reminders"
    )
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=4, choices=Kind)
    is_last = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "step", "kind", "is_last"], name="one_reminder_of_a_step"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="step_untold", condition=models.Q(told=False))
        ]

    def __str__(self) -> str:
        return f"step reminder {self.pk}"
