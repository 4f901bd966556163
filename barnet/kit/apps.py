from django.apps import AppConfig
from django.core.management import call_command

from barnet.kit import ground, health_checks


class KitConfig(AppConfig):
    name = "barnet.kit"
    label = "kit"
    verbose_name = "Kit"

    def ready(self) -> None:
        health_checks.register_checks()
        ground.register("kit: cache table", ensure_cache_table)


def ensure_cache_table() -> None:
    call_command("createcachetable", verbosity=0)
