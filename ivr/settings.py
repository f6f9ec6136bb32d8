"""Settings: every environment variable, read once, typed and explained."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class BadSetting(Exception):
    """An environment variable holds something that cannot be read."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r} cannot be read: it must be {wanted}.")
        self.name = name


def _setting(name: str, default: Any, explained: str, read: Callable[[str], Any] = str, wanted: str = "text") -> Any:
    """A field filled from the environment variable `name`."""
    about = {"name": name, "explained": explained, "read": read, "wanted": wanted}
    return field(default=default, metadata=about)


def _one_of(*known: str) -> Callable[[str], str]:
    """Reads one of these words; raises ValueError for any other."""

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


@dataclass(frozen=True)
class Settings:
    """What the surroundings say about this house; `explained()` lists every variable with its meaning."""

    data: Path = _setting(  # noqa: RUF009 (it is a field, made by our own word for it)
        "SOUFFLEUR_DATA", Path("var"),
        "The one folder for all data of the embedded parts; throw it away to begin anew", Path, "a folder",
    )
    database_url: str = _setting(
        "DATABASE_URL", "",
        "SQLAlchemy address of the database, `postgresql://…`; without it, SQLite in the data folder",
    )
    redis_url: str = _setting(
        "REDIS_URL", "", "Address of Redis; without it, the program starts a private one in the data folder",
    )
    host: str = _setting("SOUFFLEUR_HOST", "127.0.0.1", "The address to listen on; `0.0.0.0` for all")
    port: int = _setting("PORT", 8000, "The port of the web process", int, "a number")
    workers: int = _setting("WEB_CONCURRENCY", 1, "How many web worker processes", int, "a number")
    threads: int = _setting("WEB_THREADS", 8, "How many threads in each web worker", int, "a number")
    public_url: str = _setting(
        "PUBLIC_URL", "",
        "The base address as the carrier sees it, `https://…`; signatures are checked against it. "
        "Without it, `http://SOUFFLEUR_HOST:PORT`",
    )
    media_url: str = _setting(
        "MEDIA_URL", "", "The media socket's address as the carrier sees it, `wss://…/media`; without it, "
        "speech is heard by the carrier's own recogniser",
    )
    speech: str = _setting(
        "SPEECH", "stream", "Who hears words: `stream`, our own ears where MEDIA_URL is set, else the carrier's "
        "recogniser; `own`, our own ears, else nobody; `gather`, the carrier's recogniser; `keys`, nobody",
        _one_of("stream", "own", "gather", "keys"), "one of stream, own, gather, keys",
    )
    media_port: int = _setting("MEDIA_PORT", 8001, "The port of the media process", int, "a number")
    models_url: str = _setting(
        "MODELS_URL", "https://alphacephei.com/vosk/models/", "Where `souffleur models fetch` finds models: the Vosk "
        "models page, or your own mirror of it",
    )
    keep_heard_days: int = _setting(
        "KEEP_HEARD_DAYS", 0, "For how many days spoken answers of callers who agreed are kept to improve the hearing; "
        "0 keeps none", int, "a number of days",
    )
    keep_messages_days: int = _setting(
        "KEEP_MESSAGES_DAYS", 30, "For how many days messages that callers leave are kept, sound and transcript; 0 "
        "takes no messages", int, "a number of days",
    )
    messages_folder: str = _setting(
        "MESSAGES_FOLDER", "", "Where the sound of messages lies, shared by `web` and `worker`; without it, `messages` "
        "in the data folder",
    )
    carrier_url: str = _setting(
        "CARRIER_URL", "https://api.twilio.com", "Base address of the carrier's REST interface",
    )
    account_sid: str = _setting("TWILIO_ACCOUNT_SID", "", "The carrier's account, `AC…`")
    auth_token: str = _setting(
        "TWILIO_AUTH_TOKEN", "", "The secret that webhooks are signed with; without it, every webhook is refused",
    )
    house_number: str = _setting(
        "HOUSE_NUMBER", "+33199000111", "The telephone number of this house, shown to the agents we ring",
    )
    person_number: str = _setting(
        "PERSON_NUMBER", "+33199000199", "The number of a person, told to callers when nothing else works",
    )
    studio_number: str = _setting(
        "STUDIO_NUMBER", "", "The number operators call to record prompts; callers of the main number press 8",
    )
    language: str = _setting("SOUFFLEUR_LANGUAGE", "fr", "The language of a call's first sentence")
    secret_key: str = _setting(
        "SECRET_KEY", "",
        "Signs the cookies of agents and operators; without it, one is made and kept in the data folder",
    )
    log_level: str = _setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """From the environment; what it leaves out, from `settings.env` in the data folder, which `demo` writes.

        >>> Settings.read({"PORT": "9000"}).port
        9000
        """
        environment = os.environ if environment is None else environment
        data = Path(environment.get("SOUFFLEUR_DATA") or "var")
        given = {**_kept(data / "settings.env"), **{name: value for name, value in environment.items() if value}}
        return cls(**{each.name: _read(each.metadata, given) for each in fields(cls) if each.metadata["name"] in given})

    @property
    def base_url(self) -> str:
        """The address the carrier uses for us, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The database's address: the one given, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'souffleur.sqlite'}"

    def cookie_key(self) -> str:
        """The key that signs cookies: the one given, or one made at first need and kept in the data folder."""
        return self.secret_key or _kept_secret(self.data / "secret_key")


def explained() -> list[tuple[str, str, str]]:
    """Every variable with its default and its meaning, in the order of the settings."""
    nothing = Settings()
    return [(each.metadata["name"], str(getattr(nothing, each.name)), each.metadata["explained"]) for each in
            fields(Settings)]


def keep(data: Path, values: Mapping[str, str]) -> None:
    """Write what `read` finds when the environment is silent; only the owner may read it."""
    path = data / "settings.env"
    merged = {**_kept(path), **values}
    _write_private(path, "".join(f"{name}={value}\n" for name, value in merged.items()))


def _read(about: Mapping[str, Any], given: Mapping[str, str]) -> Any:
    """One variable as its type."""
    text = given[about["name"]]
    try:
        return about["read"](text)
    except ValueError:
        raise BadSetting(about["name"], text, about["wanted"]) from None


def _kept(path: Path) -> dict[str, str]:
    """The lines NAME=value of a file, if there is one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _kept_secret(path: Path) -> str:
    """A secret made once; processes that make it at the same moment agree on whichever was linked first."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        _write_private(draft, secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")


def _write_private(path: Path, text: str) -> None:
    """A file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
