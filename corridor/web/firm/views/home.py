from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.accounts import queries as accounts
from corridor.accounts import services
from corridor.accounts.models import Organization
from corridor.applications import answering
from corridor.applications import queries as applications
from corridor.applications.models import State
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Agreement
from corridor.programs import queries as programs
from corridor.programs import waiting
from corridor.programs.models import Program, Review
from corridor.web import present
from corridor.web.firm import todo
from corridor.web.firm.access import Seat, page, waits_for, workplace
from corridor.web.firm.forms import SettingsForm

# The order in which an overview counts applicants: what waits for the host comes first.
_COUNTED = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW, State.OFFERED, State.ACCEPTED)
_WAITING = (State.SUBMITTED, State.UNDER_REVIEW, State.INTERVIEW)
_TO_MEND = (Review.State.SENT_BACK, Review.State.TAKEN_DOWN)
_SHOWN = (*_TO_MEND, Review.State.WAITING)
PROGRAMS = 100  # a page; those that need somebody are told above them whatever page they are on
# What is read of a program: an organization may have hundreds.
_LISTED = (
    "title_ko", "title_en", "kind", "status", "place_text", "starts_on", "ends_on", "apply_by",
    "is_sample", "hub__name_ko", "hub__name_en",
)  # fmt: skip


@workplace(staff=True)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    organization = seat.organization
    today = timezone.localdate()
    listed = list(
        programs.of_organization(request.user, organization)
        .select_related(None).select_related("hub").only(*_LISTED)
    )  # fmt: skip
    counts = applications.counts_by_state(request.user, [program.pk for program in listed])
    agreements = list(partnerships.of_organization(request.user, organization))
    reviews = waiting.latest(listed)
    listed.sort(key=lambda program: _place(program, counts[program.pk]))
    waits = waits_for(request, seat)
    shown = Paginator(listed, PROGRAMS).get_page(request.GET.get("page"))
    return page(
        request,
        seat,
        "firm/home.html",
        {
            "now": [
                *_owed(seat, request.user, listed, today),
                *(todo.lines(waits, organization) if waits else []),
                *(todo.beside(request.user, organization, today=today) if waits else []),
                *_now(seat, listed, counts, agreements, reviews),
            ],
            "waits": waits,
            "programs": [
                _row(program, counts[program.pk], today, reviews.get(program.pk))
                for program in shown
            ],
            "page": shown,
            "waiting": sum(_waiting(counts[program.pk]) for program in listed),
            "published": sum(program.status == Program.Status.PUBLISHED for program in listed),
            "accepted": sum(counts[program.pk].get(State.ACCEPTED, 0) for program in listed),
        },
    )


def _waiting(counted: dict[str, int]) -> int:
    return sum(counted.get(state, 0) for state in _WAITING)


def _place(program: Program, counted: dict[str, int]) -> tuple[int, int]:
    """Those with unanswered applicants first, then open ones, drafts and closed ones."""
    order = [Program.Status.PUBLISHED, Program.Status.DRAFT, Program.Status.CLOSED]
    return order.index(Program.Status(program.status)), -counted.get(State.SUBMITTED, 0)


def _row(
    program: Program, counted: dict[str, int], today: date, review: Review | None
) -> dict[str, Any]:
    is_draft = program.status == Program.Status.DRAFT
    return {
        "program": program,
        # What our staff said of a draft stands in the place of the word "draft".
        "review": review if is_draft and review and review.state in _SHOWN else None,
        "kind_icon": f"kind-{program.kind}",
        "place": present.place(program),
        "when": present.when(program),
        "over": program.status == Program.Status.PUBLISHED
        and program.apply_by is not None
        and program.apply_by < today,
        "counts": [
            {"label": State(state).label, "count": counted[state],
             "tone": "now" if state == State.SUBMITTED else ""}
            for state in _COUNTED
            if counted.get(state)
        ],
        "total": sum(counted.values()),
    }  # fmt: skip


def _now(
    seat: Seat,
    listed: list[Program],
    counts: dict[int, dict[str, int]],
    agreements: list[Agreement],
    reviews: dict[int, Review],
) -> list[dict[str, str]]:
    """What waits for this organization, the candidates' waiting first: {text, url, icon}."""
    slug = seat.organization.slug
    found: list[dict[str, str]] = []

    def add(text: str, url: str, icon: str) -> None:
        found.append({"text": text, "url": url, "icon": icon})

    for program in listed:
        fresh = counts[program.pk].get(State.SUBMITTED, 0)
        if fresh:
            said = ngettext(
                "%(count)d new application to “%(title)s” waits for your first answer.",
                "%(count)d new applications to “%(title)s” wait for your first answer.",
                fresh,
            )
            add(
                said % {"count": fresh, "title": program.title},
                reverse("firm:applicants", args=[slug, program.pk]),
                "user",
            )
    for agreement in agreements:
        if agreement.awaits(seat.organization):
            add(
                _("The agreement “%(title)s” waits for your signature.")
                % {"title": agreement.title},
                reverse("university:agreement", args=[slug, agreement.pk]),
                "handshake",
            )
    if not seat.can_edit:
        return found
    for program in listed:
        review = reviews.get(program.pk)
        state = review.state if review else ""
        if state in _TO_MEND:
            add(
                _("Our staff asks you to look at “%(title)s” once more.")
                % {"title": program.title},
                reverse("firm:program_edit", args=[slug, program.pk]),
                "edit",
            )
            continue
        if program.status != Program.Status.DRAFT or state == Review.State.WAITING:
            continue
        add(
            _("“%(title)s” is a draft. Finish and publish it.") % {"title": program.title},
            reverse("firm:program_edit", args=[slug, program.pk]),
            "edit",
        )
    if seat.organization.status == Organization.Status.UNVERIFIED and not (
        seat.organization.website and seat.organization.business_number
    ):
        add(
            _("Give your website and business number, so that our staff can verify you."),
            reverse("firm:settings", args=[slug]),
            "badge",
        )
    return found


def _owed(seat: Seat, user: Any, listed: list[Program], today: date) -> list[dict[str, str]]:
    """Answers that are late or due in these days; what was promised comes before what is new."""
    owed = answering.owed(applications.as_host(user), today=today)
    found = []
    for program in listed:
        due = owed.get(program.pk, {"late": 0, "soon": 0})
        url = reverse("firm:applicants", args=[seat.organization.slug, program.pk]) + "?due=1"
        if due["late"]:
            said = ngettext(
                "%(count)d answer to “%(title)s” is late. The candidate was promised it.",
                "%(count)d answers to “%(title)s” are late. The candidates were promised them.",
                due["late"],
            )
            found.append({"text": said % {"count": due["late"], "title": program.title},
                          "url": url, "icon": "warning"})  # fmt: skip
        if due["soon"]:
            said = ngettext(
                "%(count)d answer to “%(title)s” is due in these days.",
                "%(count)d answers to “%(title)s” are due in these days.",
                due["soon"],
            )
            found.append({"text": said % {"count": due["soon"], "title": program.title},
                          "url": url, "icon": "clock"})  # fmt: skip
    return found




@workplace()
def settings(request: HttpRequest, seat: Seat) -> HttpResponse:
    if request.method == "POST" and not seat.can_edit:
        raise PermissionDenied
    # A fresh copy: what is typed must not show in the frame before it is saved.
    copy = accounts.organizations_of(request.user).get(pk=seat.organization.pk)
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=copy)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_organization(seat.organization, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("firm:settings", slug=seat.organization.slug)
    return page(
        request,
        seat,
        "firm/settings.html",
        {"form": form, "members": accounts.members_of(seat.organization)},
    )
