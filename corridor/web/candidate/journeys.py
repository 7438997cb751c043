"""A person's way from an application to the first day: what has been, what is due, and from whom.

A journey is read for one day by one visa route (see applications.planning). Its deadlines
feed the page and the calendar alike; what a calendar must not tell is marked `private`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.applications import due_steps, known, planning, queries, terms, visa_steps, zones
from corridor.applications.countersigned import queries as paper_queries
from corridor.applications.countersigned import wording
from corridor.applications.models import (
    CANDIDATE,
    FINAL,
    Application,
    ApplicationEvent,
    Interview,
    Paper,
    State,
)
from corridor.candidates.models import Candidate
from corridor.matching import facts
from corridor.partnerships import queries as partnerships
from corridor.partnerships.models import Nomination
from corridor.programs.models import Program
from corridor.rules import Verdict
from corridor.rules.timeline import Station
from corridor.web import arrival, hiring, journey, planned, present, routes, way


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that somebody does by a day, or that happens on it.

    `key` is stable, so that a calendar knows it again. `moment`: where it has an hour. `until`:
    the last day on which it can still be done, where `day` is the safe one. `late`: it has passed.
    `url`: where the reader does it.
    """

    key: str
    day: date
    title: str
    who: str = ""
    yours: bool = False
    note: str = ""
    moment: datetime | None = None
    minutes: int = 0
    place: str = ""
    until: date | None = None
    late: bool = False
    private: bool = False
    url: str = ""


@dataclass(frozen=True)
class Journey:
    """One application on its way. `route` is what routes.account gives, or None where no visa is
    asked or none suits; `entries` are what <c-timeline> takes, the oldest first."""

    application: Application
    program: Program  # with the dates of the offer, where there is one
    stations: list[dict[str, Any]]
    route: dict[str, Any] | None
    choice: dict[str, Any] | None  # why this route, and which others one may plan with
    needs_visa: bool
    now: dict[str, Any] | None  # from the first day on: what matters instead of the visa
    deadlines: list[Deadline]
    entries: list[dict[str, Any]]
    offer: dict[str, Any] | None
    documents: list[Any]
    papers: list[Paper]
    revision: str
    next: Deadline | None


def of(candidate: Candidate, *, day: date) -> list[Journey]:
    """The journeys of all living applications, the one with the nearest deadline first."""
    living = queries.of_candidate(candidate).exclude(state__in=FINAL)
    found = living.prefetch_related(
        "events", "offers", "documents", "interviews__slots", "program__duties",
        "program__requirements", "papers__versions__signatures", "papers__third",
        "placement__check_ins", "placement__certificate", "steps",
    )  # fmt: skip
    made = [_journey(candidate, each, day=day) for each in found]
    made.sort(key=lambda each: (each.next is None, each.next.day if each.next else day))
    return made


def upcoming(found: Iterable[Journey], *, most: int = 8) -> list[tuple[Deadline, Journey]]:
    """The nearest deadlines of all journeys, the late and the reader's own first on one day."""
    rows = [(due, each) for each in found for due in each.deadlines]
    rows.sort(key=lambda row: (row[0].day, not row[0].yours, row[0].key))
    return rows[:most]


def _journey(candidate: Candidate, application: Application, *, day: date) -> Journey:
    application.candidate = candidate
    offer, program = terms.offer_of(application), terms.as_offered(application)
    judged = known.assessed(application, day=day)
    needs_visa = facts.needs_pathway(judged.facts, program)
    assessment = judged if needs_visa else None
    verdict, basis = planning.planned(assessment, application, offer)
    events = list(application.events.all())
    meetings = list(application.interviews.all())
    meeting = meetings[-1] if meetings else None
    papers = paper_queries.shown_to(list(application.papers.all()), CANDIDATE)
    for each in papers:
        each.application = application
    begun = arrival.now(application, day)
    deadlines = [
        *_of_application(application, meeting, day),
        *of_papers(papers, day),
        *(() if begun else _of_route(verdict, day, pk=application.pk)),
        *_of_program(program, day),
        *of_placement(application, day),
    ]
    deadlines.sort(key=lambda due: (due.day, due.key))
    account = routes.account(verdict) if verdict is not None else None
    return Journey(
        application=application,
        program=program,
        stations=journey.stations(application, events, papers=papers),
        papers=papers,
        route=account,
        choice=None if begun else planned.choice(assessment, application, verdict, basis),
        now=begun,
        needs_visa=needs_visa,
        deadlines=deadlines,
        entries=_in_order([
            *_past(application, events),
            *_ahead(deadlines, *((None, None) if begun else (verdict, account)), day),
        ]),
        offer=hiring.offer(offer, side=CANDIDATE) if offer else None,
        documents=list(application.documents.all()),
        revision=assessment.revision if assessment else "",
        next=next((due for due in deadlines if due.yours), None)
        or (deadlines[0] if deadlines else None),
    )


