"""Sectors, U.S. states, hubs and Korean investment projects.

Every row comes from the reviewable YAML in ``data/`` (see ``loading``) until staff change it on
their pages (``services.save_hub``); from then on it is theirs, and loading leaves it alone. A fact
keeps its source and the day for which the source supports it (``as_of``).
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from corridor.common.language import pick


class Evidence(models.TextChoices):
    """How well a fact is supported.

    Primary: the firm's, government's or institution's own announcement. Secondary: a report of
    it by others. Background: widely documented, and not read again for this entry.
    """

    PRIMARY = "primary", _("Primary source")
    SECONDARY = "secondary", _("Secondary source")
    BACKGROUND = "background", _("Background knowledge")


class Sourced(models.Model):
    """Where a fact comes from and for which day it is supported."""

    source_title = models.CharField(_("source"), max_length=300)
    source_publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    source_url = models.URLField(_("source address"), max_length=500, blank=True)
    evidence = models.CharField(_("evidence"), max_length=12, choices=Evidence)
    as_of = models.DateField(_("as of"))

    class Meta:
        abstract = True


class Kept(models.Model):
    """A row that staff may take over from the files. Empty: it is as the files have it."""

    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Sector(models.Model):
    slug = models.SlugField(unique=True)
    name_ko = models.CharField(_("name (Korean)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    summary_ko = models.TextField(_("summary (Korean)"))
    summary_en = models.TextField(_("summary (English)"))
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self, "name")

    @property
    def summary(self) -> str:
        return pick(self, "summary")


class State(models.Model):
    """One of the fifty states, the District of Columbia or Puerto Rico."""

    code = models.CharField(_("postal code"), max_length=2, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=60)
    name_ko = models.CharField(_("name (Korean)"), max_length=60)

    class Meta:
        ordering = ["code"]
        verbose_name = _("state")
        verbose_name_plural = _("states")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self, "name")


class Hub(Sourced, Kept):
    """A U.S. place where Korean and American work meets. Coordinates in WGS 84 degrees."""

    slug = models.SlugField(unique=True)
    name_ko = models.CharField(_("name (Korean)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    city = models.CharField(_("city"), max_length=80)
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="hubs")
    latitude = models.FloatField(
        _("latitude"), validators=[MinValueValidator(17.0), MaxValueValidator(72.0)]
    )
    longitude = models.FloatField(
        _("longitude"), validators=[MinValueValidator(-180.0), MaxValueValidator(-64.0)]
    )
    timezone = models.CharField(_("time zone"), max_length=40)
    sectors = models.ManyToManyField(Sector, related_name="hubs")
    summary_ko = models.TextField(_("summary (Korean)"))
    summary_en = models.TextField(_("summary (English)"))

    class Meta:
        ordering = ["slug"]
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        constraints = [
            models.CheckConstraint(
                name="hub_in_the_united_states",
                condition=models.Q(latitude__range=(17.0, 72.0), longitude__range=(-180.0, -64.0)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self, "name")

    @property
    def summary(self) -> str:
        return pick(self, "summary")


class HubAnchor(Sourced):
    """A firm, university or public body that holds a hub's work together."""

    class Kind(models.TextChoices):
        FIRM = "firm", _("Firm")
        UNIVERSITY = "university", _("University")
        AGENCY = "agency", _("Public agency")

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="anchors")
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    note_ko = models.CharField(_("note (Korean)"), max_length=300, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=300, blank=True)

    class Meta:
        ordering = ["hub_id", "kind", "name"]
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        constraints = [
            models.UniqueConstraint(fields=["hub", "name"], name="one_anchor_of_a_name_per_hub")
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def note(self) -> str:
        return pick(self, "note")


class InvestmentProject(Sourced, Kept):
    """A Korean firm's announced investment at a hub.

    ``amount_usd`` is the amount as announced, in U.S. dollars, for the whole project (all
    partners together in a joint venture); empty where no source supports a figure.
    """

    class Phase(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        BUILD = "build", _("Under construction")
        INSTALL = "install", _("Installing equipment")
        RAMP = "ramp", _("Ramping up")
        OPERATE = "operate", _("Operating")

    class Precision(models.TextChoices):
        DAY = "day", _("Day")
        MONTH = "month", _("Month")
        YEAR = "year", _("Year")

    slug = models.SlugField(unique=True, max_length=80)
    firm_name_ko = models.CharField(_("firm (Korean)"), max_length=160)
    firm_name_en = models.CharField(_("firm (English)"), max_length=160)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="projects")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="projects")
    title_ko = models.CharField(_("title (Korean)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    note_ko = models.TextField(_("note (Korean)"), blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    # a second source, where the phase (and jobs) was read elsewhere than the amount
    status_title = models.CharField(_("source of the phase"), max_length=300, blank=True)
    status_publisher = models.CharField(_("publisher of the phase"), max_length=200, blank=True)
    status_url = models.URLField(_("address of the phase"), max_length=500, blank=True)
    amount_usd = models.DecimalField(
        _("announced amount (USD)"), max_digits=14, decimal_places=0, null=True, blank=True
    )
    phase = models.CharField(_("phase"), max_length=12, choices=Phase)
    jobs = models.PositiveIntegerField(_("announced jobs"), null=True, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    announced_precision = models.CharField(
        _("precision of the date"), max_length=6, choices=Precision, blank=True
    )

    class Meta:
        ordering = ["hub_id", "slug"]
        verbose_name = _("investment project")
        verbose_name_plural = _("investment projects")
        constraints = [
            models.CheckConstraint(
                name="project_amount_is_positive",
                condition=models.Q(amount_usd__isnull=True) | models.Q(amount_usd__gt=0),
            ),
            models.CheckConstraint(
                name="project_date_has_a_precision",
                condition=models.Q(announced_on__isnull=True, announced_precision="")
                | (models.Q(announced_on__isnull=False) & ~models.Q(announced_precision="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self, "title")

    @property
    def firm_name(self) -> str:
        return pick(self, "firm_name")

    @property
    def note(self) -> str:
        return pick(self, "note")
