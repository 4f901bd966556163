from django.apps import AppConfig


class GazetteerConfig(AppConfig):
    name = "barnet.gazetteer"
    label = "gazetteer"
    verbose_name = "Gazetteer"

    def ready(self) -> None:
        from barnet.gazetteer.retention import register_retention
        from barnet.gazetteer.services import check_search
        from barnet.kit import health

        health.register("addresses", check_search)
        register_retention()
