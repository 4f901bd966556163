"""The page for people that says what each role may do, made from the code alone."""

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db.models import Model

from barnet.customers.staff.roles import PURPOSES, ROLES, Role

_BEGINNING = """# What each role may do

Made from `barnet/customers/staff/roles.py` by `manage.py staff_roles > docs/staff/roles.md`; a test compares the two.
Whoever holds several roles may do what any of them may. What no role of yours allows is refused with a page that
says so.

Roles are given and taken by an administrator (content → staff accounts), by `manage.py staff_join`, `staff_move` and
`staff_leave`, or by the groups of the council's own sign-in. [How](../operators/staff.md). Each change leaves a record:
who, when, by which way, and why.
"""


def roles_page() -> str:
    words = {
        f"{model._meta.app_label}.{codename}": str(name)
        for model in apps.get_models()
        for codename, name in _permissions_of(model)
    }
    return _BEGINNING + "".join(_section(role, words) for role in ROLES.values())


def _permissions_of(model: type[Model]) -> list[tuple[str, str]]:
    """As Django names them when it migrates."""
    options = model._meta
    usual = [
        (get_permission_codename(action, options), f"Can {action} {options.verbose_name_raw}")
        for action in options.default_permissions
    ]
    return [*usual, *((codename, str(name)) for codename, name in options.permissions)]


def _section(role: Role, words: dict[str, str]) -> str:
    rights = "".join(f"| {words[name]} | `{name}` |\n" for name in dict.fromkeys(role.permissions))
    head = f"\n## {role.label} (`{role.name}`)\n\n{PURPOSES[role.name]}\n\n"
    return f"{head}| right | name in the code |\n| --- | --- |\n{rights}"
