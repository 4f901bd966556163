from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "barnet.customers"
    label = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        from barnet.customers.retention import register_retention
        from barnet.customers.roles import ensure_roles
        from barnet.kit import ground

        ground.register("customers: roles", ensure_roles)
        register_retention()
