from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from corridor.candidates import feeds
from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.web import present
from corridor.web.candidate import feed, journeys
from corridor.web.candidate.access import candidate_page
from corridor.web.limits import limited


@candidate_page
def journey(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """All living applications, each as one line to the first day, and what is due next."""
    today = timezone.localdate()
    found = journeys.of(candidate, day=today)
    token = feeds.token_of(candidate)
    return render(
        request,
        "candidate/journey.html",
        {
            "journeys": found,
            "upcoming": [
                {"due": due, "journey": each, "day": present.day(due.day)}
                for due, each in journeys.upcoming(found)
            ],
            "nominations": journeys.nominations(candidate),
            "feed_address": f"{settings.BASE_URL}{reverse('candidate:journey_feed', args=[token])}"
            if token else "",
        },
    )  # fmt: skip


@require_POST
@candidate_page
def journey_calendar(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Make the feed's secret address anew, or revoke it."""
    if "revoke" in request.POST:
        feeds.revoke(candidate, by=request.user)
        messages.success(request, _("The calendar address is gone. Calendars that used it stop."))
    else:
        feeds.renew(candidate, by=request.user)
        messages.success(request, _("Here is your calendar address. An older one leads nowhere."))
    return redirect(f"{reverse('candidate:journey')}#calendar")


@candidate_page
def journey_ics(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """The calendar as it is now, as a file."""
    answer = _calendar(candidate)
    answer["Content-Disposition"] = 'attachment; filename="corridor-journey.ics"'
    return answer


@require_safe
@never_cache
@limited("calendar")
def journey_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar for whoever holds the secret address; no sign-in, no cookie."""
    holder = feeds.holder(token)
    candidate = candidates.of(holder.user) if holder is not None else None
    if candidate is None:
        raise Http404
    answer = _calendar(candidate)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _calendar(candidate: Candidate) -> HttpResponse:
    text = feed.text(journeys.of(candidate, day=timezone.localdate()))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
