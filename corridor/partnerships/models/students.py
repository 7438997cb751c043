"""Students whom a university may look after and nominate. Each is there by their own act."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corridor.common.models import Dated
from corridor.partnerships.models.agreement import Agreement


class Affiliation(Dated):
    """That a student belongs to a university: the student asks, the university confirms.

    It rests on the student's consent; when that is withdrawn the university sees nothing more.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the university")
        CONFIRMED = "confirmed", _("Confirmed by the university")
        REFUSED = "refused", _("Not confirmed")
        ENDED = "ended", _("Ended")

    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations"
    )
    university = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="affiliations"
    )
    consent = models.ForeignKey("accounts.Consent", on_delete=models.RESTRICT, related_name="+")
    department = models.CharField(_("department or major"), max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "university"], name="one_affiliation_a_university"
            )
        ]

    def __str__(self) -> str:
        return f"affiliation {self.pk}"


class Nomination(Dated):
    """A student's place on a university's list for one program. It goes out only when agreed."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the student")
        AGREED = "agreed", _("The student agrees")
        SENT = "sent", _("Sent to the host")
        DECLINED = "declined", _("Declined by the student")
        WITHDRAWN = "withdrawn", _("Taken back")

    LIVE = (State.ASKED, State.AGREED, State.SENT)

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="nominations")
    university = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="nominations"
    )
    program = models.ForeignKey(
        "programs.Program", on_delete=models.CASCADE, related_name="nominations"
    )
    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="nominations"
    )
    # 1 is the university's first; counted among the live ones of one program and university.
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    changed_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["program", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "program"],
                condition=models.Q(state__in=["asked", "agreed", "sent"]),
                name="one_living_nomination_a_program",
            )
        ]

    def __str__(self) -> str:
        return f"nomination {self.pk}"

    @property
    def state_to_student(self) -> str:
        """The state as the student reads it, for whom “waits for the student” is “for you”."""
        if self.state == self.State.ASKED:
            return gettext("Waits for you")
        if self.state == self.State.AGREED:
            return gettext("You agreed")
        if self.state == self.State.DECLINED:
            return gettext("You declined")
        return str(self.get_state_display())
