from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from kiosk.cli.option_groups import with_groups


@dataclass(frozen=True, slots=True)
class Size:
    """Two options."""

    wide: Annotated[int, typer.Option(min=1)] = 3
    high: Annotated[int | None, typer.Option()] = None


def command(
    size: Size, name: Annotated[str, typer.Argument()], loud: Annotated[bool, typer.Option("--loud")] = False
) -> None:
    typer.echo(f"{name} {size.wide} {size.high} {loud}")


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(with_groups(command))
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def test_fields_are_options_with_their_defaults() -> None:
    assert run("box") == (0, "box 3 None False\n")


def test_fields_are_given_as_options_beside_the_others() -> None:
    assert run("box", "--wide", "5", "--high", "2", "--loud") == (0, "box 5 2 True\n")


def test_a_fields_own_bounds_hold() -> None:
    assert run("box", "--wide", "0")[0] == 2
