from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "corridor.common"
    label = "common"
