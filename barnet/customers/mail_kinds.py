"""The first wording of every mail about signing in, as plain data: notifications registers them as templates.

Placeholders are `((field))`; `sample` holds every field with an example. A secret mail carries a code or a link that
opens an account: it goes by e-mail only, its text is blanked once sent, and its subject holds no field.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class MailKind:
    key: str
    name: str | Promise
    subject: str
    body: str
    sample: Mapping[str, str]
    is_secret: bool = False
    required: tuple[str, ...] = ()  # fields that an editor may not take out


_CODE = {"code": "BCDF-GHJK", "minutes": "15"}
_WHEN = {"when": "23 November 2026, 4:05pm"}
_NOT_YOU = (
    "If this was not you, somebody may know your password. Choose a new one now: ((reset_link))\n\n"
    "If it was you, you need do nothing."
)
_RESET = {"reset_link": "https://www.barnet.example/account/reset/"}


def _code(key: str, name: str | Promise, subject: str, body: str) -> MailKind:
    return MailKind(key, name, subject, body, _CODE, is_secret=True, required=("code",))


MAIL_KINDS: list[MailKind] = [
    _code(
        "account-verify-code",
        _("Sign in: code to confirm a new account"),
        "Your code to confirm your e-mail address",
        "You asked for an account with us. Enter this code on the page that you have open:\n\n"
        "((code))\n\n"
        "The code works for ((minutes)) minutes. "
        "After that, sign in with your e-mail address and password and we send a new one.\n\n"
        "If you did not ask for an account, you need do nothing: without the code nobody can use one in your name.",
    ),
    _code(
        "account-confirm-email",
        _("Sign in: code to confirm a changed e-mail address"),
        "Your code to confirm your e-mail address",
        "Enter this code on the page that you have open, to confirm that this e-mail address is yours:\n\n"
        "((code))\n\n"
        "The code works for ((minutes)) minutes. Until you enter it, nothing changes.\n\n"
        "If you did not ask for this, you need do nothing.",
    ),
    _code(
        "account-login-code",
        _("Sign in: code to sign in"),
        "Your code to sign in",
        "Enter this code on the page that you have open, to sign in:\n\n"
        "((code))\n\n"
        "The code works for ((minutes)) minutes, once. "
        "We never ask for it by telephone or e-mail: give it to nobody.\n\n"
        "If you did not ask to sign in, you need do nothing.",
    ),
    MailKind(
        "account-reset",
        _("Sign in: link to choose a new password"),
        "Choose a new password",
        "You asked to choose a new password. Open this page and type the new one:\n\n"
        "((link))\n\n"
        "The link works for ((minutes)) minutes, once. Until you use it, your old password stays.\n\n"
        "If you did not ask for this, you need do nothing.",
        {"link": "https://www.barnet.example/account/reset/2k-d3v1c3/", "minutes": "60"},
        is_secret=True,
        required=("link",),
    ),
    MailKind(
        "account-already-registered",
        _("Sign in: somebody registered with an address that has an account"),
        "You already have an account with us",
        "You, or somebody else, tried to register with this e-mail address. "
        "You already have an account, so we did not make another.\n\n"
        "To sign in: ((sign_in_link))\n\n"
        "If you forgot your password, choose a new one: ((reset_link))\n\n"
        "If it was not you, you need do nothing: your account is safe, and the page told nobody that it exists.",
        {"sign_in_link": "https://www.barnet.example/account/sign-in/", **_RESET},
    ),
    MailKind(
        "account-unknown",
        _("Sign in: no account has this address"),
        "No account has this e-mail address",
        "You, or somebody else, tried to sign in or to choose a new password with this e-mail address. "
        "We have no account for it.\n\n"
        "You may have registered with another address: try that. Or register now: ((register_link))\n\n"
        "If it was not you, you need do nothing.",
        {"register_link": "https://www.barnet.example/account/register/"},
    ),
    MailKind(
        "account-password-changed",
        _("Sign in: the password was changed"),
        "Your password was changed",
        "The password of your account was changed on ((when)).\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
    MailKind(
        "account-email-changed",
        _("Sign in: the e-mail address was changed (to the old address)"),
        "The e-mail address of your account was changed",
        "On ((when)) the e-mail address of your account was changed from ((old_email)) to ((new_email)). "
        "From now on you sign in with the new address, and we write to it.\n\n"
        "If this was not you, call us at once: somebody else may be using your account. "
        "If it was you, you need do nothing.",
        {**_WHEN, "old_email": "asha@example.com", "new_email": "asha@example.org"},
    ),
    MailKind(
        "account-second-step-added",
        _("Sign in: an authenticator app was added"),
        "Your account now needs a second step",
        "On ((when)) an authenticator app was added to your account. "
        "From now on, signing in asks for a code from it.\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
    MailKind(
        "account-second-step-removed",
        _("Sign in: the authenticator app was removed"),
        "Your account no longer needs a second step",
        "On ((when)) the authenticator app was removed from your account. Signing in no longer asks for its code.\n\n"
        + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
    MailKind(
        "account-sign-on-linked",
        _("Sign in: an account of a sign-in provider was linked"),
        "Another way to sign in was added",
        "On ((when)) your account was linked with ((provider)): from now on, signing in there opens it, too.\n\n"
        + _NOT_YOU
        + "\n\nThen remove the link under sign-in and security.",
        {**_WHEN, **_RESET, "provider": "GOV.UK One Login"},
    ),
    MailKind(
        "account-sign-on-unlinked",
        _("Sign in: the link with a sign-in provider was removed"),
        "A way to sign in was removed",
        "On ((when)) the link of your account with ((provider)) was removed. Signing in there no longer opens it.\n\n"
        + _NOT_YOU,
        {**_WHEN, **_RESET, "provider": "GOV.UK One Login"},
    ),
    MailKind(
        "account-recovery-codes",
        _("Sign in: new recovery codes were made"),
        "New recovery codes were made for your account",
        "On ((when)) new recovery codes were made for your account. The old ones no longer work.\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
]
