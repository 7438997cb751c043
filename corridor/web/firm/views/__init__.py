from corridor.web.firm.views.applicants import (
    application,
    candidates,
    document,
    message,
    note,
    route_filed,
)
from corridor.web.firm.views.dispatch import (
    dispatch,
    dispatch_checklist,
    dispatch_checklist_text,
    dispatch_letter,
    dispatch_letter_text,
)
from corridor.web.firm.views.drafting import program_duplicate, program_live, program_preview
from corridor.web.firm.views.home import home, settings
from corridor.web.firm.views.meetings import interview, interview_cancel, interview_ics
from corridor.web.firm.views.offering import offer, offer_prolong, offer_text
from corridor.web.firm.views.pipeline import applicants, applicants_csv, board
from corridor.web.firm.views.posting import (
    program_close,
    program_edit,
    program_new,
    program_publish,
    program_section,
)
from corridor.web.firm.views.scoring import criteria, scores
from corridor.web.firm.views.steps import step, step_undo
from corridor.web.firm.views.team import activity, join, team

__all__ = [
    "activity", "applicants", "applicants_csv", "application", "board", "candidates", "criteria",
    "dispatch", "dispatch_checklist", "dispatch_checklist_text", "dispatch_letter",
    "dispatch_letter_text", "document", "home", "interview", "interview_cancel", "interview_ics",
    "join", "message", "note", "offer", "offer_prolong", "offer_text", "program_close",
    "program_duplicate", "program_edit", "program_live", "program_new", "program_preview",
    "program_publish", "program_section", "route_filed", "scores", "settings", "step",
    "step_undo", "team",
]  # fmt: skip
