from django.urls import path

from corridor.web.candidate import views

app_name = "candidate"
urlpatterns = [
    path("", views.home, name="home"),
    path("matches/", views.matches, name="matches"),
    path("profile/", views.profile, name="profile"),
    path("profile/<slug:section>/", views.section, name="section"),
    path("questions/", views.questions, name="questions"),
    path("visibility/", views.visibility, name="visibility"),
    path("consents/", views.consents, name="consents"),
    path("documents/", views.documents, name="documents"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("apply/<int:pk>/", views.apply, name="apply"),
    path("applications/", views.applications, name="applications"),
    path("applications/<int:pk>/", views.application, name="application"),
]
