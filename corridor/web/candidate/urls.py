from django.urls import path

from corridor.web.candidate import views

app_name = "candidate"
urlpatterns = [
    path("", views.home, name="home"),
    path("matches/", views.matches, name="matches"),
    path("matches/put-aside/", views.put_aside, name="put_aside"),
    path("matches/<int:pk>/not-now/", views.not_now, name="not_now"),
    path("plan/", views.plan, name="plan"),
    path("searches/", views.searches, name="searches"),
    path("searches/<int:pk>/", views.search, name="search"),
    path("journey/", views.journey, name="journey"),
    path("journey/calendar/", views.journey_calendar, name="journey_calendar"),
    path("journey/corridor-journey.ics", views.journey_ics, name="journey_ics"),
    path("journey/feed/<str:token>.ics", views.journey_feed, name="journey_feed"),
    path("profile/", views.profile, name="profile"),
    path("profile/<slug:section>/", views.section, name="section"),
    path("profile/<slug:section>/autosave/", views.autosave, name="autosave"),
    path("cv/", views.cv, name="cv"),
    path("cv/review/", views.cv_review, name="cv_review"),
    path("cv/put-away/", views.cv_put_away, name="cv_put_away"),
    path("questions/", views.questions, name="questions"),
    path("visibility/", views.visibility, name="visibility"),
    path("consents/", views.consents, name="consents"),
    path("documents/", views.documents, name="documents"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("apply/<int:pk>/", views.apply, name="apply"),
    path("applications/", views.applications, name="applications"),
    path("applications/<int:pk>/", views.application, name="application"),
    path("applications/<int:pk>/message/", views.message, name="message"),
    path("applications/<int:pk>/route/", views.route, name="route"),
    path("applications/<int:pk>/interview/", views.interview, name="interview"),
    path("applications/<int:pk>/interview.ics", views.interview_ics, name="interview_ics"),
    path("applications/<int:pk>/offer.txt", views.offer_text, name="offer_text"),
]