def nominations(candidate: Candidate) -> list[dict[str, Any]]:
    """The university's nominations that are alive, and who acts next on each."""
    you, state = way.actor(way.CANDIDATE), Nomination.State
    rows = []
    for each in partnerships.nominations_of(candidate.user):
        if each.state not in Nomination.LIVE:
            continue
        who, title = {
            state.ASKED: (you, _("Say whether you agree to be nominated")),
            state.AGREED: (each.university.name, _("The university sends the nomination")),
            state.SENT: (each.program.host_name, _("The host reads the nomination")),
        }[Nomination.State(each.state)]
        rows.append(
            {"program": each.program, "university": each.university.name,
             "word": each.state_to_student, "since": present.moment(each.changed_at),
             "who": who, "yours": who == you, "title": title}
        )  # fmt: skip
    return rows


# --- what is due ------------------------------------------------------------------------------


def _of_application(
    application: Application, meeting: Interview | None, day: date
) -> Iterable[Deadline]:
    program, you = application.program, way.actor(way.CANDIDATE)
    host = program.host_name
    if application.state == State.DRAFT and program.apply_by and program.apply_by >= day:
        yield Deadline("send", program.apply_by, _("Send your application"), you, True)
    if application.due_on is not None and not application.is_final:
        yield Deadline(
            "answer", application.due_on, _("The host’s answer is due"), host,
            note=_("It is late. Our staff follows it up.") if application.due_on < day else "",
            late=application.due_on < day,
        )  # fmt: skip
    # An offer that was not answered in time has the host's due day again: it cannot be accepted.
    if application.state == State.OFFERED and application.answer_by and not application.due_on:
        yield Deadline(
            "offer", application.answer_by, _("Answer the offer"), you, True,
            late=application.answer_by < day,
        )  # fmt: skip
    if meeting is None or application.state != State.INTERVIEW:
        return
    if meeting.state == Interview.State.PROPOSED:
        ahead = [slot.starts_at for slot in meeting.slots.all() if slot.starts_at > timezone.now()]
        if ahead:
            yield Deadline(
                f"choose-{meeting.pk}", timezone.localdate(min(ahead)),
                _("Choose an interview time"), you, True,
                note=_("The first of the proposed times is on this day."),
            )  # fmt: skip
    elif meeting.state == Interview.State.SET and meeting.starts_at:
        local = timezone.localdate(meeting.starts_at)
        if local >= day:
            yield Deadline(
                f"interview-{meeting.uid}", local, _("Interview"), you, True,
                note=zones.said(meeting.starts_at, program), moment=meeting.starts_at,
                minutes=meeting.minutes, place=meeting.where,
            )  # fmt: skip


def of_papers(papers: Iterable[Paper], day: date) -> Iterable[Deadline]:
    """Whoever signs a paper next, or records what came of it."""
    for each in papers:
        if each.due_on is None or not each.turn:
            continue
        yours = each.turn == CANDIDATE
        said = {"paper": each.get_kind_display(), "turn": wording.turn(each)}
        if not yours:
            text = _("%(paper)s: %(turn)s") % said
        elif each.state == Paper.State.DRAFT:
            text = _("%(paper)s: yours to write and sign") % said
        else:
            text = _("%(paper)s: yours to sign") % said
        yield Deadline(
            f"paper-{each.kind}-{each.turn}", each.due_on, text,
            way.actor(way.CANDIDATE) if yours else wording.side_name(each, each.turn), yours,
            late=each.due_on < day, url=reverse("papers:mine", args=[each.pk]) if yours else "",
        )  # fmt: skip


def _of_route(verdict: Verdict | None, day: date, *, pk: int) -> Iterable[Deadline]:
    """The steps that must have begun by a day, where there is a start and the route is open, and
    the days that are agreed, such as an interview's, whatever is known of the route."""
    if verdict is None or verdict.timeline is None:
        return
    if verdict.display == "no" and not verdict.progress:
        return
    lang = present.language()
    for each in verdict.timeline.stations:
        told = each.progress
        if told.since is not None and told.since >= day and not each.done:
            yield Deadline(
                f"step-{each.step.id}", told.since, each.step.text(lang), way.actor(each.step.who),
                each.step.who == way.CANDIDATE, private=each.step.id in visa_steps.PRIVATE,
                url=f"{reverse('candidate:application', args=[pk])}#steps",
            )  # fmt: skip
    for due in due_steps.of(verdict):
        step, begin, last = due.step, due.begin, due.last
        length = way.length(step.least, step.most)
        if step.estimate:
            length = _("%s (estimate)") % length
        yield Deadline(
            f"step-{step.id}",
            max(begin, day) if last >= day else last,
            _("Begin: %s") % step.text(lang),
            way.actor(step.who),
            step.who == way.CANDIDATE,
            note=length if begin == last else _("%(length)s; last possible day to begin: %(day)s")
            % {"length": length, "day": present.day(last)},
            until=last,
            late=last < day,
            private=step.id in visa_steps.PRIVATE,
        )


