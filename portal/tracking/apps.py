from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "portal.tracking"
    label = "tracking"
    verbose_name = "Tracking"

    def ready(self) -> None:
        from barnet.notifications.registry import register_template
        from portal.tracking.messages import TRACK_CODE

        register_template(TRACK_CODE)
