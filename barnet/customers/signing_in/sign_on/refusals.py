"""Why a sign-in with a provider was refused, in words for the person, and the record of it."""

import structlog
from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import User
from barnet.customers.records import SignOnRefusal
from barnet.customers.signing_in import watch
from barnet.customers.signing_in.sign_on.configuration import ProviderSettings

log = structlog.get_logger(__name__)


class Reason(models.TextChoices):
    DOWN = "down", _("The provider does not answer")
    DENIED = "denied", _("The person said no, or stopped")
    PROVIDER_ERROR = "error", _("The provider answered with an error")
    STATE = "state", _("Nobody began this sign-in in this browser, or it was used already")
    CODE = "code", _("The provider did not take the code")
    TOKEN = "token", _("A token was wrong, stale, or not for us")
    LEVEL = "level", _("The sign-in was weaker than we ask for")
    EMAIL = "email", _("No confirmed e-mail address")
    TAKEN = "taken", _("The address has a login that is not linked")
    OTHERS = "others", _("Linked with somebody else's login")
    CLOSED = "closed", _("The account is closed")
    NO_ROLE = "no_role", _("No group gives a role")
    KEPT_APART = "kept_apart", _("An account that claims must not change")


WORDS: dict[Reason, str | Promise] = {
    Reason.DOWN: _("%(provider)s does not answer at the moment. Nothing is lost: try again in a few minutes."),
    Reason.DENIED: _(
        "You stopped at %(provider)s, so you are not signed in. You can try again, or sign in another way."
    ),
    Reason.PROVIDER_ERROR: _(
        "%(provider)s could not sign you in. Try again; if it happens again, sign in another way."
    ),
    Reason.STATE: _(
        "This sign-in was used already, took longer than 10 minutes, or was begun in another browser. Start again."
    ),
    Reason.CODE: _("%(provider)s did not confirm your sign-in: it may have been used already. Start again."),
    Reason.TOKEN: _("What %(provider)s sent us was not right, or too old, so we did not use it. Start again."),
    Reason.LEVEL: _("%(provider)s signed you in with fewer checks than we need. Start again, and do every step there."),
    Reason.EMAIL: _(
        "%(provider)s has not confirmed your e-mail address, so we cannot use it. Confirm it there and try again, or "
        "register here with your e-mail address and link the two afterwards."
    ),
    Reason.TAKEN: _(
        "There is an account with your e-mail address already. Sign in to it the way you usually do, then choose "
        "“Link” under sign-in and security. We ask for this to make sure that both are yours."
    ),
    Reason.OTHERS: _("This %(provider)s account is linked with another account here. Sign in with it instead."),
    Reason.CLOSED: _("Your account here is closed. Ask your manager or the people who look after accounts."),
    Reason.NO_ROLE: _(
        "%(provider)s did not name a group that may use the back office. If you work here, ask your manager to have "
        "you put into the right group."
    ),
    Reason.KEPT_APART: _("This account signs in with its password only."),
}


class SignOnRefusedError(Exception):
    """`detail` is for the log: it never holds a token, a code or a name."""

    def __init__(self, reason: Reason, detail: str = "", user: User | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.user = reason, detail, user


def record(request: HttpRequest, refusal: SignOnRefusedError, provider: ProviderSettings) -> None:
    """For operators with the reason's detail, and in the record of security, where it stands beside other tries."""
    log.warning("sign_on_refused", provider=provider.key, reason=str(refusal.reason), detail=refusal.detail)
    SignOnRefusal.objects.create(
        provider=provider.key,
        issuer=provider.issuer[:200],
        reason=refusal.reason,
        detail=refusal.detail[:200],
        user=refusal.user,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
    )
    watch.record(
        SecurityEventKind.SIGN_ON_REFUSED,
        request=request,
        user=refusal.user,
        detail=f"{provider.name[:30]}. {refusal.reason.label}",
    )


def words(refusal: SignOnRefusedError, provider: ProviderSettings) -> str:
    return str(WORDS[refusal.reason]) % {"provider": provider.name}
