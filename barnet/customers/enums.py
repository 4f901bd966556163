from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    PERSON = "person", _("Person")
    BUSINESS = "business", _("Business")


class Right(models.TextChoices):
    """By which right somebody acts: the third of who, for whom, by which right, through which channel."""

    SELF = "self", _("For themselves")
    DELEGATE = "delegate", _("With the customer's authority")
    STAFF = "staff", _("As a member of staff")
    SYSTEM = "system", _("Automatically")


class Channel(models.TextChoices):
    """Through which channel somebody reached us."""

    WEB = "web", _("Website")
    PHONE = "phone", _("Telephone")
    FACE_TO_FACE = "face_to_face", _("Face to face")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    SOCIAL = "social", _("Social media")
    CHAT = "chat", _("Web chat")
    SYSTEM = "system", _("Automatic")


class StaffChange(models.TextChoices):
    """What happened to a member of staff's account."""

    JOINED = "joined", _("Joined")
    MOVED = "moved", _("Roles changed")
    LEFT = "left", _("Left")


class StaffSource(models.TextChoices):
    """By which way it happened."""

    COMMAND = "command", _("By command")
    PAGE = "page", _("By an administrator")
    CLAIM = "claim", _("By the groups of the sign-in provider")


class Confidence(models.TextChoices):
    """How surely a provider knows who somebody is, in the terms of the government's guide GPG 45."""

    P0 = "P0", _("Not checked")
    P1 = "P1", _("Low confidence")
    P2 = "P2", _("Medium confidence")


class MessageChannel(models.TextChoices):
    """Through which channel we reach somebody."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    PUSH = "push", _("Notification on a device")
    LETTER = "letter", _("Letter")
    INBOX = "inbox", _("My Account inbox")


class Topic(models.TextChoices):
    """What a message is about, as people choose how to be told of it."""

    REQUESTS = "requests", _("Your requests")
    BINS = "bins", _("Bin collections")
    ACCOUNT = "account", _("Your account and sign-in")
    NEWS = "news", _("News from the council")


class ContactKind(models.TextChoices):
    EMAIL = "email", _("E-mail address")
    MOBILE = "mobile", _("Mobile number")
    LANDLINE = "landline", _("Landline number")
    POSTAL = "postal", _("Postal address")


class AuthorityKind(models.TextChoices):
    """Where somebody's right to act for another comes from."""

    INVITED = "invited", _("Given by the person")
    RECORDED = "recorded", _("Recorded by staff")
    PARENT = "parent", _("Parent or guardian of a child")
    ATTORNEY = "attorney", _("Power of attorney")
    APPOINTEE = "appointee", _("Appointee for benefits")
    EXECUTOR = "executor", _("Executor, after a death")
    BUSINESS = "business", _("Role in a business")


class Power(models.TextChoices):
    """What an authority lets its holder do."""

    READ = "read", _("Read")
    ACT = "act", _("Ask and report")
    PAY = "pay", _("Pay")
    MANAGE = "manage", _("Look after the people of a business")


class BusinessRole(models.TextChoices):
    """What a person is in a business; `POWERS` says what each role allows."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    MAY_PAY = "may_pay", _("May read and pay")
    MAY_READ = "may_read", _("May read")


POWERS: dict[str, frozenset[Power]] = {
    "": frozenset({Power.READ, Power.ACT, Power.PAY}),  # every authority that is not a role in a business
    BusinessRole.OWNER: frozenset(Power),
    BusinessRole.MANAGER: frozenset(Power),  # of everybody but owners: `business.may_give` has the rule
    BusinessRole.MAY_PAY: frozenset({Power.READ, Power.PAY}),
    BusinessRole.MAY_READ: frozenset({Power.READ}),
}


class EndedBy(models.TextChoices):
    """Which side ended an authority."""

    PRINCIPAL = "principal", _("The person who gave it")
    DELEGATE = "delegate", _("The person who held it")
    STAFF = "staff", _("A member of staff")
    SYSTEM = "system", _("Automatically")


class InvitationWay(models.TextChoices):
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By a code in a letter")


class InvitationState(models.TextChoices):
    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Withdrawn")
    LOCKED = "locked", _("Closed after wrong tries")
