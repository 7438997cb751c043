"""What keeps an agreement alive: whom to ask, its papers, what each side owes, who was told."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.models import Dated
from corridor.partnerships.models.agreement import Agreement


def paper_path(paper: Paper, filename: str) -> str:
    """A name that tells nothing: the uploader's own file name is kept in the row only."""
    return f"agreements/{secrets.token_hex(16)}"


class Contact(Dated):
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(_("side"), max_length=2, choices=Agreement.Side)
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office or duty"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        ordering = ["side", "pk"]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Paper(Dated):
    class Kind(models.TextChoices):
        SIGNED = "signed", _("Signed copy")
        ANNEX = "annex", _("Annex")
        PLAN = "plan", _("Curriculum or research plan")
        REPORT = "report", _("Report")
        REVIEW = "review", _("Review record")
        OTHER = "other", _("Other paper")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="papers")
    review = models.ForeignKey(
        "partnerships.Review", null=True, blank=True, on_delete=models.CASCADE,
        related_name="papers",
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(max_length=160)
    file = models.FileField(upload_to=paper_path)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    side = models.CharField(max_length=2, choices=Agreement.Side)  # who brought it
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"paper {self.pk}"


class Obligation(Dated):
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="duties")
    side = models.CharField(_("who owes it"), max_length=2, choices=Agreement.Side)
    text = models.CharField(_("what is owed"), max_length=300)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"obligation {self.pk}"


class Notice(models.Model):
    """Something that people of an agreement are told by mail, once (`told`).

    `about` makes it one of its kind: the last day it warns of, or the obligation it reminds of.
    An empty `about` may stand many times.
    """

    class What(models.TextChoices):
        SENT = "sent"
        SIGNED = "signed"
        IN_FORCE = "in_force"
        RETURNED = "returned"
        ENDED = "ended"
        EXPIRED = "expired"
        RENEW = "renew"
        DUTY = "duty"
        AFFILIATION_ASKED = "affiliation_asked"
        AFFILIATED = "affiliated"
        NOMINATION_ASKED = "nomination_asked"
        NOMINATION_ANSWERED = "nomination_answered"
        NOMINATION_SENT = "nomination_sent"
        PROGRAM_DOWN = "program_down"
        ROUND_OPEN = "round_open"
        ROUND_RANK = "round_rank"
        ROUND_DECIDED = "round_decided"
        PROJECT_STATE = "project_state"
        REVIEW_ASKED = "review_asked"
        REVIEW_DECIDED = "review_decided"
        REVIEW_WAITS = "review_waits"
        MILESTONE_LATE = "milestone_late"
        INTRODUCTION_ASKED = "introduction_asked"
        INTRODUCTION_ANSWERED = "introduction_answered"

    what = models.CharField(max_length=24, choices=What)
    agreement = models.ForeignKey(
        Agreement, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    # Members of this organization read it; or this one person does.
    organization = models.ForeignKey(
        "accounts.Organization", null=True, on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    program = models.ForeignKey(
        "programs.Program", null=True, on_delete=models.CASCADE, related_name="+"
    )
    about = models.CharField(max_length=60, blank=True, default="")
    values = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "what", "organization", "about"],
                condition=~models.Q(about=""),
                name="one_notice_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}: {self.what}"
