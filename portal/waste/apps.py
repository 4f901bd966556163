from django.apps import AppConfig


class WasteConfig(AppConfig):
    name = "portal.waste"
    label = "waste"
    verbose_name = "Waste"

    def ready(self) -> None:
        import datetime as dt

        from barnet.customers.assisting import screen
        from barnet.kit import ground, periodic
        from portal.cases.registry import Attached, attach, register
        from portal.waste.assisted import case as assisted_case
        from portal.waste.assisted import holdings as assisted_holdings
        from portal.waste.assisted import messages as assisted_messages
        from portal.waste.assisted import retention as assisted_retention
        from portal.waste.assisted.consent import forget_withdrawn_needs
        from portal.waste.assisted.ground import ensure_assisted
        from portal.waste.assisted.reviewing import review_arrangements
        from portal.waste.ground import ensure_reporting_rules
        from portal.waste.holdings import register_holdings
        from portal.waste.linked import register_linked
        from portal.waste.merging import declare_merging
        from portal.waste.messages import register_messages
        from portal.waste.missed_bin_case import KIND
        from portal.waste.moving import tell_moves
        from portal.waste.orders import retention as orders_retention
        from portal.waste.orders.case import KIND as CONTAINER_ORDER
        from portal.waste.orders.ground import ensure_kinds
        from portal.waste.reminding import remind
        from portal.waste.repeated_miss_case import KIND as REPEATED_MISS
        from portal.waste.retention import register_retention
        from portal.waste.sorting.ground import ensure_items
        from portal.waste.telling_changes import tell_changes
        from portal.waste.watching import escalate_overdue

        register(KIND)
        screen.carry("missed_bins", "missed_bin_browser", "assisted")
        register(REPEATED_MISS)
        register(CONTAINER_ORDER)
        orders_retention.register_retention()
        register(assisted_case.KIND)
        register(assisted_case.REVIEW_KIND)
        attach(Attached("assisted-collections", on_claimed=assisted_case.go_to))
        assisted_holdings.register_holdings()
        assisted_messages.register_messages()
        assisted_retention.register_retention()
        periodic.register("waste: review of assisted collections", review_arrangements, at=dt.time(9, 30))
        periodic.register("waste: withdrawn reasons", forget_withdrawn_needs, at=dt.time(3, 20))
        register_retention()
        register_holdings()
        register_linked()
        periodic.register("waste: broken promises", escalate_overdue, at=dt.time(8))
        register_messages()
        periodic.register("waste: reminders", remind, every=dt.timedelta(minutes=10), timeout=3600)
        periodic.register("waste: changed days", tell_changes, every=dt.timedelta(minutes=5), timeout=3600)
        periodic.register("waste: homes on other rounds", tell_moves, every=dt.timedelta(minutes=5), timeout=3600)
        ground.register("waste: rules for missed bins", ensure_reporting_rules)
        ground.register("waste: containers to order", ensure_kinds)
        ground.register("waste: what goes where", ensure_items)
        ground.register("waste: assisted collections", ensure_assisted)
        declare_merging()
