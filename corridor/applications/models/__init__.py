"""An application, what happens to it, and what a host's team keeps about it."""

from corridor.applications.models.application import (
    CANDIDATE,
    FINAL,
    HOST,
    OPEN,
    SYSTEM,
    TRANSITIONS,
    WAITS_FOR_HOST,
    Application,
    ApplicationEvent,
    Reminder,
    State,
)
from corridor.applications.models.hiring import (
    Criterion,
    Interview,
    Offer,
    Score,
    Scorecard,
    Slot,
    TeamNote,
)
from corridor.applications.models.papers import (
    THIRD,
    Paper,
    PaperNotice,
    PaperSignature,
    PaperVersion,
)

__all__ = [
    "CANDIDATE", "FINAL", "HOST", "OPEN", "SYSTEM", "THIRD", "TRANSITIONS", "WAITS_FOR_HOST",
    "Application", "ApplicationEvent", "Criterion", "Interview", "Offer",
    "Paper", "PaperNotice", "PaperSignature", "PaperVersion", "Reminder", "Score", "Scorecard",
    "Slot", "State", "TeamNote",
]  # fmt: skip
