from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts import services
from corridor.applications import answering
from corridor.programs import queries as programs
from corridor.web import answered, present
from corridor.web.public.forms import OrganizationForm


def organization(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(accounts.organizations_visible_to(request.user), slug=slug)
    listed = programs.published(timezone.localdate()).filter(organization=found)
    return render(
        request,
        "public/organization.html",
        {
            "organization": found,
            "programs": [
                present.program_card(program)
                for program in listed.select_related(*programs.RELATED)[:20]
            ],
            "total": listed.count(),
            "answers": answered.card(answering.record(organization=found)),
        },
    )


@login_required
def organization_new(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register_organization(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _(
                    "Your organization is registered. You can prepare programs now; our staff "
                    "will verify it."
                ),
            )
            return redirect("firm:home", slug=made.slug)
    return render(request, "public/organization_new.html", {"form": form})
