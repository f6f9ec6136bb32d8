"""The cookies of one call: what the application set comes back to it until the call is over."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit


class Cookies:
    """Remembers name, value and path per host."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], str] = {}

    def keep(self, url: str, set_cookie: list[str]) -> None:
        """Remember what an answer set; an age of 0 forgets."""
        host = urlsplit(url).hostname or ""
        for line in set_cookie:
            for morsel in _morsels(line):
                key = (host, morsel["path"] or "/", morsel.key)
                self._kept.pop(key, None)
                if not _is_past(morsel["max-age"], morsel["expires"]):
                    self._kept[key] = morsel.value

    def header(self, url: str) -> str:
        """The Cookie header for a request to this address; empty when there is none."""
        parts = urlsplit(url)
        path = parts.path or "/"
        return "; ".join(
            f"{name}={value}"
            for (host, prefix, name), value in self._kept.items()
            if host == (parts.hostname or "") and _covers(prefix, path)
        )


def _is_past(age: str, expires: str) -> bool:
    """Does the cookie end at once? Max-Age wins over Expires (RFC 6265)."""
    if age:
        return age.startswith("-") or not age.strip("0")
    try:
        return bool(expires) and parsedate_to_datetime(expires) <= datetime.now(UTC)
    except (TypeError, ValueError):
        return False


def _covers(prefix: str, path: str) -> bool:
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else prefix + "/")


def _morsels(line: str) -> list:  # type: ignore[type-arg]  # Morsel's own parameter says nothing here
    try:
        return list(SimpleCookie(line).values())
    except CookieError:
        return []
