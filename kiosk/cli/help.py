"""The command line's help in the language of whoever asks.

typer takes help texts at import, before a language is chosen. So they are only marked where they stand (`N_`), and the
group walks its commands and lets `_` say them once it runs. Usage, headings and `--help` itself are typer's own words.
"""

from typing import Any

import typer
from typer.core import TyperGroup

from kiosk.translation import _


class TranslatedGroup(TyperGroup):
    """The root of the commands."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Put every help text into the language, then run."""
        _translate(self)
        return super().main(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; one that Ctrl+C ends says so, and the exit code is 130."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.echo(_("Interrupted."), err=True)
            raise
        except typer.BadParameter as error:
            # What the library that reads values adds for programmers.
            error.message = error.message.removeprefix("Value error, ").partition(", unable to parse")[0]
            raise


def _translate(command: Any) -> None:
    for part in (command, *command.params):
        if getattr(part, "help", None):
            part.help = _(part.help)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner)
