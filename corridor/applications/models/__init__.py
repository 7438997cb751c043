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

__all__ = [
    "CANDIDATE", "FINAL", "HOST", "OPEN", "SYSTEM", "TRANSITIONS", "WAITS_FOR_HOST",
    "Application", "ApplicationEvent", "Reminder", "State",
]  # fmt: skip
