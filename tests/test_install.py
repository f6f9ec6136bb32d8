"""install.py: everything that can stand in the way has one clear sentence."""

from __future__ import annotations

import ast
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SENTENCE = re.compile(r"[A-Z].*[.?)\w]\Z", re.DOTALL)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clean copy of what the installation needs."""
    for name in ("install.py", "Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def install(project: Path, **changed: Any) -> Any:
    """What its `main` says, with some of its names changed."""
    found = runpy.run_path(str(project / "install.py"))
    found["main"].__globals__.update(changed)
    return found["main"]([])


def test_an_old_python_is_told_which_one_is_needed(project: Path) -> None:
    told = install(project, WANTED=(99, 0), NEWER=("python-that-nobody-has",))

    assert told.startswith("Python 3.11 or newer is needed, and this is 3.")
    assert SENTENCE.match(told)


def test_an_old_python_calls_a_newer_one_if_there_is_one(project: Path) -> None:
    assert install(project, WANTED=(99, 0), NEWER=("true",)) == 0


def test_the_file_can_be_read_by_a_python_of_ten_years_ago(project: Path) -> None:
    text = (project / "install.py").read_text(encoding="utf-8")

    assert text.isascii()
    assert not re.search(r'\bf"|\bf\'|:=|\bmatch |-> |: str\b', text)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_belongs_to_somebody_else_is_named(project: Path) -> None:
    project.chmod(0o555)

    assert install(project).startswith("This folder cannot be written to (")


def test_without_a_network_the_network_is_named(project: Path) -> None:
    """Everything but the way to a package index is real."""
    subprocess.run([sys.executable, "-m", "venv", project / ".venv"], check=True)
    nowhere = "http://127.0.0.1:9/simple"
    changed = {**os.environ, "PIP_INDEX_URL": nowhere, "PIP_EXTRA_INDEX_URL": "", "PIP_NO_CACHE_DIR": "1",
               "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull, "PIP_DEFAULT_TIMEOUT": "1"}  # fmt: skip

    told = subprocess.run([sys.executable, project / "install.py"], env=changed, capture_output=True, text=True)

    assert told.returncode == 1
    assert told.stderr.strip().startswith("The packages could not be fetched: no package index can be reached")


def test_a_missing_python_is_told_by_make(project: Path) -> None:
    make = ["make", "-C", project, "PYTHON=python-that-nobody-has", "install"]

    told = subprocess.run(make, capture_output=True, text=True)

    assert "Python was not found: install Python 3.11 or newer" in told.stdout


def test_both_locks_have_a_hash_for_everything_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = re.findall(r"^[a-zA-Z0-9].*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)

        assert len(packages) > 50
        assert all("--hash=sha256:" in package for package in packages)
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)


def test_everything_in_the_project_file_is_locked() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everything = [*wanted["dependencies"], *wanted["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[><=; ]", each)[0].lower() for each in everything}

    locked = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"), re.MULTILINE)

    assert names <= set(locked)


def test_what_the_product_imports_is_installed_without_the_developers_packages() -> None:
    """Else a stranger's first `make demo` lacks what every developer has."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked, owners = set(re.findall(r"^([a-z0-9._-]+)", lock, re.MULTILINE)), packages_distributions()

    missing = {name for name in imported() if not {_canonical(owner) for owner in owners.get(name, ())} & locked}

    assert missing == set()


def imported() -> set[str]:
    """The packages of others that any file of the product imports."""
    ours = {"booking", "callflows", "prompts", "ivr"}
    trees = (ast.parse(path.read_text(encoding="utf-8")) for room in ours for path in (ROOT / room).rglob("*.py"))
    names: set[str] = set()
    for node in (each for tree in trees for each in ast.walk(tree)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names} - ours - set(sys.stdlib_module_names)


def _canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
