"""The organization's team and what it has done."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from corridor.accounts import queries as accounts
from corridor.accounts import teams
from corridor.applications import activity as log
from corridor.web.firm import deeds
from corridor.web.firm.access import Seat, page, workplace
from corridor.web.firm.hiring_forms import MemberForm

ENTRIES = 50


@workplace()
def team(request: HttpRequest, seat: Seat) -> HttpResponse:
    if request.method == "POST" and not seat.is_owner:
        raise PermissionDenied
    inviting = request.method == "POST" and not {"member", "revoke"} & request.POST.keys()
    form = MemberForm(request.POST if inviting else None)
    if request.method == "POST":
        try:
            if "revoke" in request.POST:
                number = request.POST["revoke"]
                teams.revoke(
                    get_object_or_404(
                        teams.waiting(seat.organization),
                        pk=int(number) if number.isdecimal() and len(number) < 18 else 0,
                    ),
                    by=request.user,
                )
                messages.success(request, _("The invitation holds no more."))
                return redirect("firm:team", seat.organization.slug)
            if not inviting:
                messages.success(request, _change(request, seat))
                if not accounts.organizations_of(request.user).filter(
                    pk=seat.organization.pk
                ).exists():
                    return redirect("public:welcome")
                return redirect("firm:team", seat.organization.slug)
            if form.is_valid():
                teams.invite(seat.organization, by=request.user, **form.cleaned_data)
                messages.success(request, _("The invitation is on its way by mail."))
                return redirect("firm:team", seat.organization.slug)
        except ValidationError as error:
            if inviting:
                form.add_error(None, error.messages)
            else:
                messages.error(request, " ".join(error.messages))
                return redirect("firm:team", seat.organization.slug)
    return page(
        request, seat, "firm/team.html",
        {"members": accounts.members_of(seat.organization), "form": form,
         "invitations": teams.waiting(seat.organization) if seat.is_owner else [],
         "roles": MemberForm.base_fields["role"].choices},
    )  # fmt: skip


def _change(request: HttpRequest, seat: Seat) -> str:
    """One member's new role, or their leaving; gives what to say."""
    number = request.POST.get("member", "")
    membership = get_object_or_404(
        accounts.members_of(seat.organization), pk=int(number) if number.isdigit() else 0
    )
    if "remove" in request.POST:
        teams.remove(membership, by=request.user)
        return _("The person is no longer a member.")
    teams.change_role(membership, by=request.user, role=request.POST.get("role", ""))
    return _("Saved.")


def join(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The link of an invitation: shows who invites, also before one has signed in, and joins on a
    click."""
    email = ""
    try:
        organization, email, role, by = teams.invited(token)
        if organization.slug != slug:
            raise Http404
        if request.user.is_authenticated and request.user.email.lower() != email:
            raise ValidationError(
                _("This invitation was sent to a different e-mail address. Sign in with that "
                  "address.")
            )  # fmt: skip
        if request.method == "POST":
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            teams.join(token, user=request.user)
            messages.success(request, _("Welcome to the team."))
            return redirect("firm:home", organization.slug)
        trouble = ""
    except ValidationError as error:
        organization, role, by, trouble = None, "", None, " ".join(error.messages)
    roles = dict(MemberForm.base_fields["role"].choices)
    return render(
        request, "firm/join.html",
        {"organization": organization, "role": roles.get(role, ""), "by": by, "trouble": trouble,
         "email": email},
    )  # fmt: skip


@workplace()
def activity(request: HttpRequest, seat: Seat) -> HttpResponse:
    found = Paginator(log.of(request.user, seat.organization), ENTRIES).get_page(
        request.GET.get("page")
    )
    return page(
        request, seat, "firm/activity.html",
        {"page": found, "rows": deeds.rows(found, seat.organization)},
    )  # fmt: skip
