from corridor.web.firm.views.applicants import applicants, application, candidates, document
from corridor.web.firm.views.home import home, settings
from corridor.web.firm.views.posting import (
    program_close,
    program_edit,
    program_new,
    program_publish,
    program_section,
)

__all__ = [
    "applicants", "application", "candidates", "document", "home", "program_close",
    "program_edit", "program_new", "program_publish", "program_section", "settings",
]  # fmt: skip
