"""What a password must be, said so that people know what to do. Length before tricks: no rule asks for odd signs."""

from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

LONGEST = 128

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


class NotOnlyDigits(django.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("Do not use digits alone. Add letters.")
