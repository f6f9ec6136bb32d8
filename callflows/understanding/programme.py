"""Programme: what the understanding must know of a season, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from callflows.understanding.tokens import fold


@dataclass(frozen=True)
class Show:
    """A production as callers speak of it. `genre` is «opera» or «ballet»; `style` as the programme prints it."""

    id: str
    title: str
    names: tuple[str, ...]
    """The title and its other titles."""
    hall: str = ""
    genre: str = ""
    style: str = ""
    composer: str = ""
    choreographer: str = ""

    @property
    def makers(self) -> tuple[str, ...]:
        """Composer and choreographers, one name each."""
        names = f"{self.composer},{self.choreographer}".split(",")
        return tuple(name.strip() for name in names if name.strip())


@dataclass(frozen=True)
class Programme:
    """All productions of the season; two programmes of equal shows are the same programme."""

    shows: tuple[Show, ...] = ()

    @classmethod
    def of(cls, productions: Iterable[Any], halls: Iterable[Any] = ()) -> Programme:
        """From booking's productions, or from the dicts of a season file; each names its hall itself."""
        del halls  # kept in the door for houses whose productions do not name theirs
        return cls(tuple(_show(production) for production in productions))

    def show(self, production: str) -> Show | None:
        """The production with that id."""
        return next((show for show in self.shows if show.id == production), None)


def _show(production: Any) -> Show:
    def field(name: str, default: Any = "") -> Any:
        found = production.get(name, default) if isinstance(production, Mapping) else getattr(production, name, default)
        return default if found is None else found

    titles = (field("title"), *field("alt_titles", ()))
    return Show(
        id=field("id"),
        title=field("title"),
        names=tuple(dict.fromkeys(titles)),
        hall=_id(field("hall")),
        genre=fold(str(field("genre"))),
        style=fold(str(field("style"))),
        composer=field("composer"),
        choreographer=field("choreographer"),
    )


def _id(hall: Any) -> str:
    """Halls come as ids or as objects that have one."""
    return hall if isinstance(hall, str) else str(getattr(hall, "id", hall))
