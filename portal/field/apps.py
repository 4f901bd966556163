from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "portal.field"
    label = "field"
    verbose_name = "Crews on the street"

    def ready(self) -> None:
        from portal.field.retention import register_retention

        register_retention()
