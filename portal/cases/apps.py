import datetime as dt

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "portal.cases"
    label = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        from barnet.customers.staff import leaving
        from barnet.gazetteer.registry import on_address_settled, on_areas_changed
        from barnet.kit import ground, periodic
        from barnet.operations import measures
        from portal.cases.delivery import kinds
        from portal.cases.delivery.holdings import register_passed_on
        from portal.cases.delivery.keys import forget_ended_secrets
        from portal.cases.delivery.nightly import NIGHTLY_FILE, make_files
        from portal.cases.delivery.open311 import OPEN311
        from portal.cases.delivery.open311.hearing import hear_offices
        from portal.cases.delivery.sending import send_waiting
        from portal.cases.delivery.updates import apply_impatiently
        from portal.cases.delivery.webhook import WEBHOOK
        from portal.cases.ground import ensure_contact_reasons, ensure_promises
        from portal.cases.holdings import register_holdings
        from portal.cases.measures import measure_offices
        from portal.cases.merging import declare_merging
        from portal.cases.messages import register_messages
        from portal.cases.promise_messages import register_promise_messages
        from portal.cases.registry import DEMO_KIND, register
        from portal.cases.retention import register_retention
        from portal.cases.services import forget_presence, hand_back_cases, places, recompute_wards
        from portal.cases.services.files import sweep_leftovers
        from portal.cases.services.watching import resume_held, watch_promises

        register(DEMO_KIND)
        kinds.register(WEBHOOK)
        kinds.register(OPEN311)
        kinds.register(NIGHTLY_FILE)
        register_retention()
        register_messages()
        register_promise_messages()
        register_holdings()
        register_passed_on()
        on_areas_changed("wards of cases", recompute_wards)
        on_address_settled(places.KIND, places.take_settled_address)
        leaving.register("cases", hand_back_cases)
        ground.register("cases: promises", ensure_promises)
        ground.register("cases: reasons of contacts", ensure_contact_reasons)
        periodic.register("cases: promises", watch_promises, every=dt.timedelta(minutes=10))
        periodic.register("cases: requests on hold", resume_held, at=dt.time(7))
        periodic.register("cases: who has requests open", forget_presence, every=dt.timedelta(hours=1))
        periodic.register("cases: back offices", send_waiting, every=dt.timedelta(minutes=1))
        hour = dt.timedelta(hours=1)
        periodic.register("cases: ended secrets of back offices", forget_ended_secrets, every=hour)
        periodic.register("cases: files for back offices", make_files, at=dt.time(1, 30), timeout=1800)
        periodic.register("cases: files without a row", sweep_leftovers, at=dt.time(4, 30), timeout=3600)
        measures.register("cases: back offices", measure_offices)
        declare_merging()
        periodic.register("cases: updates of back offices", apply_impatiently, every=dt.timedelta(minutes=5))
        periodic.register("cases: back offices by open311", hear_offices, every=dt.timedelta(minutes=5))
