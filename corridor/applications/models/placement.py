"""After the start: a placement, its check-ins, and the certificate at its end."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.applications.models.application import Application
from corridor.common.encryption import EncryptedText
from corridor.common.models import Dated

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that are misread


def new_code() -> str:
    """Twelve letters and digits (59 bits): not to be guessed, and easy to type from paper."""
    return "".join(secrets.choice(CODE_LETTERS) for _i in range(12))


class Placement(Dated):
    """That an accepted candidate has begun. Each side confirms the start for itself."""

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="placement"
    )
    started_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("planned last day"))
    pathway = models.CharField(_("visa route used"), max_length=60, blank=True)
    # The hub's zone on the first day; Seoul where the program has no hub.
    timezone = models.CharField(max_length=60, default="Asia/Seoul")
    confirmed_by_candidate_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_host_at = models.DateTimeField(null=True, blank=True)
    # The actual last day, told by the candidate; before the planned one where it ended early.
    left_on = models.DateField(_("actual last day"), null=True, blank=True)

    class Meta:
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("started_on")),
                name="a_placement_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=models.Q(left_on=None) | models.Q(left_on__gte=models.F("started_on")),
                name="a_placement_is_left_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"placement {self.pk}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_by_candidate_at is not None and self.confirmed_by_host_at is not None


class CheckIn(Dated):
    """A short question after the start. What is answered is the candidate's: it is kept encrypted,
    and the university and the host read only the form that the candidate chose for each."""

    class Kind(models.TextChoices):
        WEEK = "week", _("After the first week")
        MONTH = "month", _("After a month")
        LATER = "later", _("Monthly")
        END = "end", _("At the end")

    class Form(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        ANSWERS = "answers", _("The answers, without my words")
        ALL = "all", _("The answers and my words")

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="check_ins")
    kind = models.CharField(max_length=6, choices=Kind)
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answers = EncryptedText(blank=True, default="")  # JSON: question -> choice
    words = EncryptedText(_("in your own words"), blank=True, default="")
    university_sees = models.CharField(max_length=8, choices=Form, default=Form.NOTHING)
    host_sees = models.CharField(max_length=8, choices=Form, default=Form.NOTHING)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "due_on"], name="one_check_in_a_day")
        ]

    def __str__(self) -> str:
        return f"check-in {self.pk}"


class Certificate(Dated):
    """What a host confirms at the end. Its code opens a public page that shows what the holder
    lets; either side can take that away."""

    class Part(models.TextChoices):
        HOURS = "hours", _("Hours")
        SKILLS = "skills", _("Skills learned")
        PLACE = "place", _("Place")

    placement = models.OneToOneField(
        Placement, on_delete=models.CASCADE, related_name="certificate"
    )
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    hours = models.PositiveIntegerField(
        _("hours in all"), null=True, blank=True, validators=[MaxValueValidator(20000)]
    )
    skill_ids = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # Names as on the day it was made, in both languages: a paper does not change with a profile.
    holder = models.CharField(max_length=120)
    holder_roman = models.CharField(max_length=120, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_name = models.CharField(_("name of who confirms"), max_length=120)
    signed_title = models.CharField(_("title of who confirms"), max_length=120)
    is_public = models.BooleanField(default=False)
    shows = ArrayField(models.CharField(max_length=8, choices=Part), default=list, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="a_certificate_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"

    @property
    def written_code(self) -> str:
        """In groups of four: ABCD-EFGH-JKMN."""
        return "-".join(self.code[at : at + 4] for at in range(0, 12, 4))
