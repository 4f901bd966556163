"""Secrets that we must be able to read again, encrypted where they are kept.

The key is made of SECRET_KEY; what older keys (SECRET_KEY_FALLBACKS) sealed is read, too. Each purpose has a key of its
own, so that what was sealed for one is nothing for another.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def cipher(purpose: str) -> MultiFernet:
    return MultiFernet([_fernet(purpose, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(text: str, *, purpose: str) -> str:
    return cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises cryptography's InvalidToken when the key is another one now."""
    return cipher(purpose).decrypt(sealed.encode()).decode()


def _fernet(purpose: str, key: str) -> Fernet:
    digest = hashlib.sha256(purpose.encode() + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
