from django.apps import AppConfig


class SmartFormsConfig(AppConfig):
    name = "portal.smartforms"
    label = "smartforms"
    verbose_name = "Forms"

    def ready(self) -> None:
        import datetime as dt

        from wagtail.signals import unpublished

        from barnet.customers.assisting import ending
        from barnet.kit import ground, periodic
        from portal.smartforms.asking.links import register_asking_links
        from portal.smartforms.asking.services import end_unanswered, remind_of_asked
        from portal.smartforms.authoring import gate
        from portal.smartforms.authoring.trying import trying_page
        from portal.smartforms.figures.folding import fold_days, register_figures_retention
        from portal.smartforms.files import kind as files
        from portal.smartforms.files.sweeping import sweep_nightly
        from portal.smartforms.kinds import addresses, places, register
        from portal.smartforms.library.teams import ensure_teams
        from portal.smartforms.linked import register_linked
        from portal.smartforms.merging import declare_merging
        from portal.smartforms.messages import register_messages
        from portal.smartforms.models import SmartForm
        from portal.smartforms.results.case_pages import register_links
        from portal.smartforms.results.holdings import register_holdings
        from portal.smartforms.results.retention import register_retention
        from portal.smartforms.reviewing.approving import ensure_approval, no_mail_about_forms
        from portal.smartforms.running.expiring import delete_expired, forget_visit, warn_of_expiry

        for kind in (*addresses.KINDS, *places.KINDS, *files.KINDS):
            register(kind)
        ground.register("forms: teams of the library", ensure_teams)
        ground.register("forms: approval", ensure_approval)
        no_mail_about_forms()
        register_messages()
        register_asking_links()
        register_links()
        register_holdings()
        register_linked()
        register_retention()
        register_figures_retention()
        SmartForm.gate, SmartForm.trying_page = gate, staticmethod(trying_page)
        unpublished.connect(lambda instance, **_more: gate.take_down(instance), sender=SmartForm, weak=False)
        periodic.register("forms: answers that end soon", warn_of_expiry, at=dt.time(9, 45))
        periodic.register("forms: answers that ended", delete_expired, at=dt.time(3, 40))
        periodic.register("forms: reminders of more asked", remind_of_asked, at=dt.time(10, 5))
        periodic.register("forms: end of more asked", end_unanswered, at=dt.time(4, 10))
        periodic.register("forms: figures of the day", fold_days, at=dt.time(1, 20))
        periodic.register("forms: files without answers", sweep_nightly, at=dt.time(3, 50), timeout=3600)
        declare_merging()
        ending.on_over(forget_visit)
