from django.urls import path

from corridor.web.public.views import certificates

app_name = "certificates"
urlpatterns = [
    path("", certificates.check, name="check"),
    path("<str:code>/", certificates.one, name="one"),
]
