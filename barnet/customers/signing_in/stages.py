"""The second step of a sign-in, as one of allauth's stages."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from barnet.customers.signing_in import devices


class SecondStepStage(AuthenticateStage):
    """Asked for as allauth does, except on a device that a resident trusted."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and not devices.is_trusted(request, self.login.user)
