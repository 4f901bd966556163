"""The one way to a draft, and who may go through.

1. The customer it is for, when they sign in; whoever acts for them with an authority that reaches the service; staff
   who serve them.
2. A draft without a customer: the browser that began it or came by its link, which keeps a secret until it is closed.
   When a resident signs in there, it becomes theirs.
3. Somebody whose session ended in the middle of a page: the same secret lets that page be kept, and shows nothing.

Everybody else gets 404. The number of a draft stands in addresses and is no credential.
"""

import secrets
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from barnet.customers.acting_for.serving import Party, party_for
from barnet.customers.actors import Actor
from portal.smartforms.models import Draft
from portal.smartforms.running.run import Run

COOKIE = "forms"
_MOST = 10  # drafts that one browser keeps without an account
_SALT = "portal.smartforms.browser"


def draft_for(request: HttpRequest, form_slug: str, draft_id: uuid.UUID) -> Run:
    """Raises Http404 for a stranger, NotCoveredError for an authority that does not reach the service."""
    draft = _found(form_slug, draft_id)
    party = party_for(request, service=draft.form.service)
    if draft.customer_id is None and holds_secret(request, draft):
        _claim(draft, party)
    elif draft.customer_id is None or party.customer is None or party.customer.pk != draft.customer_id:
        raise Http404
    return Run(draft, party)


def left_open(request: HttpRequest, form_slug: str, draft_id: uuid.UUID) -> Run | None:
    """Their session ended while they were typing: what they typed may be kept, nothing may be shown.

    The browser still holds the secret of the draft, and nobody is signed in. None otherwise.
    """
    draft = _found(form_slug, draft_id)
    if draft.customer is None or request.user.is_authenticated or not holds_secret(request, draft):
        return None
    return Run(draft, Party(Actor.visitor(), draft.customer))


def _found(form_slug: str, draft_id: uuid.UUID) -> Draft:
    draft = (
        Draft.objects.select_related(
            "form__service", "form__live_version", "version", "customer", "more_asked__submission__case"
        )
        .filter(pk=draft_id, form__slug=form_slug)
        .first()
    )
    if draft is None:
        raise Http404
    return draft


def _claim(draft: Draft, party: Party) -> None:
    """Somebody began without an account and signed in on the way."""
    if party.customer is None:
        return
    draft.customer = party.customer
    draft.save(update_fields=["customer"])


# --- The secret of a browser ------------------------------------------------------------------------------------------


def hash_of(secret: str) -> str:
    return salted_hmac(_SALT, secret, algorithm="sha256").hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def holds_secret(request: HttpRequest, draft: Draft) -> bool:
    secret = _kept(request).get(draft.pk.hex, "")
    return bool(secret and draft.browser_hash) and constant_time_compare(hash_of(secret), draft.browser_hash)


def keep_secret(request: HttpRequest, response: HttpResponse, draft: Draft, secret: str) -> None:
    """Until the browser is closed: on a shared computer nothing stays."""
    others = [(key, value) for key, value in _kept(request).items() if key != draft.pk.hex]
    kept = [*others, (draft.pk.hex, secret)][-_MOST:]
    response.set_cookie(
        COOKIE,
        ".".join(f"{key}:{value}" for key, value in kept),
        path="/forms/",
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in request.COOKIES.get(COOKIE, "").split("."))
    return {key: value for key, _colon, value in pairs if key and value}
