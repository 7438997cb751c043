"""Onboarding from a CV: choose a file, then confirm what was read, field by field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.candidates import onboarding
from corridor.candidates import queries as candidates
from corridor.candidates.models import Candidate
from corridor.common import switches
from corridor.web.candidate.access import candidate_page
from corridor.web.candidate.cv_forms import MODELS, EntryForm, FactForm, ReviewForms, UploadForm
from corridor.web.switched import while_on


@candidate_page
@while_on(switches.CV_READING)
def cv(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """Choose a file. It is read while the page is awaited: two seconds, twenty at most."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        keep = form.cleaned_data["keep"]
        try:
            onboarding.read_cv(
                candidate, by=request.user, upload=form.cleaned_data["file"], keep=keep
            )
        except ValidationError as error:
            form.add_error("file", error.messages)
        else:
            return redirect("candidate:cv_review")
    return render(request, "candidate/cv.html", {"form": form, "waiting": onboarding.of(candidate)})


@candidate_page
def cv_review(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    """What the CV proposes, each with its line. One item may be taken alone, or all at once."""
    reading = onboarding.of(candidate)
    if reading is None:
        return redirect("candidate:cv")
    review = onboarding.review(candidate, reading)
    posted = _ticked(request.POST) if request.method == "POST" else None
    made = ReviewForms(posted, review)
    if posted is not None:
        single = request.POST.get("only", "")
        deciding = ReviewForms(posted, review).only(single) if single else made
        first = candidates.says_nothing(candidate)
        saved = _save(request, candidate, deciding)
        if saved is not None:
            return _after(request, candidate, saved, single, to_matches=first)
        made = deciding if not single else _merged(ReviewForms(None, review), deciding)
    return render(
        request,
        "candidate/cv_review.html",
        {
            "review": review,
            "facts": [_fact(form) for form in made.facts if not form.fact.private],
            "private": [_fact(form) for form in made.facts if form.fact.private],
            "groups": _groups(made.entries),
            "problem": posted is not None,
        },
    )


def _ticked(data: QueryDict) -> QueryDict:
    """The posted form; with "take all", everything that does not contradict the profile is
    ticked, and with one item's own button, that item is."""
    ticked = data.copy()
    if "all" in data:
        for name in data.getlist("tick"):
            ticked.setdefault(name, "on")
    if single := data.get("only"):
        ticked.setdefault(f"{single}-pick", "on")
    return ticked


def _save(request: HttpRequest, candidate: Candidate, made: ReviewForms) -> int | None:
    """The number of values written, or None where a field has to be looked at again."""
    taken = [form for form in made.entries if form.is_taken]
    valid = [form.is_valid() for form in (*made.facts, *taken)]
    if not all(valid):
        return None
    facts = {form.fact.name: form.chosen() for form in made.facts}
    try:
        return onboarding.accept(
            candidate,
            by=request.user,
            facts={name: value for name, value in facts.items() if value is not None},
            entries=[
                (form.entry.list, form.entry.beside, chosen)
                for form in taken if (chosen := form.chosen())
            ],
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None


def _after(
    request: HttpRequest, candidate: Candidate, saved: int, single: str, *, to_matches: bool
) -> HttpResponse:
    said = ngettext(
        "%(n)s value is in your profile now.", "%(n)s values are in your profile now.", saved
    ) % {"n": saved}
    messages.success(request, said)
    if not single:
        onboarding.put_away(candidate, by=request.user)
        return redirect("candidate:matches" if to_matches else "candidate:profile")
    left = onboarding.settle(candidate, names=[single])
    if left is None or onboarding.review(candidate, left).is_empty:
        onboarding.put_away(candidate, by=request.user)
        return redirect("candidate:profile")
    return redirect("candidate:cv_review")


def _merged(all_: ReviewForms, decided: ReviewForms) -> ReviewForms:
    """The whole page again, with the one item as it was posted and its errors."""
    for form in decided.facts:
        all_.facts = [form if each.fact.name == form.fact.name else each for each in all_.facts]
    for each in decided.entries:
        all_.entries = [each if e.entry.key == each.entry.key else e for e in all_.entries]
    return all_


@require_POST
@candidate_page
def cv_put_away(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    onboarding.put_away(candidate, by=request.user)
    messages.success(request, _("What was read is deleted. Your profile was not changed."))
    return redirect("candidate:profile")


# --- what the page shows --------------------------------------------------------------------------


def place(line: dict[str, Any]) -> str:
    """Where a line stands in the file, in the reader's words."""
    if "table" in line:
        told = _("table %(table)s, row %(row)s") % line
    else:
        told = _("line %(n)s") % {"n": line["number"] + 1}
    if "page" in line:
        return _("page %(page)s, %(place)s") % {"page": line["page"], "place": told}
    return told


def _source(line: dict[str, Any] | None) -> dict[str, str] | None:
    if line is None:
        return None
    text = " / ".join(line["text"].split("\n"))
    return {"text": text if len(text) <= 160 else f"{text[:157]}…", "place": place(line)}


def _fact(form: FactForm) -> dict[str, Any]:
    return {
        "name": form.fact.name,
        "form": form,
        "label": form["value"].label,
        "pick": form["pick"],
        "value": form["value"],
        "now": _shown(form.fact.name, form.fact.now),
        "conflicts": form.fact.conflicts,
        "source": _source(form.fact.line),
    }


def group_titles() -> dict[str, str]:
    return {
        "educations": _("Education"),
        "works": _("Work experience"),
        "credentials": _("Licenses and certificates"),
        "languages": _("Language tests"),
    }


def _groups(entries: list[EntryForm]) -> list[dict[str, Any]]:
    return [
        {"title": title, "entries": [_entry(form) for form in entries if form.entry.list == name]}
        for name, title in group_titles().items()
        if any(form.entry.list == name for form in entries)
    ]


def _entry(form: EntryForm) -> dict[str, Any]:
    entry = form.entry
    parts = {part.name: part for part in entry.parts}
    heading = next((part.value for part in entry.parts if part.value), "")
    made: dict[str, Any] = {
        "key": entry.key,
        "title": _choice(entry.list, entry.parts[0].name, heading),
        "conflicts": entry.beside is not None,
    }
    if form.row is not None:
        made["pick"] = form.row["pick"]
        made["errors"] = form.row.non_field_errors() if form.row.is_bound else []
        made["fields"] = [
            {"field": field, "source": _source(part.line) if part else None,
             "said": bool(part and (part.value or part.line))}
            for field in form.row if field.name != "pick"
            for part in [parts.get(field.name)]
        ]  # fmt: skip
    elif form.picks is not None:
        made["picks"] = [
            {"field": form.picks[name],
             "now": _choice(entry.list, name, parts[name].now),
             "cv": _choice(entry.list, name, parts[name].value),
             "source": _source(parts[name].line)}
            for name in form.picks.fields
        ]  # fmt: skip
    return made


def _choice(list_name: str, name: str, value: str) -> str:
    """A stored code in the reader's words."""
    choices = dict(MODELS[list_name]._meta.get_field(name).flatchoices or ())
    return str(choices.get(value, value))


def _shown(name: str, value: str) -> str:
    if name == "military_status":
        return str(dict(Candidate.MilitaryStatus.choices).get(value, value))
    return value
