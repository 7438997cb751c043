from django.urls import path

from corridor.web.staff import (
    answers,
    hubs,
    mails,
    programs,
    rules,
    runs,
    support,
    switches,
    views,
)

app_name = "staff"
urlpatterns = [
    path("", views.home, name="home"),
    path("organizations/<int:pk>/verify/", views.verify, name="verify"),
    path("programs/", programs.queue, name="programs"),
    path("programs/<int:pk>/", programs.one, name="program"),
    path("people/", support.people, name="people"),
    path("people/end/", support.support_end, name="support_end"),
    path("answers/", answers.watch, name="answers"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/<str:act>/", runs.act, name="run_act"),
    path("rules/", rules.overview, name="rules"),
    path("rules/reload/", rules.reload, name="rules_reload"),
    path("rules/due/", rules.due, name="rule_due"),
    path("rules/diff/", rules.diff, name="rule_diff"),
    path("rules/statements/<path:key>/", rules.statement, name="rule_statement"),
    path("rules/<slug:slug>/", rules.pathway, name="rule_pathway"),
    path("hubs/", hubs.hubs, name="hubs"),
    path("hubs/new/", hubs.hub, name="hub_new"),
    path("hubs/<slug:slug>/", hubs.hub, name="hub"),
    path("projects/new/", hubs.project, name="project_new"),
    path("projects/<slug:slug>/", hubs.project, name="project"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<str:key>/", mails.mail, name="mail"),
    path("switches/", switches.switches, name="switches"),
    path("audit/", views.audit, name="audit"),
]
