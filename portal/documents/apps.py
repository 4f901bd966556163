import datetime as dt

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "portal.documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        from barnet.customers.keeping import leaving
        from barnet.kit import ground, periodic
        from portal.cases.registry import Attached, attach
        from portal.documents.case_links import staff_links
        from portal.documents.ground import ensure_kinds
        from portal.documents.holdings import register_holdings
        from portal.documents.leaving import forget_papers, go_to
        from portal.documents.merging import declare_merging
        from portal.documents.retention import register_retention
        from portal.documents.services import sweep_leftovers

        ground.register("documents: kinds", ensure_kinds)
        attach(Attached("documents", staff_links=staff_links, on_claimed=go_to))
        leaving.register("documents", forget_papers)
        register_holdings()
        register_retention()
        declare_merging()
        periodic.register("documents: files without a row", sweep_leftovers, at=dt.time(4, 20), timeout=3600)
