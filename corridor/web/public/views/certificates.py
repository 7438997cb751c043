"""Whether a certificate is genuine: for anybody who has its code, as far as the holder lets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from corridor.applications import after
from corridor.web import arrival


def check(request: HttpRequest) -> HttpResponse:
    """A field for the code."""
    code = request.GET.get("code", "").strip()[:40]
    if code:
        tidy = "".join(sign for sign in code if sign.isalnum() and sign.isascii())
        return redirect("certificates:one", tidy or "-")
    return render(request, "public/certificate.html", {"asked": ""})


@never_cache
def one(request: HttpRequest, code: str) -> HttpResponse:
    """What the holder lets be seen. An unknown code and a private one look alike: who guesses
    learns nothing."""
    held = after.certificate(code)
    seen = held is not None and (held.is_public or held.revoked_at is not None)
    answer = render(
        request, "public/certificate.html",
        {"asked": code[:40], "certificate": arrival.public(held) if held and held.is_public
         else None, "revoked": held.revoked_at if held and held.revoked_at else None,
         "revoked_code": held.written_code if held and held.revoked_at else ""},
        status=200 if seen else 404,
    )  # fmt: skip
    answer["X-Robots-Tag"] = "noindex"
    return answer
