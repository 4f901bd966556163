"""Django's command, told what is ours.

`manage.py makemessages --locale pl` writes `locale/pl/LC_MESSAGES/django.po`.
"""

from typing import Any

from django.core.management.commands import makemessages

# Folders that are not the portal, and the back office, which is English.
LEFT_OUT = [
    *(".*", "node_modules", "tests", "bench", "ops", "demo", "docs"),
    *("barnet/operations", "portal/workbench", "*/management"),
    *("*/templates/*/staff", "*/templates/*/staff_*.html", "cms/templates/cms/admin", "*/templates/wagtailadmin"),
    *("staff_*.py", "admin_*.py", "wagtail_hooks.py", "trial_views.py"),
]


class Command(makemessages.Command):
    # Modules that need both call the one that translates at once `_t`.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], *LEFT_OUT]
        options["add_location"] = (
            options["add_location"] or "file"
        )  # without line numbers: a change of them says nothing
        options["no_obsolete"] = True
        super().handle(*args, **options)
