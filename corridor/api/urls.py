from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from django.urls import path

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
