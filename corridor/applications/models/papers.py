"""A paper that several sides sign in turn: its text by versions, signatures, who was told."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.applications.models.application import CANDIDATE, HOST, Application
from corridor.common.models import Dated

THIRD = "third"  # the sponsor of a plan, the university of an agreement


def scan_path(signature: PaperSignature, filename: str) -> str:
    """A name that tells nothing: the uploader's own file name is kept in the row only."""
    return f"signatures/{secrets.token_hex(16)}"


class Paper(Dated):
    """A training plan or a learning agreement of one application, as it reads now.

    `turn` is the side that acts next: it signs, confirms a signature that was recorded for it, or,
    of a signed agreement, records the outcome.
    """

    class Kind(models.TextChoices):
        TRAINING_PLAN = "training_plan", _("Training plan")
        LEARNING = "learning", _("Learning agreement")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SIGNING = "signing", _("Being signed")
        # All have signed, but one who could confirm a signature recorded for them has not.
        UNCONFIRMED = "to_confirm", _("A signature is not confirmed yet")
        SIGNED = "signed", _("Signed by all")
        CREDITED = "credited", _("Credit recorded")
        REFUSED = "refused", _("Credit refused")

    class Side(models.TextChoices):
        HOST = "host", _("Host")
        CANDIDATE = "candidate", _("Candidate")
        THIRD = "third", _("Sponsor or university")

    # Who signs, in this order.
    ORDER = {
        Kind.TRAINING_PLAN: (HOST, CANDIDATE, THIRD),
        Kind.LEARNING: (CANDIDATE, HOST, THIRD),
    }

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    turn = models.CharField(max_length=10, choices=Side, blank=True)
    # The day by which `turn` is asked to act: our own promise, no law.
    due_on = models.DateField(null=True, blank=True, db_index=True)
    content = models.JSONField(default=dict)  # see countersigned.shapes
    version = models.PositiveIntegerField(default=1)
    # Counts every change: a form opened before the last one is refused.
    revision = models.PositiveIntegerField(default=1)
    # Empty for a sponsor that is not on Corridor; `third_name` is its name as it is signed.
    third = models.ForeignKey(
        "accounts.Organization", null=True, blank=True, on_delete=models.PROTECT,
        related_name="papers_to_sign",
    )  # fmt: skip
    third_name = models.CharField(_("name of the sponsor"), max_length=160, blank=True)
    # The candidate's consent that the third side reads it; given with the signature.
    consent = models.ForeignKey(
        "accounts.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The third side wrote the first draft (a university for its confirmed student).
    by_third = models.BooleanField(default=False)
    # What a side asked to be changed when it sent the paper back.
    asked = models.TextField(blank=True, max_length=2000)
    outcome = models.JSONField(default=dict, blank=True)  # see countersigned.signing.confirm_hours

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], name="one_paper_of_a_kind_an_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PaperVersion(models.Model):
    """The text as it was when it was first signed. Never changed: signatures hang on it."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="a_paper_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of paper {self.paper_id}"


class PaperSignature(models.Model):
    """One side's signature of one version: who typed which name under which statement, when.

    `on_paper`: signed outside Corridor and recorded by `by` for that side, with the scan. It is
    confirmed once somebody of that side says that it is theirs (at once where they recorded it).
    """

    version = models.ForeignKey(PaperVersion, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Paper.Side)
    name = models.CharField(_("name"), max_length=120)
    office = models.CharField(_("office held"), max_length=160, blank=True)
    statement = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    on_paper = models.BooleanField(default=False)
    signed_on = models.DateField(null=True, blank=True)
    scan = models.FileField(upload_to=scan_path, blank=True)
    scan_name = models.CharField(max_length=160, blank=True)
    scan_type = models.CharField(max_length=120, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "side"],
                condition=models.Q(voided_at=None),
                name="one_standing_signature_a_side",
            )
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    @property
    def is_unconfirmed(self) -> bool:
        """Recorded by another side, and not yet said by the signer to be theirs."""
        return self.on_paper and self.confirmed_at is None

    @property
    def is_by_signer(self) -> bool:
        """Recorded by the signer's own side, which confirms it before the row is made."""
        return self.confirmed_at is not None and self.confirmed_at <= self.at


class PaperNotice(models.Model):
    """Something that one side is told by mail, once (`told`); `about` makes it one of its kind."""

    class What(models.TextChoices):
        SIGN = "sign"
        CHANGED = "changed"
        SENT_BACK = "sent_back"
        SIGNED = "signed"
        RECORD = "record"
        CREDITED = "credited"
        REFUSED = "refused"
        CONFIRM = "confirm"
        CONFIRMED = "confirmed"
        SOON = "soon"
        LATE = "late"

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="notices")
    what = models.CharField(max_length=10, choices=What)
    side = models.CharField(max_length=10, choices=Paper.Side)
    about = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "what", "side", "about"], name="a_paper_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}: {self.what}"
