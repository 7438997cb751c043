"""Forms of hubs and investment projects. A fact is not saved without its source and day."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.places.models import Hub, InvestmentProject

_SOURCE = ["source_title", "source_publisher", "source_url", "evidence", "as_of"]
_SOURCES = {*_SOURCE, "status_title", "status_publisher", "status_url"}
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_TEXT = forms.Textarea(attrs={"rows": 4})


class _InParts(forms.ModelForm):
    """Shows its fields in parts; those of the source stand together."""

    def parts(self) -> list[dict[str, Any]]:
        titles = {"fact": _("What the site shows"), "source": _("Source and day")}
        sides: dict[str, list[Any]] = {"fact": [], "source": []}
        for field in self.visible_fields():
            sides["source" if field.name in _SOURCES else "fact"].append(field)
        return [{"title": titles[part], "fields": fields} for part, fields in sides.items()]


class HubForm(_InParts):
    source_url = forms.URLField(
        label=_("source address"), required=False, max_length=500, assume_scheme="https"
    )
    timezone = forms.ChoiceField(label=_("time zone"))

    class Meta:
        model = Hub
        fields = ["slug", "name_ko", "name_en", "city", "state", "latitude", "longitude",
                  "timezone", "sectors", "summary_ko", "summary_en", *_SOURCE]  # fmt: skip
        widgets = {"as_of": _DAY, "summary_ko": _TEXT, "summary_en": _TEXT,
                   "sectors": forms.CheckboxSelectMultiple}  # fmt: skip
        labels = {"slug": _("Short name in addresses"), "sectors": _("Sectors"),
                  "state": _("state")}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if zone.startswith("America/"))
        named = [(zone, zone) for zone in zones]
        self.fields["timezone"].choices = [("", _("Please choose")), *named]
        if self.instance.pk:  # links lead to it
            del self.fields["slug"]


class ProjectForm(_InParts):
    source_url = HubForm.base_fields["source_url"]
    status_url = forms.URLField(
        label=_("address of the phase"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = InvestmentProject
        fields = [
            "slug", "firm_name_ko", "firm_name_en", "hub", "sector", "title_ko", "title_en",
            "amount_usd", "jobs", "phase", "announced_on", "announced_precision", *_SOURCE,
            "status_title", "status_publisher", "status_url", "note_ko", "note_en",
        ]  # fmt: skip
        widgets = {"as_of": _DAY, "announced_on": _DAY, "note_ko": _TEXT, "note_en": _TEXT}
        labels = {"slug": _("Short name in addresses"), "hub": _("hub"), "sector": _("sector")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hub"].queryset = Hub.objects.order_by("name_en")
        if self.instance.pk:
            del self.fields["slug"]
