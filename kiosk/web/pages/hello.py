"""The page that a phone sees when *Test with a phone* works. Runs on the web thread's event loop."""

from fastapi import APIRouter, Request, Response

from kiosk.services.phones.phone_test import HELLO_PATH, PhoneTest
from kiosk.web.http.origin import is_loopback
from kiosk.web.http.rendering import Pages


class HelloPage:
    """Says that it works, and tells the test."""

    def __init__(self, *, test: PhoneTest, pages: Pages) -> None:
        self._test = test
        self._pages = pages

    def router(self) -> APIRouter:
        """The route, also in capitals, as the QR code says it."""
        router = APIRouter(redirect_slashes=False)
        for path in (HELLO_PATH, HELLO_PATH.upper()):
            router.add_api_route(path + "{token}", self.hello, methods=["GET", "HEAD"])
        return router

    async def hello(self, request: Request, token: str) -> Response:
        """Turn the kiosk's card green."""
        address = request.client.host if request.client else ""
        self._test.arrived(token, address=address, is_this_pc=_is_this_pc(request, address))
        return self._pages.draw("hello.html")


def _is_this_pc(request: Request, address: str) -> bool:
    """Whether both ends of the connection are here."""
    server = request.scope.get("server")
    return is_loopback(request.scope) or (server is not None and server[0] == address)
