from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "barnet.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from barnet.catalogue.services import ensure_services
        from barnet.kit.ground import register

        register("catalogue: services", ensure_services)
