"""The command `souffleur`: one module per subcommand, each with a click command named `command`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import click


class LazyGroup(click.Group):
    """Loads a subcommand's module only when it is called: `souffleur call` must not wait for the bench."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every module beside this one is a subcommand."""
        return sorted(module.name.replace("_", "-") for module in iter_modules(__path__) if module.name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The `command` of the module with that name, if there is one."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        return command


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="souffleur")
def main() -> None:
    """Souffleur, the opera's telephone. Start with `souffleur demo`, then `souffleur call`."""
