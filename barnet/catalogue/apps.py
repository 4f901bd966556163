from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "barnet.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from barnet.catalogue.models import Service
        from barnet.catalogue.presenting import service_page
        from barnet.catalogue.services import ensure_services
        from barnet.kit.ground import register

        register("catalogue: services", ensure_services)
        Service.shown = staticmethod(service_page)
