"""The address book: people's pages under /ko/ and /en/, machines' addresses without a language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from corridor.web import errors, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("api/v1/", include("corridor.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
urlpatterns += i18n_patterns(
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("", include("corridor.web.public.urls")),
    path("me/", include("corridor.web.candidate.urls")),
    path("me/", include("corridor.web.candidate.arrival_urls")),
    path("me/problems/", include("corridor.web.candidate.problem_urls")),
    path("org/<slug:slug>/", include("corridor.web.firm.after_urls")),
    path("certificates/", include("corridor.web.public.certificate_urls")),
    path("me/", include("corridor.web.university.student_urls")),
    path("org/<slug:slug>/", include("corridor.web.firm.urls")),
    path("org/<slug:slug>/", include("corridor.web.university.urls")),
    path("", include("corridor.web.papers.urls")),
    path("staff/", include("corridor.web.staff.urls")),
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
