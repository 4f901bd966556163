"""Addresses for messages: whole, because a mail is read elsewhere."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def absolute_url(path: str) -> str:
    """`/account/` → `https://www.council.example/account/`"""
    return f"{settings.BASE_URL}{path}"


def enquiry_url() -> str:
    """Where somebody asks us anything; the front page while the catalogue has no general enquiry."""
    try:
        return absolute_url(reverse("service", args=["general-enquiry"]))
    except NoReverseMatch:
        return absolute_url("/")
