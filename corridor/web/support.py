"""Around a request of staff who look as somebody else (accounts.support): only looking, told.

The page is made for the person, and three walls stand around it: nothing but reading is let in,
the database takes no write while the page is made, and what is encrypted of anybody (passport
number, birth date, sex, military service, secret links) reads as if it were not given. Files are
not handed out. Each page that was shown is told in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from corridor.accounts import support
from corridor.accounts.models import SupportVisit
from corridor.common import encryption

KEY = "support_visit"  # in the session of the one who looks
_READING = {"GET", "HEAD", "OPTIONS"}
_WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY", "ALTER", "CREATE", "DROP")
# The person's own matter even to look at (sign-in, what was read in a CV, and a problem told in
# private, which staff read on a page of its own and not all of them), and what other people gave
# to the person's organization and not to us (applicants, students).
_SHUT = (
    "candidate:cv", "problems:", "account_", "admin:", "firm:applica", "firm:board",
    "firm:candidates", "firm:scores", "firm:offer", "firm:interview", "university:student",
    "university:nominat", "university:round", "university:agreement_paper",
)  # fmt: skip
_END = "staff:support_end"


def visiting(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        # Asked first, so that a stranger's request touches no session.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or KEY not in request.session:
            return answer(request)
        name = _name(request)
        if name == _END:  # answered to the one who looks, not to whom they look as
            return answer(request)
        visit = support.under_way(request.session[KEY], by=request.user)
        if visit is None:
            return _over(request)
        request.user, request.support = visit.person, visit
        if request.method not in _READING or name.startswith(_SHUT):
            return render(request, "403.html", status=403)
        return _looked(request, visit, name, answer)

    return answered


def _looked(
    request: HttpRequest, visit: SupportVisit, name: str, answer: Callable[..., HttpResponse]
) -> HttpResponse:
    with encryption.hidden(), connection.execute_wrapper(_only_reads):
        response = answer(request)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code == 200 and not is_page:
        return render(request, "403.html", status=403)
    if response.status_code == 200:
        support.saw(visit, _told(request, name))
    return response


def _only_reads(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    words = str(sql).lstrip(" (\n").upper()
    if words.startswith(_WRITES) or (
        words.startswith("WITH") and any(f"{each} " in words for each in _WRITES[:4])
    ):
        raise PermissionDenied("A support visit changes nothing.")
    return execute(sql, params, many, context)


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name or ""
    except Resolver404:
        return ""


def _told(request: HttpRequest, name: str) -> str:
    """The page's name and its numbers: no word that a person wrote, no token of an address."""
    match = request.resolver_match
    numbers = [str(each) for each in (match.kwargs.values() if match else ()) if type(each) is int]
    return " ".join([name, *numbers])


def _over(request: HttpRequest) -> HttpResponse:
    """The half hour is over, or one of the two may not any more."""
    pk = request.session.pop(KEY)
    for visit in SupportVisit.objects.filter(pk=pk):
        support.end(visit)
    messages.info(request, _("The support visit is over. You are yourself again."))
    return redirect("staff:people")
