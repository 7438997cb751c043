from corridor.web.firm.views.applicants import applicants, application, candidates, document
from corridor.web.firm.views.dispatch import (
    dispatch,
    dispatch_checklist,
    dispatch_checklist_text,
    dispatch_letter,
    dispatch_letter_text,
)
from corridor.web.firm.views.home import home, settings
from corridor.web.firm.views.posting import (
    program_close,
    program_edit,
    program_new,
    program_publish,
    program_section,
)

__all__ = [
    "applicants", "application", "candidates", "dispatch", "dispatch_checklist",
    "dispatch_checklist_text", "dispatch_letter", "dispatch_letter_text", "document", "home",
    "program_close", "program_edit", "program_new", "program_publish", "program_section",
    "settings",
]  # fmt: skip
