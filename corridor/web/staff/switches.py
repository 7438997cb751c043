"""Staff switch features off and on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.common import switches as declared
from corridor.web.staff.access import page, staff_page
from corridor.web.staff.forms import SwitchForm


@staff_page
def switches(request: HttpRequest) -> HttpResponse:
    """Every declared switch with its own form; one is sent at a time."""
    asked = request.POST.get("name", "") if request.method == "POST" else ""
    rows: list[dict[str, Any]] = []
    for each, row in declared.standing():
        form = SwitchForm(
            request.POST if asked == each.name else None, prefix=each.name,
            initial={"state": "on" if row.is_on else "off", "whom": row.whom,
                     "share_pct": row.share_pct, "note": row.note},
        )  # fmt: skip
        if asked == each.name and form.is_valid():
            try:
                said = form.cleaned_data
                declared.turn(each.name, by=request.user, is_on=said["state"] == "on",
                              whom=said["whom"], share_pct=said["share_pct"],
                              note=said["note"])  # fmt: skip
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Switched. It holds from the next request on."))
                return redirect("staff:switches")
        rows.append({"declared": each, "row": row, "form": form, "open": asked == each.name})
    return page(request, "staff/switches.html", {"rows": rows})
