from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "barnet.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from barnet.customers import mail, telling
        from barnet.kit import ground, health
        from barnet.notifications import registry
        from barnet.notifications.account_mail import register_account_mails, send_account_mail
        from barnet.notifications.health import check_queue
        from barnet.notifications.people_messages import register_people_messages, tell_person
        from barnet.notifications.retention import register_retention
        from barnet.notifications.services import ensure_templates

        registry.register_template(registry.TEST_MESSAGE)
        registry.register_template(registry.SIGNATURE)
        register_account_mails()
        register_retention()
        mail.register_sender(send_account_mail)
        register_people_messages()
        telling.register_teller(tell_person)
        ground.register("notifications: wordings", ensure_templates)
        health.register("queue", check_queue)
