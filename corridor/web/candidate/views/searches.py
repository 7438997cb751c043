from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from corridor.candidates.models import Candidate, SavedSearch
from corridor.common import switches
from corridor.matching import saved
from corridor.web import present
from corridor.web.candidate.access import candidate_page
from corridor.web.limits import limited


@candidate_page
def searches(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """The saved searches with what is new in each; a posted one is kept."""
    if request.method == "POST":
        query = request.POST.get("query", "")
        try:
            made = saved.save(
                candidate, by=request.user, query=query, name=request.POST.get("name", ""),
                alert=request.POST.get("alert", SavedSearch.Alert.MAIL),
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(f"{reverse('public:programs')}?{saved.normal(query)}")
        told = _("“%s” is saved. You are told when something new fits.")
        messages.success(request, told % made.name)
        return redirect("candidate:searches")
    return render(
        request,
        "candidate/searches.html",
        {
            "searches": [_row(each) for each in candidate.saved_searches.all()],
            "alerts": SavedSearch.Alert.choices,
            "mail_off": not switches.is_on(switches.SEARCH_MAIL, request.user)
            and switches.SWITCHES[switches.SEARCH_MAIL].off,
        },
    )


def _row(search: SavedSearch) -> dict[str, Any]:
    return {
        "pk": search.pk,
        "name": search.name,
        "unseen": search.unseen,
        "alert": search.alert,
        "since": present.day(timezone.localdate(search.created_at)),
        "address": f"{reverse('public:programs')}?{search.query}",
    }


@require_POST
@candidate_page
def search(request: HttpRequest, candidate: Candidate, pk: int) -> HttpResponse:
    """Open a saved search, change how it is told, or delete it."""
    found = get_object_or_404(candidate.saved_searches, pk=pk)
    if "open" in request.POST:
        saved.look(found, by=request.user)
        return redirect(f"{reverse('public:programs')}?{found.query}&order=new")
    if "delete" in request.POST:
        saved.delete(found, by=request.user)
        messages.success(request, _("The saved search is deleted."))
        return redirect("candidate:searches")
    try:
        saved.change(found, by=request.user, alert=request.POST.get("alert", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved. From now on you are told this way."))
    return redirect("candidate:searches")


# The token says which search, and a mail program posts without a cookie (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@limited("unsubscribe")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One press stops the mails of one search. Opening the address alone changes nothing."""
    found = saved.behind(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        saved.stop(found)
    done = found.alert != SavedSearch.Alert.MAIL
    return render(request, "candidate/unsubscribe.html", {"name": found.name, "done": done})
