from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "corridor.candidates"
    label = "candidates"
