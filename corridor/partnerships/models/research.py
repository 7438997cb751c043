"""Joint research under an agreement: who leads, who pays, who has reviewed it, what came of it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.language import pick
from corridor.common.models import Dated
from corridor.common.versions import Versioned
from corridor.partnerships.models.agreement import Agreement


class ResearchProject(Dated, Versioned):
    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        ON_HOLD = "on_hold", _("On hold")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Given up")

    OVER = (State.FINISHED, State.STOPPED)

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="projects")
    # What was posted for it, if anything: programs lie above this room, so it is known by name.
    program = models.ForeignKey(
        "programs.Program", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="research_projects", verbose_name=_("posted program"),
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    title_ko = models.CharField(_("title (Korean)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    theme = models.TextField(_("theme"), max_length=4000)
    starts_on = models.DateField(_("planned from"), null=True, blank=True)
    ends_on = models.DateField(_("planned until"), null=True, blank=True)
    # question id -> true or false; a question that is not answered is not there
    answers = models.JSONField(default=dict, blank=True)
    begun_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("research project")
        verbose_name_plural = _("research projects")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_ko="", title_en=""),
                name="a_project_has_a_title",
                violation_error_message=_("Give the project a title in Korean or English."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="project_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self, "title")

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER


class Investigator(Dated):
    project = models.ForeignKey(ResearchProject, on_delete=models.CASCADE, related_name="people")
    side = models.CharField(_("side"), max_length=2, choices=Agreement.Side)
    leads = models.BooleanField(_("principal investigator of this side"), default=True)
    name = models.CharField(_("name"), max_length=120)
    institution = models.CharField(_("institution or department"), max_length=160)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        ordering = ["side", "-leads", "pk"]

    def __str__(self) -> str:
        return f"investigator {self.pk}"


class Funding(Dated, Versioned):
    class Kind(models.TextChoices):
        US_FEDERAL = "us_federal", _("U.S. federal money")
        KOREAN_PUBLIC = "kr_public", _("Korean public money")
        FIRM = "firm", _("A firm")
        OWN = "own", _("An institution’s own money")
        OTHER = "other", _("Other")

    class Currency(models.TextChoices):
        KRW = "KRW", _("Korean won (KRW)")
        USD = "USD", _("U.S. dollar (USD)")

    project = models.ForeignKey(ResearchProject, on_delete=models.CASCADE, related_name="funding")
    kind = models.CharField(_("kind of money"), max_length=10, choices=Kind)
    source = models.CharField(_("source"), max_length=200)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default="KRW")
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="funding_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            )
        ]

    def __str__(self) -> str:
        return f"funding {self.pk}"


class Review(Dated):
    """One side's review of one thing. One that is opened again is `superseded` by a new row, so
    that what was decided before, by whom and why stays readable."""

    class Kind(models.TextChoices):
        IP = "ip", _("Intellectual property")
        EXPORT = "export", _("Export control")

    class State(models.TextChoices):
        NOT_BEGUN = "not_begun", _("Not begun")
        IN_REVIEW = "in_review", _("In review")
        CLEARED = "cleared", _("Cleared")
        CONDITIONS = "conditions", _("Cleared with conditions")
        STOPPED = "stopped", _("Stopped")

    PASSED = (State.CLEARED, State.CONDITIONS)
    WAITING = (State.NOT_BEGUN, State.IN_REVIEW)

    project = models.ForeignKey(ResearchProject, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=6, choices=Kind)
    side = models.CharField(max_length=2, choices=Agreement.Side)
    state = models.CharField(max_length=10, choices=State, default=State.NOT_BEGUN)
    # A member of that side reviews here; of an office outside, an editor of the side records it.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_name = models.CharField(_("who reviews"), max_length=120, blank=True)
    reviewer_office = models.CharField(_("office"), max_length=160, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    reasoning = models.TextField(_("reasons"), max_length=4000, blank=True)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "side", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "side"],
                condition=models.Q(superseded_at=None),
                name="one_standing_review_a_side",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["not_begun", "in_review"])
                | models.Q(decided_on__isnull=False) & ~models.Q(reasoning="")
                & ~models.Q(reviewer_name=""),
                name="a_decision_has_a_day_reasons_and_a_name",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def passed(self) -> bool:
        return self.state in self.PASSED

    @property
    def waits(self) -> bool:
        return self.state in self.WAITING


class Milestone(Dated, Versioned):
    project = models.ForeignKey(
        ResearchProject, on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("milestone"), max_length=300)
    side = models.CharField(
        _("who does it"), max_length=2, choices=Agreement.Side, blank=True,
        help_text=_("Leave it open when both sides do it together."),
    )  # fmt: skip
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"milestone {self.pk}"


class Output(Dated):
    class Kind(models.TextChoices):
        PAPER = "paper", _("Research paper")
        PATENT = "patent", _("Patent")
        DATA = "data", _("Data set")
        SOFTWARE = "software", _("Software")
        THESIS = "thesis", _("Thesis")

    project = models.ForeignKey(ResearchProject, on_delete=models.CASCADE, related_name="outputs")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    link = models.URLField(_("link"), blank=True)
    on = models.DateField(_("day"))
    people = models.CharField(_("people"), max_length=300)
    side = models.CharField(max_length=2, choices=Agreement.Side)  # who wrote it down

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"output {self.pk}"
