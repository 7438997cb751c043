"""Staff see which hosts let candidates wait past the promised day. No candidate is named here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from corridor.applications import answering, clock
from corridor.web import answered
from corridor.web.staff.access import page, staff_page


@staff_page
def watch(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return page(
        request,
        "staff/answers.html",
        {
            "rows": [
                {**row, "record": answered.card(
                    answering.record(organization=row["organization"], today=today))}
                for row in answering.late(today=today)
            ],
            "tell_after": clock.rules()["tell_staff_after"],
        },
    )  # fmt: skip
