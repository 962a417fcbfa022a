"""Commands about the tokens with which other programs read from this kiosk."""

from typing import Annotated, Final, assert_never

import typer

from kiosk.cli.admin_check import open_guarded
from kiosk.cli.common import DataDir, Json, actor, find_school, open_kiosk, print_json, say
from kiosk.domain.trust.api_tokens import ApiToken, Scope, TokenState
from kiosk.translation import N_, _
from kiosk.wording.dates import numeric_moment

tokens: Final = typer.Typer(help=N_("Tokens of the REST API."), no_args_is_help=True)


@tokens.command("add", help=N_("Make a token and show it, once."))
def tokens_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=N_("What the token is for."))],
    scope: Annotated[
        list[Scope], typer.Option("--scope", help=N_("What it may read; may be given repeatedly."))
    ],
    days: Annotated[
        int | None, typer.Option("--days", help=N_("It ends after so many days; without, never."))
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Make a token and show it, once."""
    with open_guarded(context, find_school(context, data_dir)) as kiosk:
        made = kiosk.app.trust.api_tokens.make(name=name, scopes=scope, days=days, actor=actor())
    if as_json:
        print_json({**_as_json(made.token, TokenState.GOOD), "token": made.text})
        return
    say(
        _(
            "Token {token_id}, “{name}”. It is shown only now:",
            token_id=made.token.token_id,
            name=made.token.name,
        )
    )
    typer.echo(made.text)


@tokens.command("list", help=N_("List all tokens, the newest first; secrets are not kept and not shown."))
def tokens_list(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """List all tokens, the newest first; secrets are not kept and not shown."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        service = kiosk.app.trust.api_tokens
        listed = [(token, service.state(token)) for token in service.all(actor=actor())]
    if as_json:
        print_json({"tokens": [_as_json(token, state) for token, state in listed]})
        return
    if not listed:
        typer.echo(_("There is no token."))
    for token, state in listed:
        used = (
            _("last used {last_used_at} UTC", last_used_at=numeric_moment(token.last_used_at))
            if token.last_used_at
            else _("never used")
        )
        typer.echo(
            f"{token.token_id:4}  {_state_word(state):8}  {token.name}  [{' '.join(token.scope_list)}]  {used}"
        )


@tokens.command("revoke", help=N_("End a token at once and for ever."))
def tokens_revoke(
    context: typer.Context,
    token_id: Annotated[int, typer.Argument(metavar="ID", help=N_("As “kiosk tokens list” shows it."))],
    data_dir: DataDir = None,
) -> None:
    """End a token at once and for ever."""
    with open_kiosk(find_school(context, data_dir)) as kiosk:
        token = kiosk.app.trust.api_tokens.revoke(token_id, actor=actor())
    typer.echo(
        _("Token {token_id}, “{name}”, opens nothing any more.", token_id=token.token_id, name=token.name)
    )


def _state_word(state: TokenState) -> str:
    match state:
        case TokenState.GOOD:
            return _("good")
        case TokenState.EXPIRED:
            return _("expired")
        case TokenState.REVOKED:
            return _("revoked")
        case _:
            assert_never(state)


def _as_json(token: ApiToken, state: TokenState) -> dict[str, object]:
    return {
        "id": token.token_id,
        "name": token.name,
        "scopes": list(token.scope_list),
        "state": state.value,
        "created_at": token.created_at.isoformat(),
        "created_by": token.created_by,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
