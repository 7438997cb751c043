from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "corridor.partnerships"
    label = "partnerships"
