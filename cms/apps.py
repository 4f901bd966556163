from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = "Website"

    def ready(self) -> None:
        from barnet.kit import ground
        from cms.services import ensure_website

        ground.register("website", ensure_website)
