"""Staff pages about the rules: what is in use, what is due, what changed, each value's history."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor import rules
from corridor.policy import comparing, queries, revisions, services
from corridor.rules import mending
from corridor.web import present
from corridor.web.staff import rulepages
from corridor.web.staff.access import page, staff_page
from corridor.web.staff.forms import CheckForm, DiffForm, DueForm

ROWS = 50
REVISIONS = 12


@staff_page
def overview(request: HttpRequest) -> HttpResponse:
    today, lang = timezone.localdate(), present.language()
    context = rulepages.overview(today)
    rows = list(queries.visible_to(request.user)[:REVISIONS])
    due = rulepages.due(day=today, ahead=30)
    return page(
        request,
        "staff/rules.html",
        {
            **context,
            "problems": rulepages.problem_rows(context["problems"]),
            "warnings": rulepages.problem_rows(context["warnings"]),
            "recorded": next((row for row in rows if row.revision == context["revision"]), None),
            "revisions": [
                {"row": row, "day": present.day(row.first_seen_on),
                 "older": rows[at + 1].revision if at + 1 < len(rows) else ""}
                for at, row in enumerate(rows)
            ],
            "late": sum(each.late > 0 for each in due),
            "soon": sum(each.late <= 0 for each in due),
            "pathways": [
                {"id": each.id, "name": each.name(lang), "status": each.status_on(today),
                 "checked": present.day(each.checked_on)}
                for each in rules.pathways()
            ],
        },
    )  # fmt: skip


@staff_page
@require_POST
def reload(request: HttpRequest) -> HttpResponse:
    done = services.reload(by=request.user)
    if done.problem is not None:
        problem, mend = mending.said(done.problem.problem)
        lang = present.language()
        messages.error(
            request,
            _("The rules were not reloaded; revision %(revision)s stays in use. "
              "%(file)s:%(line)s: %(problem)s — %(mend)s")
            % {"revision": done.before, "file": done.problem.file, "line": done.problem.line,
               "problem": problem(lang), "mend": mend(lang)},
        )  # fmt: skip
    elif done.before == done.after:
        messages.info(request, _("The files say what is in use already."))
    else:
        messages.success(
            request,
            _("Reloaded: revision %(after)s after %(before)s. Other processes follow within half "
              "a minute.") % {"after": done.after, "before": done.before},
        )  # fmt: skip
    return redirect("staff:rules")


@staff_page
def due(request: HttpRequest) -> HttpResponse:
    form = DueForm(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = rulepages.due(
        day=timezone.localdate(), days=asked.get("days"), ahead=asked.get("ahead") or 0
    )
    for name, of in (("part", "part"), ("volatility", "volatility")):
        if asked.get(name):
            found = [each for each in found if getattr(each, of) == asked[name]]
    if asked.get("evidence"):
        found = [each for each in found if each.backing.evidence == asked["evidence"]]
    if asked.get("pathway"):
        found = [each for each in found if asked["pathway"] in each.owners]
    listed = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return page(
        request,
        "staff/rule_due.html",
        {"form": form, "page": listed, "rows": rulepages.due_rows(listed.object_list),
         "count": len(found), "asked": any(request.GET.values())},
    )  # fmt: skip


@staff_page
def statement(request: HttpRequest, key: str) -> HttpResponse:
    today = timezone.localdate()
    found = rulepages.statement(key, today)
    if found is None:
        raise Http404
    form = CheckForm(request.POST or None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        try:
            services.check_statement(key, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("staff:rule_due")
    checks = queries.checks_visible_to(request.user).filter(statement=key)
    return page(
        request,
        "staff/rule_statement.html",
        {"statement": found, "form": form,
         "checks": [{"row": each, "day": present.day(each.day)} for each in checks]},
    )  # fmt: skip


@staff_page
def diff(request: HttpRequest) -> HttpResponse:
    rows = list(queries.visible_to(request.user))
    choices = rulepages.revision_choices(rows)
    today = timezone.localdate()
    older = next((row.revision for row in rows if row.revision != rules.revision()), "current")
    first = {"from": older, "to": "current", "day": today}
    form = DiffForm({**first, **request.GET.dict()}, choices=choices)
    context: dict[str, Any] = {"form": form, "compared": None}
    if form.is_valid():
        asked = form.cleaned_data
        context["compared"] = _compared(asked["from"], asked["to"], asked["day"], asked["until"])
        context["day"] = present.day(asked["day"])
        context["until"] = present.day(asked["until"])
    return page(request, "staff/rule_diff.html", context)


def _compared(old: str, new: str, day: date, until: date | None) -> dict[str, Any]:
    with revisions.opened(old) as before, revisions.opened(new) as after:
        return rulepages.compared(comparing.compared(before, after, day=day, until=until))


@staff_page
def pathway(request: HttpRequest, slug: str) -> HttpResponse:
    today, lang = timezone.localdate(), present.language()
    try:
        found = rules.pathway(slug)
    except rules.UnknownPathway:
        raise Http404 from None
    return page(
        request,
        "staff/rule_pathway.html",
        {
            "pathway": found,
            "name": found.name(lang),
            "status": found.status_on(today),
            "parts": rulepages.history(slug, today),
        },
    )
