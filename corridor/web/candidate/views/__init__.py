from corridor.web.candidate.views.applications import application, applications, apply
from corridor.web.candidate.views.matches import home, matches, questions
from corridor.web.candidate.views.privacy import consents, document, documents, visibility
from corridor.web.candidate.views.profile import profile, section

__all__ = [
    "application", "applications", "apply", "consents", "document", "documents", "home",
    "matches", "profile", "questions", "section", "visibility",
]  # fmt: skip
