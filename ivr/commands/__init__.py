"""The command `souffleur`: one module per subcommand, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "audit": "ivr.commands.audit",
}


class LazyGroup(click.Group):
    """Loads a subcommand's module only when it is called: `souffleur --help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="souffleur")
def main() -> None:
    """Souffleur, the opera's telephone. Start with `souffleur demo`, then `souffleur call`."""
