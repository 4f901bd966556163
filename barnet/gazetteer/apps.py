from django.apps import AppConfig


class GazetteerConfig(AppConfig):
    name = "barnet.gazetteer"
    label = "gazetteer"
    verbose_name = "Gazetteer"
