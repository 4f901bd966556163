"""What the import linter cannot see: foreign keys that point up, and views or forms used across rooms."""

import ast
import itertools
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# From the ground to the roof. A room may point at rooms before it; rooms on one line do not know each other.
FLOORS = [
    {"kit"},
    {"gazetteer"},
    {"catalogue"},
    {"customers"},
    {"notifications"},
    {"operations"},
    {"cases"},
    {"waste", "feedback", "documents"},
    {"smartforms"},
    {"reports"},
    {"open311"},
    {"field", "myaccount", "tracking", "workbench"},
    {"chat"},
    {"cms"},
    {"demo"},
]
FLOOR = {label: number for number, floor in enumerate(FLOORS) for label in floor}
OURS = [
    config for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
]


def test_every_room_has_a_floor():
    assert {config.label for config in OURS} == set(FLOOR)


def keys_between_rooms():
    for config in OURS:
        for model in config.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if not field.auto_created and target and target._meta.app_label in FLOOR:
                    yield model._meta.label, field.name, config.label, target._meta.app_label


def test_foreign_keys_point_down():
    wrong = [
        f"{model}.{name} → {target}"
        for model, name, room, target in keys_between_rooms()
        if room != target and FLOOR[target] >= FLOOR[room]
    ]
    assert wrong == []


def test_foreign_keys_between_rooms_leave_no_name_behind():
    wrong = [
        field
        for config in OURS
        for model in config.get_models()
        for field in model._meta.get_fields()
        if not field.auto_created
        and field.model._meta.app_label == config.label
        and field.related_model
        and field.related_model._meta.app_label in FLOOR
        and field.related_model._meta.app_label != config.label
        and not field.remote_field.hidden
    ]
    allowed = {"cases.Team.members", "waste.MissedBin.case"}  # a person's teams; what a case is about
    allowed |= {"smartforms.SmartForm.locked_by"}  # Wagtail's
    assert {str(field) for field in wrong} <= allowed


def python_files():
    for room in OURS:
        for file in Path(room.path).rglob("*.py"):
            if "migrations" not in file.parts:
                yield room.name, file


def imported_modules(file: Path):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_views_and_forms_stay_in_their_room():
    rooms = {config.name for config in OURS} - {"barnet.kit"}
    wrong = []
    for (name, file), module in ((pair, m) for pair in python_files() for m in imported_modules(pair[1])):
        owner = next((room for room in rooms if module.startswith(room + ".")), None)
        if owner and owner != name and module.removeprefix(owner + ".").split(".")[0] in {"views", "forms"}:
            wrong.append(f"{file.relative_to(ROOT)} imports {module}")
    assert wrong == []


def test_imports_stand_at_the_top():
    """An import inside a function hides a cycle. `ready()` is where a room fills the registries below it."""
    wrong = []
    for _, file in python_files():
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef) and function.name != "ready":
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                wrong += [f"{file.relative_to(ROOT)}:{node.lineno}" for node in inner]
    assert wrong == []


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.label)
def test_every_room_says_what_it_owns(config):
    doc = ast.get_docstring(ast.parse((Path(config.path) / "__init__.py").read_text()))
    assert doc
    assert len(doc) > 30


def test_the_floors_are_those_of_the_import_linter():
    lines = (ROOT / ".importlinter").read_text().splitlines()
    start = lines.index("layers =") + 1
    named = [line.strip() for line in itertools.takewhile(lambda line: line.startswith("    "), lines[start:])]
    order = [name.split(".")[-1] for name in named]
    assert order == [
        "urls",
        "demo",
        "cms",
        "portal",
        "operations",
        "notifications",
        "customers",
        "catalogue",
        "gazetteer",
        "kit",
    ]
