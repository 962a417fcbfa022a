"""The way into the REST API: secure connections only, no bodies, a good token with the right scope, not too often.

`Door` is a plain ASGI wrapper, `Access` what each operation depends on; both on the web thread's event loop.
"""

import logging
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import HTTPException, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.domain.trust.api_tokens import ApiToken
from kiosk.domain.trust.api_tokens import Scope as TokenScope
from kiosk.errors import SignInError
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.translation import N_, _
from kiosk.web.api.problems import problem
from kiosk.web.api.rate import RateLimit
from kiosk.web.http.origin import is_asked_here
from kiosk.web.http.workers import Workers

logger = logging.getLogger(__name__)

BEARER: Final = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="kiosk-<id>-<secret>",
    description="A token that an admin made at the kiosk (Settings → Users and rights → API tokens…) or with `kiosk tokens add`.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]

NOT_SECURE: Final = N_(
    "The API is open by HTTPS only. Give the kiosk the school’s certificate, or ask from the kiosk’s own PC."
)
NO_BODY: Final = N_("A request to this API has no body.")
UNFORESEEN: Final = N_("Something went wrong in the kiosk. Its log says what.")


class Door:
    """Wraps the API's app: what holds for each request, whatever it asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403, 415 or 500."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["scheme"] != "https" and not is_asked_here(scope):
            await problem(HTTPStatus.FORBIDDEN, _(NOT_SECURE))(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            answer = problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _(NO_BODY), headers={"Connection": "close"})
            await answer(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception:  # the top of a request, as of a thread
            logger.exception("A request to the API met something unforeseen.")
            if not started:
                await problem(HTTPStatus.INTERNAL_SERVER_ERROR, _(UNFORESEEN))(scope, receive, send)


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Knows the tokens, and how often each may ask."""

    tokens: ApiTokens
    rate: RateLimit
    workers: Workers


class Access:
    """A dependency of an operation: gives the token that asks, or ends the request."""

    def __init__(
        self, check: TokenCheck, scope: TokenScope, *, media_type: str = "application/json", cost: float = 1.0
    ) -> None:
        self._check = check
        self._scope = scope
        self._media_type = media_type
        self._cost = cost

    async def __call__(self, request: Request, credentials: Credentials) -> ApiToken:
        """Raises HTTPException 401, 403, 406 or 429."""
        if credentials is None:
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                _("Send a token: “Authorization: Bearer kiosk-…”."),
                headers={"WWW-Authenticate": "Bearer"},
            )
        try:
            token = await self._check.workers.ask(partial(self._check.tokens.check, credentials.credentials))
        except SignInError as error:
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                str(error),
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            ) from error
        wait_s = self._check.rate.take(token.token_id, self._cost)
        if wait_s is not None:
            raise HTTPException(
                HTTPStatus.TOO_MANY_REQUESTS,
                _("Too many requests with this token. Go on in {wait_s} s.", wait_s=wait_s),
                headers={"Retry-After": str(wait_s)},
            )
        if self._scope not in token.scopes:
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                _("This token lacks the scope {scope}. An admin can make another one.", scope=self._scope),
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self._scope}"'},
            )
        if not accepts(request.headers.get("accept", ""), self._media_type):
            raise HTTPException(
                HTTPStatus.NOT_ACCEPTABLE, _("This is given as {kind} only.", kind=self._media_type)
            )
        return token


def accepts(header: str, media_type: str) -> bool:
    """Whether an Accept header (RFC 9110, section 12.5.1) lets a media type through; an empty one does."""
    if not header.strip():
        return True
    main = media_type.partition("/")[0]
    best: tuple[int, bool] | None = None
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = {"*/*": 0, f"{main}/*": 1, media_type: 2}.get(name)
        if rank is not None and (best is None or rank >= best[0]):
            best = rank, not any(_is_zero(parameter) for parameter in parameters)
    return best is not None and best[1]


def _is_zero(parameter: str) -> bool:
    name, _unused, value = parameter.partition("=")
    return name.strip() == "q" and value.strip() in {"0", "0.", "0.0", "0.00", "0.000"}
