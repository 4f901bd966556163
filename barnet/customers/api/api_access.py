"""Who may call the API: a key in `Authorization: Bearer …`, with the scope that the view names."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from barnet.customers.api.api_keys import ApiKey, usable_key

_SCHEME = "bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """`request.auth` is the key; `request.user` is nobody: a system is not a person."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        key = usable_key(text.strip())
        if key is None:
            raise AuthenticationFailed("This key is not known, has ended or was revoked.")
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The view says `scope`."""

    message = "This key does not open this."

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ApiKey) and view.scope in request.auth.scopes


class ApiKeyThrottle(SimpleRateThrottle):
    """So many calls of one key in a minute."""

    rate = "120/min"
    scope = "api"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"api-throttle:{request.auth.pk}" if isinstance(request.auth, ApiKey) else None
