from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from corridor.api import views

app_name = "api"
router = SimpleRouter()
router.register("programs", views.Programs, basename="programs")
router.register("hubs", views.Hubs, basename="hubs")
router.register("sectors", views.Sectors, basename="sectors")
router.register("me/applications", views.MyApplications, basename="my-applications")

urlpatterns = [
    path("", include(router.urls)),
    path("me/profile/", views.MyProfile.as_view(), name="my-profile"),
    path("me/matches/", views.MyMatches.as_view(), name="my-matches"),
    path("assess/", views.Assess.as_view(), name="assess"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^(?P<rest>.*)$", views.NotThere.as_view()),
]
