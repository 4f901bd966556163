from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelPolicy(models.TextChoices):
    """Whatever the policy, help is always offered: a service is never closed to somebody who cannot use it alone."""

    ANY = "any", _("Online, by telephone or in person")
    SELF_SERVICE = "self_service", _("Self-service only, with help")


class ContactKind(models.TextChoices):
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    COUNTER = "counter", _("In person")
    POST = "post", _("Post")


class Concession(models.TextChoices):
    """Who pays the amount."""

    STANDARD = "standard", _("Standard")
    SUPPORT = "support", _("With Council Tax Support or Housing Benefit")
    OLDER = "older", _("60 or over")
    DISABLED = "disabled", _("With a Blue Badge or a disability benefit")
    YOUNG = "young", _("Under 18, or a full-time student")
    COMMUNITY = "community", _("Charity or community group")


class Vat(models.TextChoices):
    OUTSIDE = "outside", _("No VAT is charged")
    INCLUDED = "included", _("Includes VAT at 20%")
    EXEMPT = "exempt", _("Exempt from VAT")
