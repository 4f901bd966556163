"""The portal that runs beside the tests."""

from functools import cached_property

from barnet.notifications.push.keys import _public_key
from tests.browser.shell import Shell

FORGET_APP_CODES = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM cache WHERE cache_key LIKE '%mfa.totp.used%' OR cache_key LIKE '%second-factor:%'")
"""


class Portal:
    """Where the running portal is, and a way to give it a command as an operator would."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment = environment
        self.url = f"http://127.0.0.1:{port}"

    @cached_property
    def _shell(self) -> Shell:
        return Shell(self.environment)

    def manage(self, *command: str) -> str:
        return self._shell.ask(command=command)

    def python(self, code: str) -> str:
        return self._shell.ask(code=code).strip()

    def close(self) -> None:
        if "_shell" in self.__dict__:
            self._shell.close()

    def forget_app_codes(self) -> None:
        """As if the half minute were over in which a code that was used is not taken again."""
        self.python(FORGET_APP_CODES)

    def push_key(self) -> str:
        """Its public half, to which browsers give subscriptions."""
        return _public_key(self.environment["PUSH_PRIVATE_KEY"])
