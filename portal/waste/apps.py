from django.apps import AppConfig


class WasteConfig(AppConfig):
    name = "portal.waste"
    label = "waste"
    verbose_name = "Waste"

    def ready(self) -> None:
        from barnet.kit import ground
        from portal.cases.registry import register
        from portal.waste.ground import ensure_reporting_rules
        from portal.waste.missed_bin_case import KIND
        from portal.waste.retention import register_retention

        register(KIND)
        register_retention()
        ground.register("waste: rules for missed bins", ensure_reporting_rules)
