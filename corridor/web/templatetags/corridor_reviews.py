"""What a host reads of staff's look at its program."""

from __future__ import annotations

from typing import Any

from django import template

from corridor.programs import checking, waiting
from corridor.programs.models import Program, Review

register = template.Library()


@register.simple_tag
def review_of(program: Program) -> dict[str, Any]:
    """The last look at a program with its reasons in the reader's language, and whether publishing
    it would ask for one (`first_look`)."""
    review = waiting.last_of(program)
    state = review.state if review else ""
    closed = program.status == Program.Status.DRAFT and state != Review.State.WAITING
    return {
        "state": state,
        "review": review,
        "reasons": [
            text for text in map(checking.sentence, review.reasons if review else []) if text
        ],
        "first_look": closed and waiting.must_wait(program),
    }
