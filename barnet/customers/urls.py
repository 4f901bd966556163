"""Allauth's views at our addresses, under allauth's own names: it reverses them."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods

from barnet.customers import views
from barnet.customers.keeping import closing_views as closing
from barnet.customers.signing_in import kiosk_views as kiosk
from barnet.customers.signing_in import passkey_views as passkeys
from barnet.customers.signing_in import security_views as security
from barnet.customers.signing_in.sign_on import views as sign_on
from barnet.customers.signing_in.sign_on.views import leads_to_providers
from barnet.customers.signing_in.sudo import sudo_required

_View = Callable[..., Any]


def _form(view: _View) -> _View:
    """Reads and posts, nothing else: allauth's form views would take a PUT for a POST."""
    return require_http_methods(["GET", "HEAD", "POST"])(view)


def _sudo(view: _View, *, keeps_form: bool = True) -> _View:
    """A sensitive change: asks again who it is. `docs/developers/sign-in.md` has the table."""
    return _form(sudo_required(view, keeps_form=keeps_form))


urlpatterns: list[URLPattern] = [
    path("sign-in/", leads_to_providers(_form(account.login)), name="account_login"),
    path("sign-in/code/", _form(account.request_login_code), name="account_request_login_code"),
    path("sign-in/code/enter/", _form(views.ConfirmLoginCodeView.as_view()), name="account_confirm_login_code"),
    path("sign-in/second-step/", _form(passkeys.SecondStepView.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey/", _form(passkeys.SignInByPasskeyView.as_view()), name="mfa_login_webauthn"),
    path("sign-in/again/", _form(security.PasswordAgainView.as_view()), name="account_reauthenticate"),
    path("sign-in/again/second-step/", _form(security.SecondStepAgainView.as_view()), name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", _form(passkeys.PasskeyAgainView.as_view()), name="mfa_reauthenticate_webauthn"),
    path("sign-in/again/code/", _form(security.CodeAgainView.as_view()), name="account_reauthenticate_code"),
    path("sign-in/closed/", _form(account.account_inactive), name="account_inactive"),
    path("sign-in/with/<slug:key>/", sign_on.start, name="sign_on_start"),
    path("sign-in/with/<slug:key>/return/", sign_on.come_back, name="sign_on_return"),
    path("sign-out/done/", sign_on.signed_out, name="sign_on_signed_out"),
    path("kiosk/finish/", kiosk.finish, name="kiosk_finish"),
    path("kiosk/stay/", kiosk.stay, name="kiosk_stay"),
    path("sign-out/", _form(account.logout), name="account_logout"),
    path("register/", leads_to_providers(_form(account.signup)), name="account_signup"),
    path("verify/", _form(views.VerifyEmailView.as_view()), name="account_email_verification_sent"),
    path("reset/", _form(account.password_reset), name="account_reset_password"),
    path("reset/sent/", _form(account.password_reset_done), name="account_reset_password_done"),
    path("reset/done/", _form(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    re_path(
        r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _form(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("security/", leads_to_providers(_form(security.SecurityView.as_view())), name="mfa_index"),
    path("security/link/<slug:key>/", sign_on.link, name="sign_on_link"),
    path("security/link/<slug:key>/remove/", sign_on.unlink, name="sign_on_unlink"),
    path("security/activity/", security.activity, name="account_activity"),
    path("security/devices/", security.session_list, name="account_sessions"),
    path("security/devices/sign-out-everywhere/", security.end_all_sessions, name="account_sessions_end_all"),
    path("security/devices/<int:pk>/sign-out/", security.end_session, name="account_session_end"),
    path("security/devices/<int:pk>/forget/", security.end_trust, name="account_trust_end"),
    path("security/email/", _sudo(account.email), name="account_email"),
    path("security/password/", _form(account.password_change), name="account_change_password"),
    path(
        "security/password/first/",
        _sudo(account.password_set, keeps_form=False),
        name="account_set_password",
    ),
    path("security/second-step/", _sudo(views.ActivateTOTPView.as_view()), name="mfa_activate_totp"),
    path("security/second-step/remove/", _sudo(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "security/recovery-codes/",
        _sudo(views.RecoveryCodesView.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery-codes/new/",
        _sudo(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "security/recovery-codes/download/",
        _sudo(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("security/passkeys/", _form(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("security/passkeys/add/", _sudo(passkeys.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/name/",
        _sudo(passkeys.RenamePasskeyView.as_view()),
        name="mfa_edit_webauthn",
    ),
    path("security/passkeys/<int:pk>/remove/", _sudo(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("close/", _form(closing.close_account), name="account_close"),
    path("close/done/", closing.closed, name="account_closed"),
    path("acting-for/", views.acting_for, name="account_acting_for"),
    path("acting-for/stop/", views.stop_acting_for, name="account_stop_acting_for"),
]
