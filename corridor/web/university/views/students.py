"""A university's students: who asks to be confirmed, where each stands, the lists of nominees;
and what a host reads of the nominees sent to it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.accounts.models import Organization
from corridor.applications import queries as applications
from corridor.applications.models import Application, State
from corridor.partnerships import queries, services
from corridor.partnerships.models import Affiliation, Agreement, Nomination
from corridor.programs.models import Program
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.university import journeys
from corridor.web.university.forms import NominationForm

CONFIRMED, ASKED = Affiliation.State.CONFIRMED, Affiliation.State.ASKED


def _university(seat: Seat) -> Organization:
    if seat.organization.kind != Organization.Kind.UNIVERSITY:
        raise Http404
    return seat.organization


@workplace()
def students(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Who is stuck first; with a filter by name and by being stuck."""
    university = _university(seat)
    everybody = list(queries.students_of(request.user, university))
    asked = {name: request.GET.get(name, "")[:80].strip() for name in ("q", "stuck")}
    rows = journeys.of(
        [each for each in everybody if each.state == CONFIRMED], timezone.localdate()
    )
    stuck = sum(row["stuck"] for row in rows)
    if asked["stuck"]:
        rows = [row for row in rows if row["stuck"]]
    if asked["q"]:
        rows = [row for row in rows if asked["q"].casefold() in _words(row)]
    return page(
        request, seat, "university/students.html",
        {"rows": rows, "asked": asked, "stuck": stuck, "part": "students",
         "confirmed": sum(each.state == CONFIRMED for each in everybody),
         "asking": [each for each in everybody if each.state == ASKED]},
    )  # fmt: skip


def _words(row: dict[str, Any]) -> str:
    program = row["program"].title if row["program"] else ""
    return f"{row['name']} {row['affiliation'].department} {program}".casefold()


@require_POST
@workplace(write=True)
def student_answer(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.students_of(request.user, _university(seat)), pk=pk)
    try:
        yes = "confirm" in request.POST
        services.answer_affiliation(found, by=request.user, confirmed=yes)
        messages.success(request, _("Confirmed. The student is told.") if yes
                         else _("Not confirmed. The student is told."))  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("university:students", seat.organization.slug)


@workplace()
def nominations(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The lists of nominees by program, and a form that puts a student on one."""
    university = _university(seat)
    listed = list(queries.nominations_by(request.user, university))
    form = _form(request, university, request.POST if request.method == "POST" else None)
    if request.method == "POST" and seat.can_edit and form.is_valid():
        program = form.cleaned_data["program"]
        try:
            services.nominate(
                program.agreement, by=request.user, university=university, program=program,
                student=form.cleaned_data["student"].student,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The student is asked. Nothing goes out before a yes."))
            return redirect("university:nominations", university.slug)
    applied = set(
        Application.objects.filter(
            candidate__user__in=[each.student_id for each in listed],
            program__in=[each.program_id for each in listed],
        )
        .exclude(state=State.DRAFT)
        .values_list("candidate__user_id", "program_id")
    )
    lists = []
    for program, rows in groupby(listed, key=lambda each: each.program):
        own = list(rows)
        lists.append({
            "program": program, "agreement": own[0].agreement,
            "rows": [{"it": each, "first": n == 0, "last": n == len(own) - 1,
                      "applied": (each.student_id, program.pk) in applied}
                     for n, each in enumerate(own)],
            "ready": sum(each.state == Nomination.State.AGREED for each in own),
        })  # fmt: skip
    return page(
        request, seat, "university/nominations.html",
        {"lists": lists, "form": form, "part": "nominations",
         "may": form.fields["program"].queryset.exists()},
    )  # fmt: skip


def _form(request: HttpRequest, university: Organization, data: Any) -> NominationForm:
    active = queries.of_organization(request.user, university).filter(
        status=Agreement.Status.ACTIVE
    )
    programs = Program.objects.filter(
        agreement__in=active.order_by(), status=Program.Status.PUBLISHED
    ).select_related("agreement")
    students = queries.students_of(request.user, university).filter(state=CONFIRMED)
    return NominationForm(data, programs=programs, students=students)


@require_POST
@workplace(write=True)
def nomination_act(request: HttpRequest, seat: Seat, pk: int, act: str) -> HttpResponse:
    """Move up or down, take back; `send` sends the whole list of the nomination's program."""
    university = _university(seat)
    found = get_object_or_404(queries.nominations_by(request.user, university), pk=pk)
    try:
        if act in ("up", "down"):
            services.move_nomination(found, by=request.user, up=act == "up")
        elif act == "back":
            services.withdraw_nomination(found, by=request.user)
            messages.success(request, _("Taken back."))
        else:
            services.send_nominations(
                found.agreement, by=request.user, university=university, program=found.program
            )
            messages.success(request, _("Sent. The host and the students are told."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    url = reverse("university:nominations", args=[university.slug])
    return redirect(f"{url}#program-{found.program_id}")


@workplace()
def nominated(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What universities have sent to this host: pseudonyms until the student applies."""
    rows = list(queries.nominations_to(request.user, seat.organization))
    seen = {
        (each.candidate.user_id, each.program_id): each
        for each in applications.as_host(request.user)
        .filter(program__in={row.program_id for row in rows})
        .select_related("candidate__user")
    }
    lists = []
    for (program, university), own in groupby(rows, key=lambda row: (row.program, row.university)):
        lists.append({
            "program": program, "university": university,
            "rows": [{"it": each, "code": each.student.candidate.card_code,
                      "application": seen.get((each.student_id, each.program_id))}
                     for each in own],
        })  # fmt: skip
    return page(request, seat, "university/nominated.html", {"lists": lists})