def of_placement(application: Application, day: date) -> Iterable[Deadline]:
    """From the first day on: the start to confirm, and check-ins until they are answered."""
    if application.state != State.ACCEPTED:
        return
    you, placement = way.actor(way.CANDIDATE), getattr(application, "placement", None)
    if placement is None or placement.confirmed_by_candidate_at is None:
        first = placement.started_on if placement else arrival.start_of(application)["started_on"]
        if first is not None and (placement is not None or first <= day):
            yield Deadline(
                "start", first, _("Confirm your first day"), you, True,
                url=reverse("arrival:start", args=[application.pk]),
            )  # fmt: skip
        return
    for each in placement.check_ins.all():
        shown = arrival.check_in(each, day)
        if each.answered_at is None and shown["state"] != "missed":
            yield Deadline(
                f"check-in-{each.pk}", each.due_on,
                _("Check-in: %(kind)s") % {"kind": shown["kind"]}, you, True,
                note=_("You may leave it out."), late=each.due_on < day,
                url=reverse("arrival:check_in", args=[each.pk]) if shown["open"] else "",
            )  # fmt: skip


def _of_program(program: Program, day: date) -> Iterable[Deadline]:
    if program.starts_on and program.starts_on >= day:
        yield Deadline("first", program.starts_on, _("First day of the program"))
    if program.ends_on and program.ends_on >= day:
        yield Deadline("last", program.ends_on, _("Last day of the program"))


# --- one line ---------------------------------------------------------------------------------


_Row = tuple[date, int, dict[str, Any]]  # the day, which of one day comes first, the entry


def _in_order(rows: list[_Row]) -> list[dict[str, Any]]:
    return [entry for _at, _rank, entry in sorted(rows, key=lambda row: row[:2])]


def _past(application: Application, events: Sequence[Any]) -> list[_Row]:
    """What happened to the application; steps of the visa stand there by their own days."""
    if application.state == State.DRAFT:
        began = timezone.localdate(application.created_at)
        return [
            (began, -2, {"date": present.day(began), "title": _("You began the application"),
                         "state": "past"})
        ]  # fmt: skip
    told = [each for each in events if each.kind != ApplicationEvent.Kind.STEP_RECORDED]
    return [
        (timezone.localdate(event.at), -2,
         {"date": each["at"], "title": each["title"], "note": each["who"], "state": "past"})
        for event, each in zip(
            told, hiring.history(application, told, side=CANDIDATE), strict=True
        )
        if not each["is_message"]
    ]  # fmt: skip


def _ahead(
    deadlines: Sequence[Deadline],
    verdict: Verdict | None,
    account: dict[str, Any] | None,
    day: date,
) -> list[_Row]:
    """Deadlines and all other steps of the route, by the day on which each must or can begin."""
    told = {}
    if account is not None and account["timeline"]:
        told = {each["id"]: each for each in account["timeline"]["stations"]}
    rows: list[_Row] = []
    stations = {f"step-{s.step.id}": s for s in _stations(verdict) if s.step.id in told}
    for due in deadlines:
        if due.key not in stations:
            rows.append((due.day, 1, _entry(due, day)))
    for key, station in stations.items():
        step = told[station.step.id]
        at = station.progress.done or day if station.done else max(station.begins[0], day)
        by = verdict.timeline.by(station) if verdict is not None and verdict.timeline else None
        if by is not None and not station.done:
            at = by[0]
        rows.append((at, -1 if station.done else 0, _step(key, step)))
    return rows


def _stations(verdict: Verdict | None) -> Sequence[Station]:
    if verdict is None or verdict.timeline is None:
        return ()
    return verdict.timeline.stations


def _entry(due: Deadline, day: date) -> dict[str, Any]:
    return {
        "date": present.day(due.day),
        "iso": due.day.isoformat(),
        "title": due.title,
        "note": " · ".join(part for part in (due.who, due.note) if part),
        "state": "now" if due.late or (due.yours and due.day == day) else "future",
    }


def _step(key: str, step: dict[str, Any]) -> dict[str, Any]:
    state = {"done": "past", "now": "now", "late": "now"}.get(step["state"], "future")
    length = step["length"]
    if length and step["estimate"]:
        length = _("%s (estimate)") % length
    marks = {
        "done": "" if step["when"] else _("done already"),
        "maybe": _("only if it applies to you"),
        "stated": step["mark"],
    }
    mark = marks.get(step["state"], "")
    citation = step["citation"]
    if citation and not step["verified"]:
        citation = f"{citation} · {_('not verified against the primary text')}"
    return {
        "date": step["when"],
        "title": step["text"],
        "note": " · ".join(part for part in (step["who"], length, mark, step["note"]) if part),
        "state": state,
        "citation": citation,
    }
