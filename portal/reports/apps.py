from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "portal.reports"
    label = "reports"
    verbose_name = "Public reports"

    def ready(self) -> None:
        from barnet.notifications.registry import register_template
        from portal.cases.registry import Attached, attach
        from portal.reports.messages import FOLLOW_CONFIRM
        from portal.reports.retention import erase_words_of, register_retention
        from portal.reports.selectors import public_pictures
        from portal.reports.services import make_public

        register_template(FOLLOW_CONFIRM)
        attach(Attached("reports", on_received=make_public, public_pictures=public_pictures, erase=erase_words_of))
        register_retention()
