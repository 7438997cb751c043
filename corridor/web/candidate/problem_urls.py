from django.urls import path

from corridor.web.candidate.views import problems

app_name = "problems"
urlpatterns = [
    path("", problems.index, name="index"),
    path("new/", problems.new, name="new"),
    path("<int:pk>/", problems.one, name="one"),
    path("<int:pk>/act/", problems.act, name="act"),
]
