"""Settings: read once, typed; what is kept is private."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.settings import BadSetting, Settings, explained, keep


def test_without_an_environment_everything_has_a_default(tmp_path: Path) -> None:
    settings = Settings.read({"SOUFFLEUR_DATA": str(tmp_path)})

    assert settings == Settings(data=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/souffleur.sqlite"
    assert settings.base_url == "http://127.0.0.1:8000"


def test_a_number_that_is_none_says_so_in_one_sentence() -> None:
    with pytest.raises(BadSetting, match=re.escape("PORT='http' cannot be read: it must be a number.")):
        Settings.read({"PORT": "http"})


def test_what_was_kept_is_read_when_the_environment_is_silent(tmp_path: Path) -> None:
    keep(tmp_path, {"TWILIO_AUTH_TOKEN": "kept", "PORT": "8100"})

    settings = Settings.read({"SOUFFLEUR_DATA": str(tmp_path), "PORT": "9000", "TWILIO_AUTH_TOKEN": ""})

    assert (settings.auth_token, settings.port) == ("kept", 9000)
    assert (tmp_path / "settings.env").stat().st_mode & 0o077 == 0


def test_the_cookie_key_is_made_once_even_by_many_at_the_same_moment(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.cookie_key(), range(16)))

    assert len(keys) == 1
    assert len(keys.pop()) == 64


def test_a_slash_at_the_end_of_the_public_address_does_not_matter() -> None:
    assert Settings(public_url="https://ivr.example.org/opera/").base_url == "https://ivr.example.org/opera"


def test_every_setting_is_explained_once() -> None:
    names = [name for name, _, _ in explained()]

    assert len(names) == len(set(names)) == len(Settings.__dataclass_fields__)
    assert all(text[0].isupper() for _, _, text in explained())
