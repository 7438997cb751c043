from django.urls import path

from corridor.web.university.views import mine

app_name = "student"
urlpatterns = [
    path("university/", mine.university, name="university"),
    path("university/<int:pk>/leave/", mine.leave, name="leave"),
    path("university/rounds/<int:pk>/", mine.round, name="round"),
    path("university/nominations/<int:pk>/", mine.answer, name="nomination"),
]
