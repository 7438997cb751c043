"""Research groups that want a partner on the other side, and how two of them are introduced."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.language import pick
from corridor.common.models import Dated, Described
from corridor.common.versions import Versioned
from corridor.partnerships.models.agreement import Agreement


class ResearchGroup(Dated, Described, Versioned):
    """What a group works on and what it looks for. Found by others only while `is_open`."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="research_groups"
    )
    name_ko = models.CharField(_("name of the group (Korean)"), max_length=160, blank=True)
    name_en = models.CharField(_("name of the group (English)"), max_length=160, blank=True)
    leader = models.CharField(_("principal investigator"), max_length=120)
    email = models.EmailField(_("e-mail"))
    interests = models.TextField(_("what the group works on and has"), max_length=3000)
    seeks = models.TextField(_("what it looks for in a partner"), max_length=2000, blank=True)
    sectors = ArrayField(models.SlugField(), default=list, blank=True)
    # skills that `seeks` names; `skill_ids` are those that `interests` names
    asked_ids = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    is_open = models.BooleanField(
        _("Verified institutions on the other side may find this group"), default=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("research group")
        verbose_name_plural = _("research groups")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_ko="", name_en=""),
                name="a_group_has_a_name",
                violation_error_message=_("Give the group a name in Korean or English."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self, "name")


class PartnerQuery(Dated, Described):
    """Words that somebody looked for partners with, kept until a worker has read them and for a
    month after; never who asked. Equal words are one row."""

    text = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text_hash"], name="one_partner_query_a_text")
        ]

    def __str__(self) -> str:
        return f"partner query {self.pk}"


class Introduction(Dated):
    """One group asks another for a talk. Contacts are shown to both only once it is accepted."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    asking = models.ForeignKey(ResearchGroup, on_delete=models.CASCADE, related_name="asked")
    asked = models.ForeignKey(ResearchGroup, on_delete=models.CASCADE, related_name="asked_by")
    message = models.TextField(_("message"), max_length=2000)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.TextField(_("a word with the answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asking", "asked"],
                condition=models.Q(state__in=["asked", "accepted"]),
                name="one_living_introduction_a_pair",
            )
        ]

    def __str__(self) -> str:
        return f"introduction {self.pk}"
