"""Applications of the demo in every state, with the events that led there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from corridor.accounts.models import Consent, Membership
from corridor.applications import clock, services
from corridor.applications.models import CANDIDATE, HOST, TRANSITIONS, Application, ApplicationEvent
from corridor.candidates.models import Candidate
from corridor.demo import content, hiring
from corridor.programs.models import Program

SEOUL = ZoneInfo("Asia/Seoul")
# The ways an application went, and how often; each is a list of states after the draft.
PATHS: list[tuple[int, list[str]]] = [
    (3, []),
    (7, ["submitted"]),
    (8, ["submitted", "under_review"]),
    (6, ["submitted", "under_review", "interview"]),
    (4, ["submitted", "under_review", "interview", "offered"]),
    (4, ["submitted", "under_review", "interview", "offered", "accepted"]),
    (2, ["submitted", "under_review", "offered", "declined"]),
    (3, ["submitted", "withdrawn"]),
    (4, ["submitted", "under_review", "closed"]),
    (3, ["submitted", "under_review", "interview", "closed"]),
]
IDENTITY = ["name", "email", "education", "work", "credentials", "languages", "documents"]


def apply(day: date) -> None:
    """Each path's candidates apply to programs of their sector and kinds; in bulk."""
    chosen = _pairs(day)
    owners = dict(
        Membership.objects.filter(organization__is_sample=True, role="owner").values_list(
            "organization_id", "user_id"
        )
    )
    applications, consents = [], []
    for candidate, program, path in chosen:
        sent = _moments(day, len(path), seed=f"{candidate.source_id} {program.source_id}")
        consent = None
        if path:
            host = program.organization
            consent = Consent(
                user_id=candidate.user_id, purpose="share_identity", recipient=host,
                recipient_name=host.name_en, recipient_country=host.country, items=IDENTITY,
                text_version="2026-11", language="ko", given_at=sent[0],
            )  # fmt: skip
            consents.append(consent)
        state = path[-1] if path else "draft"
        applications.append(Application(
            candidate=candidate, program=program, state=state, consent=consent,
            cover_note=_note(candidate, program),
            submitted_at=sent[0] if path else None,
            answer_by=day + timedelta(days=10) if state == "offered" else None,
            due_on=clock.due(program.kind, state, sent[-1].date()) if path else None,
        ))  # fmt: skip
        if path:
            kept = services.evidence(applications[-1], sent[0].date())
            applications[-1].evidence = {"sample": True, **kept}
    Consent.objects.bulk_create(consents)
    Application.objects.bulk_create(applications)
    _events(day, chosen, applications, owners)
    hiring.work(day)


def _events(
    day: date,
    chosen: list[tuple[Candidate, Program, list[str]]],
    applications: list[Application],
    owners: dict[int, int],
) -> None:
    notes = content.read("applications")["events"]
    events, moments = [], []
    for (candidate, program, path), application in zip(chosen, applications, strict=True):
        seed = f"{candidate.source_id} {program.source_id}"
        state = "draft"
        for following, moment in zip(path, _moments(day, len(path), seed=seed), strict=True):
            side = TRANSITIONS[state, following]  # type: ignore[index]
            by = candidate.user_id if side == CANDIDATE else owners.get(program.organization_id)
            said = notes[following]
            events.append(ApplicationEvent(
                application=application, from_state=state, to_state=following, by_id=by, side=side,
                note=Random(f"{seed} {following}").choice(said) if side == HOST or said else "",
            ))  # fmt: skip
            moments.append(moment)
            state = following
    ApplicationEvent.objects.bulk_create(events)
    # An insert writes the present moment into `at`, so the moments go in afterwards.
    for event, moment in zip(events, moments, strict=True):
        event.at = moment
    ApplicationEvent.objects.bulk_update(events, ["at"])


def _pairs(day: date) -> list[tuple[Candidate, Program, list[str]]]:
    """Candidates with a program of their own sector and kind; the demo firm's programs first."""
    rng = Random("applications")
    programs = list(
        Program.objects.filter(source="demo", status="published")
        .select_related("organization", "sector", "hub")
        .prefetch_related("duties")
        .order_by("pk")
    )
    programs.sort(key=lambda program: not program.organization.slug.startswith("sample-hanbit"))
    candidates = list(
        Candidate.objects.filter(source="demo")
        .prefetch_related("educations", "works", "credentials", "languages")
        .order_by("pk")
    )
    signed_in = candidates[:3]
    paths = [path for count, path in PATHS for _again in range(count)]
    rng.shuffle(paths)
    paths[:3] = [["submitted", "under_review"], ["submitted", "under_review", "interview"],
                 ["submitted"]]  # fmt: skip
    others = candidates[3:]
    rng.shuffle(others)
    made: list[tuple[Candidate, Program, list[str]]] = []
    busy = {candidate.pk: 0 for candidate in candidates}
    asked: dict[int, int] = {}
    for number, path in enumerate(paths):
        pool = [signed_in[number]] if number < 3 else others
        for candidate in pool:
            if busy[candidate.pk]:
                continue
            found = next(
                (
                    program for program in programs
                    if program.sector is not None and program.sector.slug == candidate.sectors[0]
                    and program.kind in candidate.kinds and candidate.walk in program.walks
                    and asked.get(program.pk, 0) < 5
                ),
                None,
            )  # fmt: skip
            if found is None:
                continue
            busy[candidate.pk] += 1
            asked[found.pk] = asked.get(found.pk, 0) + 1
            made.append((candidate, found, path))
            break
    free = [candidate for candidate in others if not busy[candidate.pk]]
    return made + _showcase(programs, free)


# So that the demo firm's board shows every stage: what its first internship has got.
SHOWCASE = [
    ["submitted"], ["submitted"], ["submitted"], ["submitted", "under_review"],
    ["submitted", "under_review", "interview"], ["submitted", "under_review", "interview"],
    ["submitted", "under_review", "interview", "offered"],
    ["submitted", "under_review", "interview", "offered", "accepted"],
    ["submitted", "under_review", "closed"], ["submitted", "closed"],
]  # fmt: skip


def _showcase(
    programs: list[Program], free: list[Candidate]
) -> list[tuple[Candidate, Program, list[str]]]:
    """Who is free for the demo firm's first internship; those of its sector come first."""
    program = next(
        (
            each for each in programs
            if each.organization.slug.startswith(hiring.FIRM) and each.kind == "internship"
        ),
        None,
    )  # fmt: skip
    if program is None:
        return []
    fitting = [
        each for each in free if program.kind in each.kinds and each.walk in program.walks
    ]
    sector = program.sector.slug if program.sector else ""
    fitting.sort(key=lambda each: each.sectors.index(sector) if sector in each.sectors else 99)
    return [
        (candidate, program, path) for candidate, path in zip(fitting, SHOWCASE, strict=False)
    ]


def _note(candidate: Candidate, program: Program) -> str:
    rng = Random(f"note {candidate.source_id} {program.source_id}")
    said = content.read("applications")["cover"][candidate.walk]
    return str(rng.choice(said)).format(title=program.title_ko, headline=candidate.headline)


def _moments(day: date, many: int, *, seed: str) -> list[datetime]:
    """`many` moments before `day`, in order, some days apart."""
    rng = Random(f"moments {seed}")
    left = rng.choice([1, 2, 3, 5, 8])
    days = []
    for _step in range(many):
        days.append(left)
        left += rng.randint(2, 6)
    return [
        datetime.combine(day - timedelta(days=back), time(rng.randint(9, 18), 20), SEOUL)
        for back in reversed(days)
    ]
