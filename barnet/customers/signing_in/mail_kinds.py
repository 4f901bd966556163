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
    _code(
        "account-proof-code",
        _("Sign in: code before a sensitive change"),
        "Your code to go on",
        "You are about to change something important. Enter this code on the page that you have open, to show that it "
        "is you:\n\n((code))\n\n"
        "The code works for ((minutes)) minutes, once. Give it to nobody.\n\n"
        "If you change nothing, somebody else may be signed in to your account: sign in and sign out everywhere. "
        "If you asked for the code and then thought better of it, you need do nothing.",
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
    MailKind(
        "account-passkey-added",
        _("Sign in: a passkey was added"),
        "A passkey was added to your account",
        "On ((when)) a passkey was added to your account. It opens the account without a password. "
        "A password alone, or a code by e-mail alone, no longer does.\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
    MailKind(
        "account-passkey-removed",
        _("Sign in: a passkey was removed"),
        "A passkey was removed from your account",
        "On ((when)) a passkey was removed from your account. It no longer opens it.\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
    MailKind(
        "account-passkey-copied",
        _("Sign in: a passkey seems to have been copied"),
        "Somebody may have a copy of your passkey",
        "On ((when)) we refused a sign-in with your passkey “((passkey))”: it sent a number that was used before. That "
        "happens when somebody has a copy of it, and seldom by a fault of the device.\n\n"
        "Sign in another way, remove this passkey and add a new one: ((passkeys_link))\n\n"
        "If you removed it already, you need do nothing.",
        {
            **_WHEN,
            "passkey": "Key on my key ring",
            "passkeys_link": "https://www.barnet.example/account/security/passkeys/",
        },
    ),
    MailKind(
        "account-recovery-codes-few",
        _("Sign in: few recovery codes are left"),
        "You have few recovery codes left",
        "On ((when)) somebody signed in to your account with a recovery code. Recovery codes left: ((left)).\n\n"
        "Make new ones while you can, and keep them in a safe place: ((codes_link))\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET, "left": "2", "codes_link": "https://www.barnet.example/account/security/"},
    ),
    MailKind(
        "account-new-device",
        _("Sign in: from a new device"),
        "Somebody signed in to your account from a new device",
        "On ((when)) somebody signed in to your account from a device or browser that we had not seen with it before: "
        "((device)).\n\n"
        "If it was you, you need do nothing.\n\n"
        "If it was not you, do two things now. Choose a new password: ((reset_link)) "
        "That signs out everybody who is signed in to your account. "
        "Then look at where your account is open, and at how it can be entered: ((devices_link))",
        {
            **_WHEN,
            **_RESET,
            "device": "Firefox on Windows",
            "devices_link": "https://www.barnet.example/account/security/devices/",
        },
    ),
    MailKind(
        "account-email-change-asked",
        _("Sign in: a change of e-mail address was asked for (to the old address)"),
        "Somebody wants to change the e-mail address of your account",
        "On ((when)) somebody who is signed in to your account asked to change its e-mail address to ((new_email)). "
        "Nothing changes until the code that we sent there is entered.\n\n"
        "If this was not you, stop it now by choosing a new password: ((reset_link)) "
        "That signs out everybody who is signed in to your account, and the change is off.\n\n"
        "If it was you, you need do nothing.",
        {**_WHEN, **_RESET, "new_email": "asha@example.org"},
    ),
    MailKind(
        "account-closing",
        _("Sign in: the account was closed by its owner"),
        "You closed your account",
        "You closed your account on ((when)). You are signed out everywhere.\n\n"
        "Until ((until)) you can have it back: sign in with a code by e-mail. ((code_link))\n\n"
        "After that day the account is deleted for good. Requests that are open stay with us, and we go on writing to "
        "you about them.\n\n"
        "If you want the account to go, you need do nothing.",
        {
            **_WHEN,
            "until": "7 December 2026",
            "code_link": "https://www.barnet.example/account/sign-in/code/",
        },
    ),
    MailKind(
        "account-reopened",
        _("Sign in: a closed account was opened again"),
        "Your account is open again",
        "On ((when)) somebody signed in with a code that we sent to this address, so we keep your account. "
        "It will not be deleted.\n\n" + _NOT_YOU,
        {**_WHEN, **_RESET},
    ),
    MailKind(
        "account-closed",
        _("Sign in: the account is deleted"),
        "Your account is deleted",
        "On ((when)) we deleted your account, as you asked. We keep what we must keep about your requests, for as long "
        "as the law says.\n\n"
        "You can still use our services without an account, or register again. "
        "If you want nothing more from us, you need do nothing.",
        {**_WHEN},
    ),
]
