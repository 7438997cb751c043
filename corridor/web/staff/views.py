"""Staff: what waits for a decision, whether the machinery runs, and who did what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor import rules
from corridor.accounts import queries as accounts
from corridor.accounts import services as account_services
from corridor.accounts.models import Organization
from corridor.applications import queries as applications
from corridor.applications.models import State
from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.common import audit as audit_log
from corridor.common import vectors
from corridor.matching import record
from corridor.programs import queries as programs
from corridor.programs.models import Program
from corridor.web.staff import rulepages
from corridor.web.staff.access import page, staff_page
from corridor.web.staff.forms import VerifyForm
from corridor.web.staff.queues import queues

ENTRIES = 50
MOST_DUE = 8  # statements of the rules shown on the overview


@staff_page
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    runs = list(record.visible_to(request.user)[:5])
    due = rulepages.due(day=today)
    return page(
        request,
        "staff/home.html",
        {
            "queues": queues(request.user, today=today, rules_due=len(due)),
            "waiting": accounts.organizations_visible_to(request.user)
            .filter(status=Organization.Status.UNVERIFIED)
            .order_by("created_at"),
            "people": candidates.how_many(),
            "open": programs.published(today).count(),
            "received": applications.visible_to(request.user).exclude(state=State.DRAFT).count(),
            "unanswered": applications.visible_to(request.user)
            .filter(
                state=State.SUBMITTED, submitted_at__lt=timezone.now() - timedelta(days=7)
            )
            .count(),
            "vectors": _vectors(),
            "runs": runs,
            "recheck": rulepages.due_rows(due[:MOST_DUE]),
            "recheck_count": len(due),
            "rules_revision": rules.revision(),
        },
    )


def _vectors() -> dict[str, Any]:
    """The model in use, the one being moved to, and how many texts still wait for a vector."""
    space = vectors.space()
    if space is None:
        return {}
    staged = bool(space.next_revision)
    wanted = space.next_revision or space.revision
    return {
        "space": space,
        "moving": staged,
        "stale": sum(
            vectors.stale(model, wanted, staged=staged).count() for model in (Candidate, Program)
        ),
    }


@staff_page
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(accounts.organizations_visible_to(request.user), pk=pk)
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account_services.verify_organization(
                found,
                by=request.user,
                verified=form.cleaned_data["decision"] == "verified",
                note=form.cleaned_data["note"],
                kinds=form.cleaned_data["kinds"],
            )
        except ValidationError as error:
            form.add_error("note", error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("staff:home")
    site = (urlsplit(found.website).hostname or "").removeprefix("www.")
    return page(
        request,
        "staff/verify.html",
        {
            "organization": found,
            "form": form,
            "members": [
                {"membership": membership, "same": _same_domain(membership.user.email, site)}
                for membership in accounts.members_of(found)
            ],
            "site": site,
        },
    )


def _same_domain(email: str, site: str) -> bool:
    domain = email.rpartition("@")[2]
    return bool(site) and (domain == site or domain.endswith(f".{site}"))


@staff_page
def audit(request: HttpRequest) -> HttpResponse:
    entries = audit_log.visible_to(request.user)
    action = request.GET.get("action", "")[:80].replace("\x00", "")
    if action:
        entries = entries.filter(action__startswith=action)
    found = Paginator(entries, ENTRIES).get_page(request.GET.get("page"))
    return page(request, "staff/audit.html", {"page": found, "action": action})
