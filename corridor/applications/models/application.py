"""One candidate's application to one program, its states, and what was true when it was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.models import Dated


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under_review", _("Under review")
    INTERVIEW = "interview", _("Interview")
    OFFERED = "offered", _("Offer made")
    ACCEPTED = "accepted", _("Offer accepted")
    DECLINED = "declined", _("Offer declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Not selected")


CANDIDATE, HOST = "candidate", "host"
SYSTEM = "system"  # nobody acted: a day came

# (from, to) -> who may do it. What is not listed cannot happen.
TRANSITIONS: dict[tuple[str, str], str] = {
    (State.DRAFT, State.SUBMITTED): CANDIDATE,
    (State.DRAFT, State.WITHDRAWN): CANDIDATE,
    (State.SUBMITTED, State.WITHDRAWN): CANDIDATE,
    (State.UNDER_REVIEW, State.WITHDRAWN): CANDIDATE,
    (State.INTERVIEW, State.WITHDRAWN): CANDIDATE,
    (State.OFFERED, State.ACCEPTED): CANDIDATE,
    (State.OFFERED, State.DECLINED): CANDIDATE,
    (State.ACCEPTED, State.WITHDRAWN): CANDIDATE,
    (State.SUBMITTED, State.UNDER_REVIEW): HOST,
    (State.SUBMITTED, State.INTERVIEW): HOST,
    (State.SUBMITTED, State.CLOSED): HOST,
    (State.UNDER_REVIEW, State.INTERVIEW): HOST,
    (State.UNDER_REVIEW, State.OFFERED): HOST,
    (State.UNDER_REVIEW, State.CLOSED): HOST,
    (State.INTERVIEW, State.OFFERED): HOST,
    (State.INTERVIEW, State.CLOSED): HOST,
    (State.OFFERED, State.CLOSED): HOST,
}
FINAL = (State.DECLINED, State.WITHDRAWN, State.CLOSED)
# The host owes the next answer, by `due_on`.
WAITS_FOR_HOST = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW)
OPEN = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED, State.ACCEPTED)


class Application(Dated):
    candidate = models.ForeignKey(
        "candidates.Candidate", on_delete=models.CASCADE, related_name="applications"
    )
    program = models.ForeignKey(
        "programs.Program", on_delete=models.PROTECT, related_name="applications"
    )
    state = models.CharField(max_length=14, choices=State, default=State.DRAFT)
    cover_note = models.TextField(_("why this program"), blank=True, max_length=6000)
    documents = models.ManyToManyField("candidates.Document", blank=True, related_name="+")
    consent = models.ForeignKey(
        "accounts.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Kept at submission: the profile as it was, the verdicts, the revisions they were made with.
    evidence = models.JSONField(default=dict, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateField(_("answer the offer by"), null=True, blank=True)
    # The visa route with which the candidate plans (an id of the rules); empty: none chosen. Once
    # the host has filed (a petition, a DS-2019 request) it is the one that was filed for.
    route = models.CharField(max_length=60, blank=True, default="", editable=False)
    route_filed_on = models.DateField(null=True, blank=True, editable=False)
    # Counts what is recorded of the visa steps (StepRecord) and undone.
    steps_version = models.PositiveIntegerField(default=1, editable=False)
    # Whether the host, and the universities that look after the candidate, read those records.
    steps_for_host = models.BooleanField(default=False, editable=False)
    steps_for_university = models.BooleanField(default=False, editable=False)
    # The day by which the host owes its next answer; empty where it is not the host's turn.
    due_on = models.DateField(null=True, blank=True, db_index=True)
    # Counts every change: a form that was opened before the last one is refused.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "program"],
                condition=~models.Q(state__in=["withdrawn", "closed", "declined"]),
                name="one_living_application_a_program",
            )
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def has_begun(self) -> bool:
        """Whether its candidate is, or was, at work with the host (Placement)."""
        return self.state == State.ACCEPTED and hasattr(self, "placement")


class ApplicationEvent(models.Model):
    """What happened, with the words that the other side reads. It is mailed once (`told`)."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("New state")
        MESSAGE = "message", _("Message")
        INTERVIEW_PROPOSED = "interview_proposed", _("Interview times proposed")
        INTERVIEW_ASKED = "interview_asked", _("Other interview times asked for")
        INTERVIEW_SET = "interview_set", _("Interview time agreed")
        INTERVIEW_CANCELLED = "interview_cancelled", _("Interview called off")
        INTERVIEW_SOON = "interview_soon", _("Interview reminder")
        OFFER_CHANGED = "offer_changed", _("Offer changed")
        OFFER_SOON = "offer_soon", _("Offer to be answered soon")
        OFFER_EXPIRED = "offer_expired", _("The day to answer the offer has passed")
        ROUTE_FILED = "route_filed", _("Filed for a visa route")
        STEP_RECORDED = "step_recorded", _("A visa step was recorded")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.MOVED)
    # Equal where the state did not change.
    from_state = models.CharField(max_length=14, choices=State)
    to_state = models.CharField(max_length=14, choices=State)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    side = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True, default="")  # an id of data/reasons.yaml
    note = models.TextField(blank=True, max_length=4000)
    # What its mail needs, such as {"interview": 3} or {"pathway": "j1_intern"}.
    values = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.from_state} → {self.to_state}"

    @property
    def title(self) -> str:
        if self.kind == self.Kind.MOVED:
            return str(self.get_to_state_display())
        return str(self.get_kind_display())


class Reminder(models.Model):
    """That a host's answer is due. One of a kind for one day, so none is sent twice."""

    class Kind(models.TextChoices):
        SOON = "soon", _("Due soon")
        DUE = "due", _("Due now")
        LATE = "late", _("Late: staff were told")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=5, choices=Kind)
    due_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "due_on"], name="one_reminder_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="reminder_untold", condition=models.Q(told=False))
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
