from django.urls import path

from corridor.web.candidate.views.compare import compare
from corridor.web.candidate.views.searches import unsubscribe
from corridor.web.public import design, views
from corridor.web.public.views.closing import close_account
from corridor.web.public.views.privacy import support_visits
from corridor.web.public.views.reports import report

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("welcome/", views.welcome, name="welcome"),
    path("programs/", views.programs, name="programs"),
    path("programs/<int:pk>/", views.program, name="program"),
    path("programs/<int:pk>/report/", report, name="report"),
    path("compare/", compare, name="compare"),
    path("searches/stop/<str:token>/", unsubscribe, name="unsubscribe"),
    path("hubs/", views.hubs, name="hubs"),
    path("hubs/<slug:slug>/", views.hub, name="hub"),
    path("sectors/<slug:slug>/", views.sector, name="sector"),
    path("organizations/new/", views.organization_new, name="organization_new"),
    path("organizations/<slug:slug>/", views.organization, name="organization"),
    path("pathways/", views.pathways, name="pathways"),
    path("pathways/<slug:slug>/", views.pathway, name="pathway"),
    path("routes/", views.wizard, name="wizard"),
    path("credentials/", views.credentials, name="credentials"),
    path("credentials/<slug:slug>/", views.credential, name="credential"),
    path("support-visits/", support_visits, name="support_visits"),
    path("close-account/", close_account, name="close_account"),
    path("about/", views.about, name="about"),
    path("design/", design.design, name="design"),
]
