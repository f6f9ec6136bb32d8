"""What exists is documented, and what is documented exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from ivr.commands import main
from ivr.settings import explained
from prompts import Catalogue

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [path for path in ROOT.rglob("*.md") if not {".venv", "var", "build"} & set(path.relative_to(ROOT).parts)]


def test_every_command_is_in_the_readme():
    names = main.list_commands(click.Context(main))

    assert [name for name in names if f"`souffleur {name}" not in README] == []


def test_every_command_in_the_readme_exists():
    names = set(main.list_commands(click.Context(main)))

    assert {word for word in re.findall(r"souffleur ([a-z][a-z-]*)", README)} <= names


def test_every_setting_is_in_the_readme():
    assert [name for name, *_ in explained() if f"`{name}`" not in README] == []


def test_every_setting_in_the_readme_exists():
    section = README.partition("## Settings")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)`", section, re.MULTILINE)) <= {name for name, *_ in explained()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("package", ["booking", "callflows", "prompts"])
def test_every_package_has_a_door_and_a_page(package):
    assert (ROOT / package / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    assert (ROOT / package / "README.md").stat().st_size > 500


def test_every_prompt_that_the_code_names_is_written():
    """Flows are checked by `souffleur flows check`; this is for the prompts that telephony says by itself."""
    named = {
        key
        for path in (ROOT / "ivr").rglob("*.py")
        for key in re.findall(r'Say\("([a-z_.0-9]+)"', path.read_text(encoding="utf-8"))
    }

    assert named and [key for key in sorted(named) if key not in Catalogue.load()] == []
