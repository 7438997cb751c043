from corridor.web.candidate.views.applications import (
    application,
    applications,
    apply,
    interview,
    interview_ics,
    message,
    offer_text,
)
from corridor.web.candidate.views.cv import cv, cv_put_away, cv_review
from corridor.web.candidate.views.matches import home, matches, questions
from corridor.web.candidate.views.privacy import consents, document, documents, visibility
from corridor.web.candidate.views.profile import autosave, profile, section

__all__ = [
    "application", "applications", "apply", "autosave", "consents", "cv", "cv_put_away",
    "cv_review", "document", "documents", "home", "interview", "interview_ics", "matches",
    "message", "offer_text", "profile", "questions", "section", "visibility",
]  # fmt: skip
