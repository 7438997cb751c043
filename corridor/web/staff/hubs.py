"""Staff look after hubs and investment projects: each fact with its source and day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from corridor.common import audit
from corridor.places import services
from corridor.places.models import Hub, InvestmentProject
from corridor.web.staff.access import page, staff_page
from corridor.web.staff.hub_forms import HubForm, ProjectForm

LAST = 10  # changes shown beside a form


@staff_page
def hubs(request: HttpRequest) -> HttpResponse:
    """Hubs and projects, those whose day is oldest first: they want a look."""
    return page(
        request, "staff/hubs.html",
        {
            "hubs": Hub.objects.select_related("state").annotate(count=Count("projects"))
            .order_by("as_of", "slug"),
            "projects": InvestmentProject.objects.select_related("hub").order_by("as_of", "slug"),
        },
    )  # fmt: skip


@staff_page
def hub(request: HttpRequest, slug: str = "") -> HttpResponse:
    found = get_object_or_404(Hub, slug=slug) if slug else None
    return _edited(request, HubForm, found or Hub(), services.save_hub, _("New hub"))


@staff_page
def project(request: HttpRequest, slug: str = "") -> HttpResponse:
    found = get_object_or_404(InvestmentProject, slug=slug) if slug else None
    return _edited(
        request, ProjectForm, found or InvestmentProject(), services.save_project,
        _("New investment project"),
    )  # fmt: skip


def _edited(
    request: HttpRequest, form_class: Any, row: Any, save: Any, new: str
) -> HttpResponse:
    name = str(row) if row.pk else new  # before the form writes into the row
    form = form_class(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data}
        if "sectors" in fields:
            fields["sectors"] = list(fields["sectors"])
        try:
            save(row, by=request.user, **fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:hubs")
    changes = audit.visible_to(request.user).filter(
        subject_type=row._meta.label, subject_id=str(row.pk)
    )[:LAST] if row.pk else []  # fmt: skip
    return page(
        request, "staff/hub.html", {"name": name, "form": form, "row": row, "changes": changes}
    )
