"""What was said so far is part of the address of every page of the journey."""

from django.urls import reverse
from django.utils.http import urlencode


def address_of(name: str, **said: object) -> str:
    return f"{reverse(name)}?{urlencode({key: str(value) for key, value in said.items() if value != ''})}"
