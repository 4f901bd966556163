from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barnet.customers.api.api_keys import ApiKey, ApiScope
from barnet.customers.enums import Channel
from portal.smartforms.models import ApiGrant, SmartForm
from portal.smartforms.versions import definition_of


class Command(BaseCommand):
    help = """Says which forms the key of another system may fill in. Run again, it changes what was said.

Examples:
    manage.py make_api_key "Library kiosk" --scope forms:fill
    manage.py allow_form "Library kiosk" library-membership complaint --a-day 100 --channel face_to_face
    manage.py allow_form "Library kiosk" complaint --revoke
    manage.py allow_form "Library kiosk"
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="of the key")
        parser.add_argument("forms", nargs="*", help="short names of forms; none: only show what the key opens")
        parser.add_argument(
            "--a-day", type=int, default=200, help="how often each may be begun in a day (default: 200)"
        )
        parser.add_argument("--channel", choices=Channel.values, default=Channel.WEB, help="how people reach us there")
        parser.add_argument("--revoke", action="store_true", help="take the forms away from the key")

    def handle(self, *, name: str, forms: list[str], a_day: int, channel: str, revoke: bool, **options: Any) -> None:
        key = ApiKey.objects.filter(name=name).first()
        if key is None:
            raise CommandError(f"There is no key called {name!r}: make one with make_api_key.")
        if ApiScope.FORMS_FILL not in key.scopes:
            raise CommandError(f"The key {name!r} does not have the scope {ApiScope.FORMS_FILL}.")
        if not 1 <= a_day <= 1_000_000:
            raise CommandError("--a-day is a number from 1 to 1,000,000.")
        rows = {form.slug: form for form in SmartForm.objects.filter(slug__in=forms).select_related("live_version")}
        if unknown := [slug for slug in forms if slug not in rows]:
            raise CommandError(f"There is no form {', '.join(unknown)}. Nothing was changed.")
        if revoke:
            ApiGrant.objects.filter(api_key=key, form__in=rows.values()).delete()
        else:
            self._allow(key, list(rows.values()), a_day, channel)
        self._show(key)

    def _allow(self, key: ApiKey, forms: list[SmartForm], a_day: int, channel: str) -> None:
        for form in forms:
            ApiGrant.objects.update_or_create(
                api_key=key, form=form, defaults={"starts_a_day": a_day, "channel": channel}
            )
            if form.live_version and definition_of(form.live_version).needs_account:
                self.stderr.write(f"{form.slug} is only for people who are signed in: the key cannot open it.")

    def _show(self, key: ApiKey) -> None:
        grants = ApiGrant.objects.filter(api_key=key).select_related("form").order_by("form__slug")
        self.stdout.write(f"{key.name} opens {len(grants)} forms.")
        for grant in grants:
            self.stdout.write(f"  {grant.form.slug}: {grant.starts_a_day} times a day, {grant.channel}")
