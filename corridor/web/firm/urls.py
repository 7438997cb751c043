"""An organization's workplace. Universities have these pages too, and those of web.university."""

from django.urls import path

from corridor.web.firm import views
from corridor.web.firm.views.reviewing import program_take_back

app_name = "firm"
urlpatterns = [
    path("", views.home, name="home"),
    path("settings/", views.settings, name="settings"),
    path("programs/new/", views.program_new, name="program_new"),
    path("programs/<int:pk>/edit/", views.program_edit, name="program_edit"),
    path("programs/<int:pk>/edit/<slug:section>/", views.program_section, name="program_section"),
    path("programs/<int:pk>/edit/<slug:section>/live/", views.program_live, name="program_live"),
    path("programs/<int:pk>/preview/", views.program_preview, name="program_preview"),
    path("programs/<int:pk>/duplicate/", views.program_duplicate, name="program_duplicate"),
    path("programs/<int:pk>/publish/", views.program_publish, name="program_publish"),
    path("programs/<int:pk>/take-back/", program_take_back, name="program_take_back"),
    path("programs/<int:pk>/close/", views.program_close, name="program_close"),
    path("programs/<int:pk>/dispatch/", views.dispatch, name="dispatch"),
    path("programs/<int:pk>/dispatch/letter/", views.dispatch_letter, name="dispatch_letter"),
    path(
        "programs/<int:pk>/dispatch/letter.txt",
        views.dispatch_letter_text,
        name="dispatch_letter_text",
    ),
    path(
        "programs/<int:pk>/dispatch/checklist/",
        views.dispatch_checklist,
        name="dispatch_checklist",
    ),
    path(
        "programs/<int:pk>/dispatch/checklist.txt",
        views.dispatch_checklist_text,
        name="dispatch_checklist_text",
    ),
    path("programs/<int:pk>/applicants/", views.applicants, name="applicants"),
    path("programs/<int:pk>/applicants.csv", views.applicants_csv, name="applicants_csv"),
    path("programs/<int:pk>/board/", views.board, name="board"),
    path("programs/<int:pk>/criteria/", views.criteria, name="criteria"),
    path("programs/<int:pk>/candidates/", views.candidates, name="candidates"),
    path("applications/<int:pk>/", views.application, name="application"),
    path("applications/<int:pk>/route/", views.route_filed, name="route_filed"),
    path("applications/<int:pk>/steps/", views.step, name="step"),
    path("applications/<int:pk>/steps/<int:held>/undo/", views.step_undo, name="step_undo"),
    path("applications/<int:pk>/note/", views.note, name="note"),
    path("applications/<int:pk>/message/", views.message, name="message"),
    path("applications/<int:pk>/scores/", views.scores, name="scores"),
    path("applications/<int:pk>/interview/", views.interview, name="interview"),
    path(
        "applications/<int:pk>/interview/cancel/", views.interview_cancel, name="interview_cancel"
    ),
    path("applications/<int:pk>/interview.ics", views.interview_ics, name="interview_ics"),
    path("applications/<int:pk>/offer/", views.offer, name="offer"),
    path("applications/<int:pk>/offer/prolong/", views.offer_prolong, name="offer_prolong"),
    path("applications/<int:pk>/offer.txt", views.offer_text, name="offer_text"),
    path("team/", views.team, name="team"),
    path("team/join/<str:token>/", views.join, name="join"),
    path("activity/", views.activity, name="activity"),
    path("applications/<int:pk>/documents/<int:document>/", views.document, name="document"),
]
