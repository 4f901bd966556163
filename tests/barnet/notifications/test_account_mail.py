from barnet.customers.signing_in import mail
from barnet.customers.signing_in.mail_kinds import MAIL_KINDS
from barnet.notifications import registry
from barnet.notifications.models import Message


def test_every_mail_of_signing_in_is_a_kind(db):
    assert {kind.key for kind in MAIL_KINDS} <= {kind.key for kind in registry.kinds()}


def test_a_code_goes_through_the_outbox_to_its_address_alone(asha):
    fields = {"code": "BCDF-GHJK", "minutes": "15", "more": "than it names"}
    mail.send("account-login-code", email="asha@example.com", user=asha.user, fields=fields)
    message = Message.objects.get()
    assert (message.channel, message.address, message.is_secret, message.customer) == (
        "email",
        "asha@example.com",
        True,
        None,
    )
    assert "BCDF-GHJK" in message.body
    assert "BCDF-GHJK" not in message.subject


def test_asking_twice_sends_two_codes(asha):
    for _ in range(2):
        fields = {"code": "BCDF-GHJK", "minutes": "15"}
        mail.send("account-login-code", email="asha@example.com", user=asha.user, fields=fields)
    assert Message.objects.count() == 2
