"""Who can sign in to the demo, and with which one-time code. Mounted in development mode only."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from demo.people import PASSWORD, RESIDENTS, STAFF, totp_secret


def current_code(email: str) -> str:
    return format_hotp_value(hotp_value(totp_secret(email), int(time.time()) // app_settings.TOTP_PERIOD))


@require_safe
@never_cache
def sign_ins(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "demo/sign_ins.html",
        {
            "password": PASSWORD,
            "residents_caption": _("Residents"),
            "residents_head": [_("Name"), _("E-mail"), _("Who")],
            "residents": [(f"{first} {last}", email, note) for email, first, last, note in RESIDENTS],
            "staff_caption": _("Staff by role"),
            "staff_head": [_("Name"), _("Role"), _("E-mail"), _("Code now")],
            "staff": [
                (f"{first} {last}", role.replace("_", " "), email, current_code(email))
                for email, first, last, role in STAFF
            ],
        },
    )
