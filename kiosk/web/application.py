"""Puts the web part together: one FastAPI app from the use cases. Making it starts nothing."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI, HTTPException, Request, Response

from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.people.consents import FaceConsents
from kiosk.services.phones.passes import Passes
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.phones.phone_test import PhoneTest
from kiosk.services.ports.clock import Clock
from kiosk.services.records.objections import Objections
from kiosk.services.records.student_data import StudentData
from kiosk.services.school.retention import Retention
from kiosk.web.api.application import ApiServices, create_api
from kiosk.web.http import failures
from kiosk.web.http.browsers import Browsers
from kiosk.web.http.guard import Guard
from kiosk.web.http.networks import Network, NetworkGate
from kiosk.web.http.refusals import API_PATH
from kiosk.web.http.rendering import STATIC_PATH, Pages
from kiosk.web.http.workers import Workers
from kiosk.web.pages.check_in import CheckInPages
from kiosk.web.pages.hello import HelloPage
from kiosk.web.pages.my_consent import MyConsentPages
from kiosk.web.pages.my_pages import MyPages
from kiosk.web.pages.my_pin import MyPinPages
from kiosk.web.pages.pass_pages import PassPages
from kiosk.web.pages.signing_in import SigningIn


def create_app(
    phone: Phone,
    live: RunningClass,
    passes: Passes,
    *,
    zone: ZoneInfo,
    clock: Clock,
    phone_test: PhoneTest,
    own_records: StudentData,
    retention: Retention,
    objections: Objections,
    consents: FaceConsents,
    secure: bool = False,
    form_key: bytes | None = None,
    allowed: Sequence[Network] = (),
    on_outsider: Callable[[], object] | None = None,
    api: ApiServices | None = None,
) -> FastAPI:
    """The app that phones talk to.

    Args:
        phone: What a student's browser can do.
        live: The class that is open.
        passes: Passes for the kiosk's camera.
        zone: The school's zone, in which times are shown.
        clock: The kiosk's clocks.
        phone_test: Hears of phones that try whether they reach the kiosk.
        own_records: What a student reads about themselves.
        retention: Knows until when it is kept.
        consents: Records a student's word on face recognition.
        objections: Takes "this record is wrong".
        secure: Whether phones come by TLS; decides the cookies' names and flags.
        form_key: Secret of the forms' tokens, 32 random bytes; with the same one a form that a phone shows outlives a
            restart of the web part. None: a new one.
        allowed: Networks that phones may come from; empty: all.
        on_outsider: Hears, now and then, that a phone from elsewhere was refused.
        api: What the REST API needs; None: there is none.

    Returns:
        An ASGI app without API pages; it has its threads only while its lifespan runs.
    """
    pages = Pages()
    browsers = Browsers(phone, secure=secure, form_key=form_key)
    workers = Workers()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with workers.running():
            yield

    app = FastAPI(
        title="Attendance kiosk",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.add_middleware(
        NetworkGate, allowed=allowed, pages=pages, monotonic=clock.monotonic, on_outsider=on_outsider
    )
    app.add_middleware(Guard, pages=pages)
    failures.install(app, pages=pages, browsers=browsers)
    signing_in = SigningIn(phone=phone, browsers=browsers, workers=workers, clock=clock)
    check_in = CheckInPages(
        phone=phone,
        live=live,
        clock=clock,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        signing_in=signing_in,
    )
    app.include_router(check_in.router())
    app.include_router(HelloPage(test=phone_test, pages=pages).router())
    student_data = MyPages(
        records=own_records,
        retention=retention,
        objections=objections,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        signing_in=signing_in,
        secure=secure,
    )
    app.include_router(student_data.router())
    own_consent = MyConsentPages(
        consents=consents,
        clock=clock,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        secure=secure,
    )
    app.include_router(own_consent.router())
    own_pin = MyPinPages(
        phone=phone, clock=clock, pages=pages, browsers=browsers, workers=workers, secure=secure
    )
    app.include_router(own_pin.router())
    pass_pages = PassPages(
        phone=phone,
        passes=passes,
        clock=clock,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        signing_in=signing_in,
    )
    app.include_router(pass_pages.router())

    async def asset(request: Request, name: str) -> Response:
        found = pages.asset(request, name)
        if found is None:
            raise HTTPException(404)
        return found

    app.add_api_route(STATIC_PATH + "{name}", asset, methods=["GET", "HEAD"])
    if api is not None:
        app.mount(API_PATH, create_api(api, pages=pages, workers=workers, monotonic=clock.monotonic))
    return app
