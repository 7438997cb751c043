"""Abstract pieces of every row, and the two tables that every write shares: audit and outbox."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField


class Dated(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Described(models.Model):
    """A row that is found by its text: the text's hash, its vector, and what was read in it.

    `vector` (d half floats, length 1) belongs to `vector_revision` and was made from the text
    whose hash is `vector_hash`; it is fresh when that equals `text_hash`. While the model is
    being changed, `staged_*` is filled beside it and takes its place in one statement.
    """

    text_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    vector = HalfVectorField(null=True, editable=False)
    vector_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    vector_revision = models.CharField(max_length=80, blank=True, default="", editable=False)
    staged_vector = HalfVectorField(null=True, editable=False)
    staged_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    staged_revision = models.CharField(max_length=80, blank=True, default="", editable=False)
    # taxonomy ids found in the text, and ids of its lexical terms (see each app's texts.py)
    skill_ids = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    occupation_ids = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    term_ids = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def vector_is_fresh(self) -> bool:
        return self.vector is not None and self.vector_hash == self.text_hash


class VectorSpace(models.Model):
    """Which model's vectors are being compared, and which one is being moved to. One row."""

    model = models.CharField(max_length=200)
    revision = models.CharField(max_length=80)
    dimensions = models.PositiveIntegerField()
    next_model = models.CharField(max_length=200, blank=True, default="")
    next_revision = models.CharField(max_length=80, blank=True, default="")
    next_dimensions = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_vector_space"),
        ]

    def __str__(self) -> str:
        return f"{self.model} ({self.revision})"


class AuditEntry(models.Model):
    """Who did what to which row, and when. Values are ids and field names, never private text."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    values = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class OutboxMessage(models.Model):
    """Work that a saved row has asked for: written with it, handed to Celery after it."""

    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=160, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="outbox_waiting", condition=models.Q(handed_over_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.key}"


class Switch(models.Model):
    """How a declared switch is set (see common.switches). Without a row it stands as declared."""

    class Whom(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody")
        STAFF = "staff", _("Staff alone")
        SHARE = "share", _("A share of the people")

    name = models.CharField(max_length=40, primary_key=True)
    is_on = models.BooleanField(default=True)
    whom = models.CharField(max_length=10, choices=Whom, default=Whom.EVERYBODY)
    share_pct = models.PositiveSmallIntegerField(default=100)
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name_plural = "switches"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share_pct__lte=100), name="a_share_is_at_most_all"
            )
        ]

    def __str__(self) -> str:
        return self.name
