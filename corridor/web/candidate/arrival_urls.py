from django.urls import path

from corridor.web.candidate.views import arrival

app_name = "arrival"
urlpatterns = [
    path("applications/<int:pk>/start/", arrival.start, name="start"),
    path("placements/<int:pk>/", arrival.placement, name="placement"),
    path("placements/<int:pk>/leave/", arrival.leave, name="leave"),
    path("placements/<int:pk>/certificate/", arrival.certificate, name="certificate"),
    path("check-ins/<int:pk>/", arrival.check_in, name="check_in"),
    path("check-ins/<int:pk>/share/", arrival.share, name="share"),
    path("pairs/<int:pk>/agree/", arrival.agree, name="agree"),
]
