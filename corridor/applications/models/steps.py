"""What a person recorded of the visa steps of an application: a paper that came, a visa issued."""

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
