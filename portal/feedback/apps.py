import datetime as dt

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "portal.feedback"
    label = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        from barnet.kit import periodic
        from barnet.notifications.registry import register_template
        from portal.cases.registry import Attached, attach
        from portal.feedback.holdings import register_holdings
        from portal.feedback.messages import SURVEY
        from portal.feedback.retention import register_retention
        from portal.feedback.services import ask_after_closing, erase_words_of

        register_template(SURVEY)
        register_retention()
        attach(Attached("feedback", erase=erase_words_of))
        register_holdings()
        periodic.register("feedback: how did we do", ask_after_closing, every=dt.timedelta(minutes=30))
