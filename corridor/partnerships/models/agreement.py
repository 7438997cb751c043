"""Agreements between a Korean and a U.S. institution, under which programs may be made."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.accounts.models import Organization
from corridor.common.language import pick
from corridor.common.models import Dated
from corridor.common.versions import Versioned


class Agreement(Dated, Versioned):
    class Kind(models.TextChoices):
        MOU = "mou", _("Memorandum of understanding")
        EXCHANGE = "student_exchange", _("Student exchange")
        CURRICULUM = "joint_curriculum", _("Joint curriculum")
        RESEARCH = "research", _("Research agreement")
        INTERNSHIP = "internship", _("Internship agreement")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent to the partner")
        PROPOSED = "proposed", _("Signed by one side")
        ACTIVE = "active", _("In force")
        EXPIRED = "expired", _("Expired")
        ENDED = "ended", _("Ended")

    class Side(models.TextChoices):
        KR = "KR", _("Korean side")
        US = "US", _("U.S. side")

    OVER = (Status.EXPIRED, Status.ENDED)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    title_ko = models.CharField(_("title (Korean)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    korean_party = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.PROTECT,
        related_name="agreements_as_korean",
        verbose_name=_("Korean institution"),
    )
    us_party = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.PROTECT,
        related_name="agreements_as_us",
        verbose_name=_("U.S. institution"),
    )
    summary_ko = models.TextField(_("summary (Korean)"), blank=True, max_length=4000)
    summary_en = models.TextField(_("summary (English)"), blank=True, max_length=4000)
    obligations = models.TextField(_("obligations of each side"), blank=True, max_length=8000)
    sectors = ArrayField(models.SlugField(), default=list, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats a year"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("in force from"), null=True, blank=True)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    # Who signed for each side, in what office, on which day, and when that was recorded here.
    korean_signer = models.CharField(max_length=120, blank=True, default="")
    korean_signer_title = models.CharField(max_length=120, blank=True, default="")
    korean_signed_on = models.DateField(null=True, blank=True)
    korean_confirmed_at = models.DateTimeField(null=True, blank=True)
    us_signer = models.CharField(max_length=120, blank=True, default="")
    us_signer_title = models.CharField(max_length=120, blank=True, default="")
    us_signed_on = models.DateField(null=True, blank=True)
    us_confirmed_at = models.DateTimeField(null=True, blank=True)
    renews = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="renewals"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_ko="", title_en=""),
                name="an_agreement_has_a_title",
                violation_error_message=_("Give the agreement a title in Korean or English."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="agreement_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=~models.Q(korean_party=models.F("us_party")),
                name="an_agreement_has_two_parties",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self, "title")

    @property
    def summary(self) -> str:
        return pick(self, "summary")

    @property
    def is_over(self) -> bool:
        return self.status in self.OVER

    def is_to_come(self, day: date) -> bool:
        """Signed by both sides for a first day after `day`."""
        signed = self.status == self.Status.ACTIVE
        return signed and self.starts_on is not None and self.starts_on > day

    def party(self, side: str) -> Organization:
        return self.korean_party if side == self.Side.KR else self.us_party

    def signed_at(self, side: str) -> datetime | None:
        """When it was recorded here that this side signed."""
        return self.korean_confirmed_at if side == self.Side.KR else self.us_confirmed_at

    def awaits(self, organization: Organization) -> bool:
        """Sent, and not yet signed by this organization's side."""
        sent = self.status in (self.Status.SENT, self.Status.PROPOSED)
        return sent and self.signed_at(self.side_of(organization)) is None

    def side_of(self, organization: Organization) -> str:
        return self.Side.KR if organization.pk == self.korean_party_id else self.Side.US
