from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "corridor.applications"
    label = "applications"
