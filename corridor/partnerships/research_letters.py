"""What mails about joint research say. Called with the reader's language active."""

from __future__ import annotations

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from corridor.partnerships.models import (
    Agreement,
    Introduction,
    Milestone,
    Notice,
    ResearchProject,
    Review,
)
from corridor.partnerships.reviewing import REVIEW_NAMES

What = Notice.What
PROJECTS = {
    What.PROJECT_STATE, What.REVIEW_ASKED, What.REVIEW_DECIDED, What.REVIEW_WAITS,
    What.MILESTONE_LATE,
}  # fmt: skip
INTRODUCTIONS = {What.INTRODUCTION_ASKED, What.INTRODUCTION_ANSWERED}
Letter = tuple[str, list[str], str]  # subject, paragraphs, path of the page


def letter(notice: Notice) -> Letter | None:
    """None where what it tells of is gone."""
    if notice.what in INTRODUCTIONS:
        return _about_introduction(notice)
    project = (
        ResearchProject.objects.select_related("agreement__korean_party", "agreement__us_party")
        .filter(pk=notice.values.get("project", 0)).first()
    )  # fmt: skip
    if project is None:
        return None
    agreement, values = project.agreement, notice.values
    home = notice.organization or agreement.party(values.get("side", "KR"))
    path = reverse("university:project", args=[home.slug, project.pk])
    side = values.get("side") or "KR"
    filled = {
        "title": project.title,
        "review": str(REVIEW_NAMES.get(values.get("kind", ""), "")),
        "side": agreement.party(side).name,
        "partner": agreement.party(_other(agreement.side_of(home))).name,
    }
    subject, lines = _about_project(notice, filled)
    return subject % filled, [line % filled for line in lines], path


def _other(side: str) -> str:
    return Agreement.Side.US if side == Agreement.Side.KR else Agreement.Side.KR


def _about_project(notice: Notice, filled: dict[str, str]) -> tuple[str, list[str]]:
    values = notice.values
    match notice.what:
        case What.PROJECT_STATE if values["state"] == ResearchProject.State.PLANNED:
            return _("Joint research is planned with you: %(title)s"), [
                _("%(partner)s has planned the joint research “%(title)s” under your agreement."),
                _("Read it, then name the principal investigator of your side and who reviews."),
            ]
        case What.PROJECT_STATE:
            filled["state"] = str(ResearchProject.State(values["state"]).label)
            return _("%(state)s: %(title)s"), [
                _("The joint research “%(title)s” has a new status: %(state)s.")
            ]
        case What.REVIEW_ASKED:
            return _("To review: %(title)s"), [
                _("%(review)s of the joint research “%(title)s” is yours for %(side)s."),
                _("Read the project, then write your decision and its reasons on its page."),
            ]
        case What.REVIEW_DECIDED:
            filled["state"] = str(Review.State(values["state"]).label)
            return _("Reviewed: %(title)s"), [
                _("%(review)s of %(side)s for “%(title)s” is decided: %(state)s.")
            ]
        case What.REVIEW_WAITS:
            return _("A review waits: %(title)s"), [
                _("%(review)s of %(side)s for “%(title)s” is not decided yet."),
                _("The project cannot begin before that. Name who reviews, or decide."),
            ]
    late = Milestone.objects.filter(pk=values.get("milestone", 0)).first()
    lines = [_("A milestone of the joint research “%(title)s” is past its day.")]
    if late is not None:
        day = formats.date_format(late.due_on, "DATE_FORMAT")
        lines.append(f"{late.title} · {day}".replace("%", "%%"))
    return _("A milestone is late: %(title)s"), lines


def _about_introduction(notice: Notice) -> Letter | None:
    row = (
        Introduction.objects.select_related("asking__organization", "asked__organization")
        .filter(pk=notice.values.get("introduction", 0)).first()
    )  # fmt: skip
    if row is None or notice.organization is None:
        return None
    path = reverse("university:partners", args=[notice.organization.slug])
    if notice.what == What.INTRODUCTION_ASKED:
        filled = {"group": row.asking.name, "institution": row.asking.organization.name,
                  "own": row.asked.name}  # fmt: skip
        return (
            _("A research group wants to talk: %(group)s") % filled,
            [_("“%(group)s” of %(institution)s wants to get to know your group “%(own)s”.")
             % filled,
             _("Read what they write, and say yes or no. Contacts are shown only after a yes.")],
            f"{path}#requests",
        )  # fmt: skip
    filled = {"group": row.asked.name, "institution": row.asked.organization.name}
    if notice.values.get("state") == Introduction.State.ACCEPTED:
        return (
            _("They want to talk, too: %(group)s") % filled,
            [_("“%(group)s” of %(institution)s has said yes. You can see each other’s contact now.")
             % filled],
            f"{path}#requests",
        )  # fmt: skip
    return (
        _("Not this time: %(group)s") % filled,
        [_("“%(group)s” of %(institution)s cannot take up a new partnership now. This says nothing "
           "about your work.") % filled,
         _("Other groups that fit are on the page of the partner finder.")],
        path,
    )  # fmt: skip
