from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "barnet.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from datetime import time, timedelta

        from barnet.customers.acting_for import telling
        from barnet.customers.keeping import dying
        from barnet.customers.signing_in import mail
        from barnet.kit import ground, health, periodic
        from barnet.notifications import kinds, registry
        from barnet.notifications.account_mail import register_account_mails, send_account_mail
        from barnet.notifications.digest import send_summaries
        from barnet.notifications.health import check_queue
        from barnet.notifications.holdings import register_holdings
        from barnet.notifications.merging import declare_merging
        from barnet.notifications.notify.channel import register_notify
        from barnet.notifications.notify.polling import poll_receipts
        from barnet.notifications.people_messages import register_people_messages, tell_person
        from barnet.notifications.push.channel import register_push
        from barnet.notifications.retention import register_retention
        from barnet.notifications.services import cancel_messages_to, ensure_templates

        registry.register_template(registry.TEST_MESSAGE)
        registry.register_template(registry.SIGNATURE)
        registry.register_template(registry.DAILY_SUMMARY)
        registry.register_template(kinds.CONTACT_CODE)
        registry.register_template(kinds.CONTACT_CHANGED)
        register_account_mails()
        register_retention()
        register_notify()
        register_push()
        periodic.register("notifications: daily summaries", send_summaries, at=time(8, 0))
        periodic.register("notifications: receipts", poll_receipts, every=timedelta(minutes=5))
        mail.register_sender(send_account_mail)
        register_people_messages()
        register_holdings()
        telling.register_teller(tell_person)
        dying.register("messages", cancel_messages_to)
        ground.register("notifications: wordings", ensure_templates)
        health.register("queue", check_queue)
        declare_merging()
