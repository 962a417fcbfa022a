"""Puts the web part together: one FastAPI app from the use cases. Making it starts nothing."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response

from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events
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


@dataclass(frozen=True, slots=True)
class PhoneServices:
    """What phones can do.

    Attributes:
        phone: What a student's browser can do.
        live: The class that is open.
        passes: Passes for the kiosk's camera.
        phone_test: Hears of phones that try whether they reach the kiosk.
        own_records: What a student reads about themselves.
        retention: Knows until when it is kept.
        objections: Takes "this record is wrong".
        consents: Records a student's word on face recognition.
    """

    phone: Phone
    live: RunningClass
    passes: Passes
    phone_test: PhoneTest
    own_records: StudentData
    retention: Retention
    objections: Objections
    consents: FaceConsents


@dataclass(frozen=True, slots=True)
class Serving:
    """How phones are served.

    Attributes:
        secure: Whether phones come by TLS; decides the cookies' names and flags.
        form_key: Secret of the forms' tokens, 32 random bytes; with the same one a form that a phone shows outlives a
            restart of the web part. None: a new one.
        allowed: Networks that phones may come from; empty: all.
        events: Are told, now and then, that a phone from elsewhere was refused.
    """

    secure: bool = False
    form_key: bytes | None = field(default=None, repr=False)
    allowed: Sequence[Network] = ()
    events: Events = field(default_factory=Events)


def create_app(
    services: PhoneServices,
    *,
    clock: Clock,
    zone: ZoneInfo,
    serving: Serving | None = None,
    api: ApiServices | None = None,
) -> FastAPI:
    """The app that phones talk to.

    Args:
        services: What phones can do.
        clock: The kiosk's clocks.
        zone: The school's zone, in which times are shown.
        serving: How they are served.
        api: What the REST API needs; None: there is none.

    Returns:
        An ASGI app without API pages; it has its threads only while its lifespan runs.
    """
    serving = serving or Serving()
    pages = Pages()
    browsers = Browsers(services.phone, secure=serving.secure, form_key=serving.form_key)
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
    app.add_middleware(NetworkGate, allowed=serving.allowed, pages=pages, clock=clock, events=serving.events)
    app.add_middleware(Guard, pages=pages)
    failures.install(app, pages=pages, browsers=browsers)
    drawing = _Drawing(pages, browsers, workers, clock, zone, serving.secure)
    for router in _routers(services, drawing):
        app.include_router(router)

    async def asset(request: Request, name: str) -> Response:
        found = pages.asset(request, name)
        if found is None:
            raise HTTPException(404)
        return found

    app.add_api_route(STATIC_PATH + "{name}", asset, methods=["GET", "HEAD"])
    if api is not None:
        app.mount(API_PATH, create_api(api, pages=pages, workers=workers, clock=clock))
    return app


@dataclass(frozen=True, slots=True)
class _Drawing:
    pages: Pages
    browsers: Browsers
    workers: Workers
    clock: Clock
    zone: ZoneInfo
    secure: bool


def _routers(services: PhoneServices, by: _Drawing) -> Iterator[APIRouter]:
    phone, clock, zone = services.phone, by.clock, by.zone
    pages, browsers, workers = by.pages, by.browsers, by.workers
    signing_in = SigningIn(phone=phone, browsers=browsers, workers=workers, clock=clock)
    yield CheckInPages(
        phone=phone,
        live=services.live,
        clock=clock,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        signing_in=signing_in,
    ).router()
    yield HelloPage(test=services.phone_test, pages=pages).router()
    yield MyPages(
        records=services.own_records,
        retention=services.retention,
        objections=services.objections,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        signing_in=signing_in,
    ).router()
    yield MyConsentPages(
        consents=services.consents,
        clock=clock,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        secure=by.secure,
    ).router()
    yield MyPinPages(
        phone=phone, clock=clock, pages=pages, browsers=browsers, workers=workers, secure=by.secure
    ).router()
    yield PassPages(
        phone=phone,
        passes=services.passes,
        clock=clock,
        zone=zone,
        pages=pages,
        browsers=browsers,
        workers=workers,
        signing_in=signing_in,
    ).router()
