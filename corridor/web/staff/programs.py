"""Staff look at programs before the public does, and at those that somebody reported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.programs import checking, moderation, reporting, waiting
from corridor.programs import queries as programs
from corridor.programs.models import Program, Review
from corridor.web import present
from corridor.web.staff.access import page, staff_page
from corridor.web.staff.forms import ApproveForm, BackForm

MOST = 100  # programs on the page of the queue; the oldest wait first
_DONE = {
    "approve": gettext_lazy("Approved. The host is told by mail."),
    "back": gettext_lazy("Sent back. The host reads your reasons in its language."),
    "down": gettext_lazy("Taken down. The host and its applicants are told by mail."),
    "settle": gettext_lazy("The reports are settled; the program stays as it is."),
}


@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    found = list(reporting.queue()[:MOST])
    return page(request, "staff/programs.html", {"rows": [_row(each) for each in found]})


def _row(program: Any) -> dict[str, Any]:
    return {
        "program": program,
        "place": present.place(program),
        "asked": program.asked_at is not None,
        "public": program.status == Program.Status.PUBLISHED,
        "reported": program.reported,
        "since": program.since,
    }


@staff_page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One program: what it says, what to check, what changed, what was reported; the decision."""
    program = programs.page(request.user, pk)
    if program is None:
        raise Http404
    act = request.POST.get("act", "") if request.method == "POST" else ""
    approving = ApproveForm(request.POST if act == "approve" else None)
    backing = BackForm(request.POST if act in {"back", "down"} else None)
    if request.method == "POST":
        form = approving if act == "approve" else backing
        try:
            if _act(request, program, act, approving, backing):
                messages.success(request, str(_DONE[act]))
                return redirect("staff:programs")
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, error)
    return page(
        request, "staff/program.html",
        {"program": program, "approving": approving, "backing": backing, **_context(program)},
    )  # fmt: skip


def _act(
    request: HttpRequest, program: Program, act: str, approving: ApproveForm, backing: BackForm
) -> bool:
    """Do what was asked; False where the form has to be looked at again."""
    if act == "settle":
        moderation.settle_reports(program, by=request.user)
        return True
    if act == "approve" and approving.is_valid():
        moderation.approve(program, by=request.user, checked=approving.cleaned_data["checked"])
        return True
    deeds = {"back": moderation.send_back, "down": moderation.take_down}
    if act in deeds and backing.is_valid():
        deeds[act](program, by=request.user, **backing.cleaned_data)
        return True
    return False


def _context(program: Program) -> dict[str, Any]:
    review = waiting.of(program)
    approved = waiting.last_snapshot(program)
    marked = checking.marked(program)
    return {
        "review": review,
        "is_new": waiting.is_new(program.organization, but=program),
        "public": program.status != Program.Status.DRAFT,
        "points": _points(program, marked),
        "marked": marked,
        "compared": bool(approved),
        "changes": [
            {"name": _name_of(program, name), "was": was, "now": now}
            for name, was, now in checking.changes(approved, program)
        ],
        "reports": [
            {"reason": checking.label("report", each.reason), "report": each}
            for each in program.reports.filter(settled_at=None)
        ],
        "history": [
            {"review": each, "reasons": [checking.label("reasons", key) for key in each.reasons]}
            for each in program.reviews.exclude(state=Review.State.WAITING).select_related(
                "decided_by"
            )
        ],
        "facts": present.program_facts(program),
        "details": present.details(program),
    }


def _points(program: Program, marked: list[checking.Marked]) -> list[dict[str, Any]]:
    """The checklist's points with what the program says to each.

    `alarming`: phrases were marked that bear on the point (`point` in the data file).
    """
    lang = present.language()
    alarms: dict[str, list[str]] = {}
    for row in checking.data()["phrases"]:
        found = [each.phrase for each in marked if each.why == row["why"][lang]]
        if row.get("point") and found:
            alarms.setdefault(row["point"], []).extend(found)
    hours = program.hours_per_week
    said = {
        "pay": present.money(program),
        "hours": _("%d hours a week") % hours if hours else "",
        "duties": "\n".join(
            f"{each.text} ({each.get_activity_display()})" for each in program.duties.all()
        ),
        "cost": program.candidate_cost_note,
        "fees": "\n".join(filter(None, [
            program.candidate_cost_note,
            *(_("Marked in its words: “%s”") % phrase for phrase in alarms.get("fees", [])),
        ])),
        "phrases": _("Marked phrases: %d") % len(marked),
    }
    return [
        {
            "id": row["id"],
            "label": row["label"][lang],
            "said": said[row["shows"]],
            "alarming": row["id"] in alarms,
            "law": row["law"][lang] if "law" in row else "",
        }
        for row in checking.data()["checklist"]
    ]


def _name_of(program: Program, name: str) -> str:
    own = {"details": _("More about this kind of program"), "duties": _("Duties"),
           "asked": _("What is asked")}  # fmt: skip
    if name in own:
        return own[name]
    return str(Program._meta.get_field(name).verbose_name)

