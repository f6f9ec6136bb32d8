"""Nothing is installed that nothing uses."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("booking", "callflows", "ivr", "prompts")
UNSEEN = {
    "audioop-lts": "pydub needs it where Python lost it",
    "hiredis": "redis finds it by itself",
    "psycopg": "SQLAlchemy loads it by an address's name",
    "setuptools": "install.py builds with it",
}


def plain(name: str) -> str:
    """A distribution's name as registries compare them."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;! ]", name)[0]).lower()


def wanted() -> set[str]:
    """What pyproject.toml asks for at run time."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {plain(each) for each in project["dependencies"]}


def imported() -> set[str]:
    """The distributions behind every import of our packages."""
    names = {
        name
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    known = packages_distributions()
    return {plain(distribution) for name in names for distribution in known.get(name, ())}


def test_every_dependency_is_imported_or_has_a_reason():
    assert sorted(wanted() - imported() - UNSEEN.keys()) == []
    assert sorted(UNSEEN.keys() - wanted()) == []


def test_the_locks_hold_what_the_project_asks_for():
    for lock in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert sorted(name for name in wanted() if f"\n{name}==" not in f"\n{text}") == [], lock
        assert "\nwebrtcvad" not in text
