from corridor.web.candidate.views.applications import (
    application,
    applications,
    apply,
    interview,
    interview_ics,
    message,
    offer_text,
    route,
)
from corridor.web.candidate.views.aside import not_now, put_aside
from corridor.web.candidate.views.closing import close
from corridor.web.candidate.views.cv import cv, cv_put_away, cv_review
from corridor.web.candidate.views.journey import (
    journey,
    journey_calendar,
    journey_feed,
    journey_ics,
)
from corridor.web.candidate.views.matches import home, matches, questions
from corridor.web.candidate.views.plan import plan
from corridor.web.candidate.views.privacy import consents, document, documents, visibility
from corridor.web.candidate.views.profile import autosave, profile, section
from corridor.web.candidate.views.searches import search, searches
from corridor.web.candidate.views.steps import step, step_readers, step_undo

__all__ = [
    "application", "applications", "apply", "autosave", "close", "consents", "cv", "cv_put_away",
    "cv_review", "document", "documents", "home", "interview", "interview_ics", "journey",
    "journey_calendar", "journey_feed", "journey_ics", "matches", "message", "not_now",
    "offer_text", "plan", "profile", "put_aside", "questions", "route", "search", "searches",
    "section", "step", "step_readers", "step_undo", "visibility",
]  # fmt: skip
