"""Runs over everybody: a record a person can read, its blocks, and both sides' best rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Yardstick(models.Model):
    """What scores are measured with: how rare each term is among programs, and which cosines
    count as no likeness and as full likeness. One row, so that a page and a run agree.

    `terms` (sorted) and `counts` are little-endian int32 arrays of one length.
    """

    made_at = models.DateTimeField()
    programs = models.PositiveIntegerField(default=0)
    terms = models.BinaryField(default=bytes)
    counts = models.BinaryField(default=bytes)
    vector_revision = models.CharField(max_length=80, blank=True, default="")
    cosine_low = models.FloatField(default=0.0)
    cosine_high = models.FloatField(default=0.8)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_yardstick")]

    def __str__(self) -> str:
        return f"yardstick of {self.made_at:%Y-%m-%d %H:%M}"


class Run(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Canceled")

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    day = models.DateField()  # the day for which the rules were read
    rules_revision = models.CharField(max_length=80, blank=True)
    vector_revision = models.CharField(max_length=80, blank=True)
    candidates = models.PositiveIntegerField(default=0)
    programs = models.PositiveIntegerField(default=0)
    pairs = models.PositiveBigIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.finished_at is None:
            return None
        return float((self.finished_at - self.started_at).total_seconds())


class Block(models.Model):
    """Candidates with first_id <= id <= last_id, against all programs of the run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="blocks")
    number = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    pairs = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_block_a_number")
        ]

    def __str__(self) -> str:
        return f"block {self.number} of run {self.run_id}"


class Match(models.Model):
    """A pair kept by a run: among the candidate's best, the program's best, or both."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="matches")
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="matches")
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.CASCADE)
    program = models.ForeignKey("programs.Program", on_delete=models.CASCADE)
    score = models.FloatField()  # 0 to 1
    parts = models.JSONField(default=dict)  # part name -> weighted points; they add up to score
    pathway = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    rank_for_candidate = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_for_program = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "candidate", "program"], name="one_match_a_pair")
        ]
        indexes = [
            models.Index(fields=["run", "candidate", "rank_for_candidate"]),
            models.Index(fields=["run", "program", "rank_for_program"]),
        ]
        verbose_name_plural = "matches"

    def __str__(self) -> str:
        return f"match {self.pk}"
