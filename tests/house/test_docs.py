"""What the documents name is there: commands, options, links, make targets."""

import argparse
import itertools
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FILES = [*PAGES, ROOT / "compose.yaml", ROOT / "Dockerfile", ROOT / "Makefile"]
COMMAND = re.compile(r"manage\.py ([a-z][a-z_]+)([^`\n]*)")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


def named(pattern: re.Pattern, file: Path) -> list[re.Match]:
    return list(pattern.finditer(file.read_text()))


def options(name: str) -> set[str]:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    inner = [action.choices.values() for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    parsers = [parser, *itertools.chain(*inner)]
    return {word for one in parsers for action in one._actions for word in action.option_strings}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_command_is_there_with_its_options(file):
    for found in named(COMMAND, file):
        name, rest = found.groups()
        assert name in get_commands(), found.group()
        for option in re.findall(r"(?<!\S)(--[a-z][a-z-]+)", rest):
            assert option in options(name), found.group()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_link_leads_somewhere(file):
    for found in named(LINK, file):
        assert (file.parent / found.group(1)).exists(), found.group()


def test_each_make_target_is_there():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))
    for file in PAGES:
        for found in re.finditer(r"`make ([a-z][a-z-]*)[^`]*`|^ *make ([a-z][a-z-]*)", file.read_text(), re.M):
            assert (found.group(1) or found.group(2)) in targets, (file.name, found.group())
