from django.urls import path

from corridor.web.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.home, name="home"),
    path("organizations/<int:pk>/verify/", views.verify, name="verify"),
    path("runs/", views.runs, name="runs"),
    path("audit/", views.audit, name="audit"),
]
