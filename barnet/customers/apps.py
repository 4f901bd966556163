import datetime as dt

from django.apps import AppConfig
from django.conf import settings


class CustomersConfig(AppConfig):
    name = "barnet.customers"
    label = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        from barnet.customers.api.api_keys import forget_old_answers
        from barnet.customers.assisting import ending
        from barnet.customers.consent.agreeing import ensure_purposes
        from barnet.customers.keeping import closing, people_retention, sign_in_holdings
        from barnet.customers.keeping.own_holdings import register_holdings
        from barnet.customers.keeping.retention import register_retention
        from barnet.customers.merging import rules as merging_rules
        from barnet.customers.merging.services import gather_late
        from barnet.customers.reaching.typed_addresses import KIND, take_settled_address
        from barnet.customers.signing_in import hashed_codes, sessions
        from barnet.customers.signing_in.sign_on.configuration import refuse_unknown_roles
        from barnet.customers.staff.roles import ROLES, ensure_roles
        from barnet.gazetteer.registry import on_address_settled
        from barnet.kit import ground, periodic

        merging_rules.declare_own()
        refuse_unknown_roles(settings.SIGN_ON, ROLES)

        hashed_codes.install()
        ground.register("customers: roles", ensure_roles)
        register_retention()
        people_retention.register_retention()
        ground.register("customers: purposes", ensure_purposes)
        register_holdings()
        sign_in_holdings.register_holdings()
        on_address_settled(KIND, take_settled_address)
        periodic.register("customers: answers of the api", forget_old_answers, at=dt.time(3, 20))
        periodic.register("customers: merged records", gather_late, every=dt.timedelta(minutes=10))
        periodic.register("customers: closed accounts", closing.close_due, at=dt.time(3, 10))
        periodic.register("customers: visits that were left", ending.end_left, every=dt.timedelta(minutes=5))
        periodic.register("customers: unused devices", sessions.forget_unused_devices, at=dt.time(2, 35))
