"""Staff find one person by e-mail, say why, and look at the site as that person sees it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.accounts import support
from corridor.accounts.models import SupportVisit, User
from corridor.web.staff.access import page, staff_page
from corridor.web.staff.forms import VisitForm
from corridor.web.support import KEY

VISITS = 30


@staff_page
def people(request: HttpRequest) -> HttpResponse:
    """The form, and the last visits of all staff. People are found by their address alone: this is
    no list to browse."""
    form = VisitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = User.objects.filter(email__iexact=form.cleaned_data["email"]).first()
        try:
            if person is None:
                raise ValidationError({"email": _("Nobody has this address.")})
            visit = support.begin(person, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        except PermissionDenied:
            form.add_error("email", _("Staff are never looked at, nor are closed accounts."))
        else:
            request.session[KEY] = visit.pk
            return redirect("public:welcome")
    visits = support.visits_visible_to(request.user)[:VISITS]
    return page(request, "staff/people.html", {"form": form, "visits": visits})


@require_POST
@staff_page
def support_end(request: HttpRequest) -> HttpResponse:
    """The one POST that a visit lets through (web.support)."""
    pk = request.session.pop(KEY, None)
    for visit in SupportVisit.objects.filter(pk=pk, by=request.user):
        support.end(visit)
    messages.success(request, _("The support visit is over. You are yourself again."))
    return redirect("staff:people")
