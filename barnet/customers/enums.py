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
