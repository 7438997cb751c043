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
from corridor.applications.models.placement import Certificate, CheckIn, Placement
from corridor.applications.models.problem import Problem, ProblemMessage
from corridor.applications.models.roster import (
    Goal,
    Pair,
    PlacementNotice,
    Traveler,
    TravelStay,
)
from corridor.applications.models.steps import StepRecord, StepReminder

__all__ = [
    "CANDIDATE", "FINAL", "HOST", "OPEN", "SYSTEM", "THIRD", "TRANSITIONS", "WAITS_FOR_HOST",
    "Application", "ApplicationEvent", "Certificate", "CheckIn", "Criterion", "Goal", "Interview",
    "Offer", "Pair", "Paper", "PaperNotice", "PaperSignature", "PaperVersion", "Placement",
    "PlacementNotice", "Problem", "ProblemMessage", "Reminder", "Score", "Scorecard", "Slot",
    "State", "StepRecord", "StepReminder", "TeamNote", "TravelStay", "Traveler",
]  # fmt: skip
