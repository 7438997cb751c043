from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "corridor.matching"
    label = "matching"
