"""Runs over everybody: a record a person can read, its blocks, and both sides' best."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from corridor.matching.cohorts.models import CohortRound, Entrant, RoundProgram  # noqa: F401


class RealField(models.FloatField):
    """Four bytes: a score is computed in float32."""

    def db_type(self, connection: object) -> str:
        return "real"


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
        PAUSED = "paused", pgettext_lazy("run", "Paused")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Canceled")

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    day = models.DateField()  # the day for which the rules were read
    # What every block must be scored with: a block that finds others in use refuses.
    rules_revision = models.CharField(max_length=80, blank=True)
    vector_revision = models.CharField(max_length=80, blank=True)
    yardstick_at = models.DateTimeField(null=True, blank=True)
    candidates = models.PositiveIntegerField(default=0)
    programs = models.PositiveIntegerField(default=0)
    # Counted as blocks are done, so that watching a run reads one row.
    blocks_made = models.PositiveIntegerField(default=0)
    blocks_done = models.PositiveIntegerField(default=0)
    pairs = models.PositiveBigIntegerField(default=0)
    # What the small integers in its lists stand for.
    parts = ArrayField(models.CharField(max_length=40), default=list)
    pathways = ArrayField(models.CharField(max_length=60, blank=True), default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)  # its blocks, to the broker
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)  # a code and values, said by record.problem_of

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING, self.State.PAUSED)

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
    worker = models.CharField(max_length=120, blank=True, default="")  # who began it last
    begun = models.PositiveSmallIntegerField(default=0)  # how often
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_block_a_number")
        ]

    def __str__(self) -> str:
        return f"block {self.number} of run {self.run_id}"


class Entrants(models.Model):
    """What one block adds to the programs' lists: packed pairs (lists.PAIR), until the finish."""

    block = models.OneToOneField(Block, on_delete=models.CASCADE, primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="entrants")
    pairs = models.BinaryField()

    def __str__(self) -> str:
        return f"entrants of block {self.pk}"


class Best(models.Model):
    """One side's best of the other, best first, as columns of one row (read by `snapshot`).

    A row a pair would be 21 million rows a run at national scale; this is one a candidate and one
    a program. `floor`: nobody outside the list scores above it (0: nobody is outside).
    """

    scores = ArrayField(RealField())  # 0 to 1
    points = ArrayField(models.SmallIntegerField())  # a row of run.parts for each pair, lists.UNIT
    verdicts = ArrayField(models.SmallIntegerField())  # places in scoring.VERDICTS
    pathways = ArrayField(models.SmallIntegerField())  # places in run.pathways
    floor = RealField(default=0.0)
    changed_at = models.DateTimeField(null=True)  # recomputed since the run, without a run

    class Meta:
        abstract = True


class BestPrograms(Best):
    """A candidate's best open programs."""

    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="best_programs", db_index=False
    )
    candidate = models.ForeignKey(
        "candidates.Candidate", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    programs = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "run"], name="one_list_a_candidate")
        ]
        # the lists in which a changed program stands (see refreshing), without reading a million
        indexes = [GinIndex(fields=["programs"], name="lists_with_program")]
        verbose_name_plural = "best programs"

    def __str__(self) -> str:
        return f"best programs of candidate {self.candidate_id} in run {self.run_id}"


class BestCandidates(Best):
    """The best candidates of a program whose host is with us."""

    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="best_candidates", db_index=False
    )
    program = models.ForeignKey(
        "programs.Program", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    candidates = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "run"], name="one_list_a_program")
        ]
        indexes = [GinIndex(fields=["candidates"], name="lists_with_candidate")]
        verbose_name_plural = "best candidates"

    def __str__(self) -> str:
        return f"best candidates of program {self.program_id} in run {self.run_id}"
