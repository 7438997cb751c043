"""The living style guide at /design/: every component once, with examples that are not data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from corridor.places.models import Hub, State
from corridor.rules.ladder import GROUPS
from corridor.web import present, way

# Three places of the map, without a database; the counts beside them are made up.
_HUBS: list[tuple[str, dict[str, Any]]] = [
    ("GA", {"slug": "savannah", "name_ko": "서배너", "name_en": "Savannah",
            "latitude": 32.08, "longitude": -81.09}),
    ("TX", {"slug": "taylor", "name_ko": "테일러", "name_en": "Taylor",
            "latitude": 30.57, "longitude": -97.41}),
    ("PA", {"slug": "philadelphia", "name_ko": "필라델피아", "name_en": "Philadelphia",
            "latitude": 39.95, "longitude": -75.17}),
]  # fmt: skip


class ExampleForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    graduated_on = forms.DateField(
        label=gettext_lazy("Graduation date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Highest degree"),
        choices=[
            ("", gettext_lazy("Choose one")),
            ("bachelor", gettext_lazy("Bachelor")),
            ("master", gettext_lazy("Master")),
        ],
    )
    about = forms.CharField(
        label=gettext_lazy("Your experience"), widget=forms.Textarea(attrs={"rows": 4})
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of program"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("internship", gettext_lazy("Internship")),
            ("apprenticeship", gettext_lazy("Apprenticeship")),
            ("dispatch", gettext_lazy("Technician dispatch")),
        ],
    )
    found = forms.ChoiceField(
        label=gettext_lazy("May hosts find you?"),
        widget=forms.RadioSelect,
        choices=[
            ("no", gettext_lazy("No, only when I apply")),
            ("yes", gettext_lazy("Yes, without my name")),
        ],
        initial="no",
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read what is sent to the host, and agree."),
        help_text=gettext_lazy("You can withdraw this at any time."),
    )


def _lists() -> dict[str, object]:
    return {
        "crumbs": [
            {"label": _("Home"), "url": "/"},
            {"label": _("Hubs"), "url": "#"},
            {"label": _("Savannah")},
        ],
        "stations": [
            {"label": _("Draft"), "state": "done", "date": _("November 2 (Mon)")},
            {
                "label": pgettext("design", "Submitted"),
                "state": "done",
                "date": _("November 9 (Mon)"),
            },
            {
                "label": pgettext("design", "Under review"),
                "state": "current",
                "note": _("The host answers by November 30 (Mon)."),
            },
            {"label": _("Interview"), "state": "todo"},
            {"label": pgettext("design", "Offer"), "state": "todo"},
        ],
        "stations_now": [
            {
                "label": pgettext("design", "Submitted"),
                "state": "done",
                "date": _("November 9 (Mon)"),
            },
            {
                "label": _("Offer made"),
                "state": "now",
                "note": _("Answer by November 27 (Fri) 18:00 Seoul."),
            },
            {"label": _("First day"), "state": "todo"},
        ],
        "steps": [
            {
                "text": _("Write the training plan with the sponsor."),
                "who": _("Host"),
                "state": "done",
                "when": _("Done on %s") % present.day(date(2026, 11, 9)),
            },
            {
                "text": _("Take out insurance for the whole program."),
                "who": pgettext("actor", "You"),
                "yours": True,
                "state": "stated",
                "mark": way.stated(way.CANDIDATE),
                "when": way.begin_and_done(date(2027, 1, 4), date(2027, 1, 11)),
            },
            {
                "text": _("Prepare the transcript in English."),
                "who": pgettext("actor", "You"),
                "yours": True,
                "length": _("1–2 weeks"),
                "estimate": True,
                "when": way.begin_and_done(date(2026, 11, 23), date(2026, 12, 7)),
                "state": "now",
            },
            {
                "text": _("Attend the visa interview."),
                "who": pgettext("actor", "You"),
                "yours": True,
                "length": _("3–8 weeks"),
                "when": _("Since %(day)s; expected to end %(period)s")
                % {"day": present.day(date(2026, 11, 16)),
                   "period": way.period(date(2026, 12, 7), date(2027, 1, 11))},
                "state": "under_way",
                "citation": "22 CFR 41.102",
                "verified": True,
            },
            {
                "text": _("Get the overseas travel permit."),
                "who": pgettext("actor", "You"),
                "yours": True,
                "state": "maybe",
            },
        ],
        "turns": [
            {"who": pgettext("actor", "Host"), "kind": "freely",
             "text": _("Service clause in the sales contract: yes")},
            {"who": pgettext("actor", "You"), "yours": True, "kind": "freely",
             "text": _("English verified: yes")},
        ],
        "changes": [
            {"date": present.day(date(2024, 12, 9)), "iso": "2024-12-09",
             "title": _("A rule took effect")},
            {
                "date": present.day(date(2026, 11, 23)),
                "iso": "2026-11-23",
                "title": pgettext("design", "Today"),
                "state": "current",
            },
            {
                "date": present.day(date(2027, 3, 1)),
                "iso": "2027-03-01",
                "title": _("A proposed change would begin"),
                "state": "future",
                "note": _("Not in force yet."),
            },
        ],
        "tabs": [
            {"label": pgettext("design", "New"), "url": "#new", "count": 12, "current": True},
            {"label": _("Interview"), "url": "#interview", "count": 3},
            {"label": pgettext("design", "Closed"), "url": "#closed", "count": 0},
        ],
        "facet": [
            {"value": "internship", "label": _("Internship"), "count": 48, "selected": True},
            {"value": "apprenticeship", "label": _("Apprenticeship"), "count": 21},
            {"value": "dispatch", "label": _("Technician dispatch"), "count": 30},
        ],
        "rungs": [
            {"group": group, "name": words(present.language())} for group, words in GROUPS.items()
        ],
        "parts": [
            {"label": pgettext("design", "Field"), "value": 25},
            {"label": pgettext("design", "Experience"), "value": 19},
            {"label": pgettext("design", "Language"), "value": 0},
        ],
        "reasons": [
            _("Six years of process-equipment maintenance match the main duty."),
            _("You hold the Industrial Engineer Machinery Maintenance certificate."),
        ],
        "gaps": [_("OSHA 10 is asked for before the first day; it takes two days online.")],
        "verdicts": [
            {"state": "conditional", "name": "B-1"},
            {"state": "not_eligible", "name": "J-1"},
            {"state": "unknown", "name": "L-1B"},
        ],
        "facts": [
            {"label": pgettext("design", "Start"), "value": _("March 1, 2027 (Mon)")},
            {"label": pgettext("design", "Duration"), "value": _("12 months")},
            {"label": _("Pay"), "value": "US$ 24.50"},
        ],
        "sectors": [
            "semiconductors",
            "batteries",
            "automobiles",
            "shipbuilding",
            "steel",
            "biopharma",
            "power-grid",
            "water",
            "ports-logistics",
            "ai-software",
            "robotics",
            "aerospace-defense",
        ],
        "kinds": [
            "internship",
            "apprenticeship",
            "dispatch",
            "joint_research",
            "joint_curriculum",
            "training",
            "startup",
        ],
    }


def design(request: HttpRequest) -> HttpResponse:
    """A form with an answer that is off, beside every other component."""
    bound = ExampleForm({"email": "kim@", "level": "", "about": "", "found": "no"})
    hubs = [Hub(state=State(code=code), **fields) for code, fields in _HUBS]
    return render(
        request,
        "public/design.html",
        {
            "form": bound,
            "map": present.hub_map(hubs, {"savannah": 9, "taylor": 4, "philadelphia": 2}),
            "locator": present.locator(hubs[0]),
            "locator_name": hubs[0].name,
            **_lists(),
        },
    )
