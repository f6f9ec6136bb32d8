"""`souffleur bench`: one subcommand per promise, each measured against its own floor in the same run."""

from __future__ import annotations

from importlib import import_module

import click

PROMISES = ("turns", "holds", "seats", "speech", "understanding")


class BenchGroup(click.Group):
    """Finds each promise's measurement in ivr/bench/<promise>.py, as its `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The promises, in the order of the decisions."""
        return list(PROMISES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The measurement of one promise."""
        if cmd_name not in PROMISES:
            return None
        command: click.Command = import_module(f"ivr.bench.{cmd_name}").command
        return command


@click.command(cls=BenchGroup)
def command() -> None:
    """Measure one promise; prints JSON with the environment it ran in and the ratio to its floor."""
