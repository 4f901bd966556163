"""What a password must be, said so that people know what to do. Length before tricks: no rule asks for odd signs."""

import hashlib
import re

import requests
import structlog
from django.conf import settings
from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

LONGEST = 128

# Words that whoever guesses tries first here: docs/security.md names them. With them alone, and digits, none is enough.
OUR_WORDS = """barnet council borough london hendon finchley edgware golders whetstone cricklewood colindale totteridge
portal account resident bins recycling parking library password welcome summer winter spring autumn""".split()
_FEWEST_OTHER_LETTERS = 5

log = structlog.get_logger(__name__)

RULES: str | Promise = gettext_lazy(
    "Use 10 characters or more. Three words that do not belong together are a good choice."
)


class LongEnough(django.MinimumLengthValidator):
    def get_error_message(self) -> str:
        text = ngettext(
            "Use a longer password: %(least)d character or more.",
            "Use a longer password: %(least)d characters or more.",
            self.min_length,
        )
        return text % {"least": self.min_length}


class ShortEnough:
    """Nobody types more; a huge one would only cost us time to hash."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("Use a shorter password: %(most)d characters or fewer.") % {"most": LONGEST}


class NotCommon(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Many people use this password, so it is easy to guess. Use another one.")


class NotLikeEmail(django.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("This password is too much like your %(verbose_name)s. Use another one.")


class NotOurWords:
    """“BarnetCouncil2026” is long, and is tried first."""

    def validate(self, password: str, user: object = None) -> None:
        rest = re.sub("|".join(OUR_WORDS), "", password.lower())
        is_ours = rest != password.lower()
        if is_ours and sum(map(str.isalpha, rest)) < _FEWEST_OTHER_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_of_our_words")

    def get_help_text(self) -> str:
        return _("This password is made of words that people guess here, such as the council's name. Add other words.")


class NotBreached:
    """Not among passwords that became known elsewhere. The service that knows them is told five signs of a fingerprint,
    never the password; when it does not answer, the other rules have to do."""

    def validate(self, password: str, user: object = None) -> None:
        if settings.BREACHED_PASSWORDS_URL and self._is_known(password):
            raise ValidationError(self.get_help_text(), code="password_breached")

    def get_help_text(self) -> str:
        return _("This password became known when another website was broken into. Use another one.")

    def _is_known(self, password: str) -> bool:
        fingerprint = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        address = f"{settings.BREACHED_PASSWORDS_URL.rstrip('/')}/{fingerprint[:5]}"
        try:
            answer = requests.get(address, timeout=(2, 2), headers={"Add-Padding": "true"}, allow_redirects=False)
            answer.raise_for_status()
        except requests.RequestException as error:
            log.warning("breached_passwords_unknown", error=type(error).__name__)
            return False
        lines = (line.partition(":") for line in answer.text.splitlines())
        return any(ending == fingerprint[5:] and count.strip() != "0" for ending, _colon, count in lines)
