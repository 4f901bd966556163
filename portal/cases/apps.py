from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "portal.cases"
    label = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        from barnet.customers.staff import leaving
        from barnet.gazetteer.registry import on_address_settled, on_areas_changed
        from portal.cases.holdings import register_holdings
        from portal.cases.messages import register_messages
        from portal.cases.registry import DEMO_KIND, register
        from portal.cases.retention import register_retention
        from portal.cases.services import hand_back_cases, places, recompute_wards

        register(DEMO_KIND)
        register_retention()
        register_messages()
        register_holdings()
        on_areas_changed("wards of cases", recompute_wards)
        on_address_settled(places.KIND, places.take_settled_address)
        leaving.register("cases", hand_back_cases)
