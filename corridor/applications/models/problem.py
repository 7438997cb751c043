"""A person's problem, told to Corridor's staff in private. What is written is kept encrypted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.applications.models.placement import Placement
from corridor.common.encryption import EncryptedText
from corridor.common.models import Dated


class Problem(Dated):
    class Kind(models.TextChoices):
        PAY = "pay", _("Pay")
        DUTIES = "duties", _("Duties outside what my entry allows")
        SAFETY = "safety", _("Safety")
        DOCUMENTS = "documents", _("Passport or documents are kept from me")
        HARASSMENT = "harassment", _("Harassment or discrimination")
        OTHER = "other", _("Another matter")

    class State(models.TextChoices):
        OPEN = "open", _("Waits for staff")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Settled")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="problems"
    )
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.SET_NULL, related_name="problems"
    )
    kind = models.CharField(_("what it is about"), max_length=12, choices=Kind)
    is_urgent = models.BooleanField(_("it is urgent"), default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # Staff may speak with them about it: only where the person says so.
    host_may_know = models.BooleanField(_("the host may know"), default=False)
    university_may_know = models.BooleanField(_("my university may know"), default=False)
    # By when staff owe the next answer; empty where it is not their turn.
    answer_by = models.DateTimeField(null=True, blank=True, db_index=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"problem {self.pk}"


class ProblemMessage(models.Model):
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_staff = models.BooleanField(default=False)
    text = EncryptedText()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"problem message {self.pk}"
