from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.accounts import queries as accounts
from corridor.accounts import services as account_services
from corridor.accounts import support
from corridor.accounts.models import Consent
from corridor.applications import queries as applications
from corridor.candidates import documents as document_services
from corridor.candidates import services
from corridor.candidates.models import Candidate
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.forms import DocumentForm
from corridor.web.files import download


@require_POST
@candidate_page
def visibility(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    chosen = request.POST.get("visibility", "")
    if chosen in Candidate.Visibility.values:
        services.set_visibility(candidate, by=request.user, visibility=chosen)
        messages.success(
            request,
            _("Hosts can now find you under a pseudonym.")
            if chosen == Candidate.Visibility.FINDABLE
            else _("Hosts cannot find you now."),
        )
    return redirect("candidate:profile")


@candidate_page
def consents(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    given = accounts.consents_of(request.user)
    if request.method == "POST":
        number = request.POST.get("consent", "")[:18]
        consent = get_object_or_404(given, pk=int(number) if number.isdecimal() else 0)
        if consent.purpose == Consent.Purpose.BE_FOUND:
            # The consent and the profile's switch are one choice, withdrawn together.
            services.set_visibility(
                candidate, by=request.user, visibility=Candidate.Visibility.PRIVATE
            )
            messages.success(request, _("Hosts cannot find you now."))
            return redirect("candidate:consents")
        account_services.withdraw_consent(consent, by=request.user)
        messages.success(
            request,
            _("Withdrawn. %(who)s cannot open your file any more.")
            % {"who": consent.recipient.name if consent.recipient else consent.recipient_name},
        )
        return redirect("candidate:consents")
    programs = applications.consented(candidate)
    return render(
        request,
        "candidate/consents.html",
        {
            "consents": [(consent, programs.get(consent.pk)) for consent in given],
            "visits": support.visits_to(request.user),
        },
    )


@candidate_page
def documents(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            document_services.add_document(
                candidate,
                by=request.user,
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The document is kept. Only you see it until you send it."))
            return redirect("candidate:documents")
    return render(
        request,
        "candidate/documents.html",
        {"form": form, "documents": candidate.documents.all()},
    )


@candidate_page
def document(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    found = get_object_or_404(candidate.documents, pk=pk)
    if request.method == "POST":
        try:
            document_services.delete_document(found, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The document is deleted."))
        return redirect("candidate:documents")
    return download(found)
