"""Proving again who one is by a code that is mailed: for people who have no password, no app and no passkey."""

import time
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.http import HttpRequest

from barnet.customers.models import User

MINUTES = 10
_STATE = "customers_proof_by_code"


class ProofByCode(AbstractCodeVerificationProcess):
    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(max_attempts=3, timeout=MINUTES * 60, state=state, user=cast(User, request.user))

    @classmethod
    def start(cls, request: HttpRequest) -> bool:
        """Mails a code. False: too many were asked for."""
        user = cast(User, request.user)
        if not ratelimit.consume(request, action="request_login_code", key=user.email):
            return False
        process = cls(request, cls.initial_state(user))
        process.state["code"] = get_adapter().generate_login_code()
        process.send()
        process.persist()
        return True

    @classmethod
    def running(cls, request: HttpRequest) -> "ProofByCode | None":
        state = request.session.get(_STATE)
        return cls(request, state).abort_if_invalid() if state else None

    def is_valid(self) -> bool:
        is_theirs = self.state.get("user_id") == self.initial_state(cast(User, self.request.user))["user_id"]
        return is_theirs and time.time() - self.state["at"] <= self.timeout

    def finish(self) -> None:
        self.abort()
        record_authentication(self.request, cast(User, self.request.user), method="code", reauthenticated=True)

    def persist(self) -> None:
        self.request.session[_STATE] = self.state

    def abort(self) -> None:
        self.request.session.pop(_STATE, None)

    def send(self) -> None:
        user = cast(User, self.request.user)
        get_adapter().send_mail("account/email/proof_code", user.email, {"user": user, "code": self.code})
