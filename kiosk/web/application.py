"""Puts the web part together: one FastAPI app from the use cases. Making it starts nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response

from kiosk.services.attendance.lesson.staff_sign_ins import StaffSignIns
from kiosk.services.attendance.lesson.teaching import Teaching
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.people.consent_letters import ConsentLetters
from kiosk.services.people.consents import FaceConsents
from kiosk.services.people.notices import Notices
from kiosk.services.people.remains import Remains
from kiosk.services.phones.known_phones import KnownPhones
from kiosk.services.phones.passes import Passes
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.phones.phone_enrolment import PhoneEnrolments
from kiosk.services.phones.phone_keys import PhoneKeys
from kiosk.services.phones.phone_test import PhoneTest
from kiosk.services.ports.clock import Clock
from kiosk.services.records.objections import Objections
from kiosk.services.records.student_data import StudentData
from kiosk.services.school.retention import Retention
from kiosk.web.api.application import ApiServices, create_api
from kiosk.web.http import failures
from kiosk.web.http.browsers import Browsers
from kiosk.web.http.guard import Guard
from kiosk.web.http.host_names import HostGate
from kiosk.web.http.memory import WebMemory
from kiosk.web.http.networks import NetworkGate, PhoneNetworks
from kiosk.web.http.page_tools import PageTools
from kiosk.web.http.refusals import API_PATH
from kiosk.web.http.rendering import STATIC_PATH, Pages
from kiosk.web.http.turns import Turns
from kiosk.web.http.workers import Workers
from kiosk.web.pages.check_in import CheckInPages
from kiosk.web.pages.hello import HelloPage
from kiosk.web.pages.key_asking import KeyAsking
from kiosk.web.pages.letter_pages import LetterPages
from kiosk.web.pages.my_consent import MyConsentPages
from kiosk.web.pages.my_pages import MyPages
from kiosk.web.pages.my_phones import MyPhonesPages
from kiosk.web.pages.my_pin import MyPinPages
from kiosk.web.pages.pass_pages import PassPages
from kiosk.web.pages.signing_in import SigningIn
from kiosk.web.pages.teach_pages import TeachPages
from kiosk.web.pages.teacher_entrance import TeacherEntrance


@dataclass(frozen=True, slots=True)
class CheckInServices:
    """What a student's phone needs to be marked.

    Attributes:
        phone: What a student's browser can do.
        running: The class that is open.
        passes: Passes for the kiosk's camera.
        test: Hears of phones that try whether they reach the kiosk.
        known: Tells phones on which a student signed in before.
        enrolments: Enrols phones for a student, and lists them.
        keys: Asks enrolled phones to sign.
    """

    phone: Phone
    running: RunningClass
    passes: Passes
    test: PhoneTest
    known: KnownPhones
    enrolments: PhoneEnrolments
    keys: PhoneKeys


@dataclass(frozen=True, slots=True)
class MyPagesServices:
    """What the pages about oneself need.

    Attributes:
        records: What a student reads about themselves.
        retention: Knows until when it is kept.
        objections: Takes "this record is wrong".
        consents: Records a student's word on face recognition.
        letters: Takes the answers to letters.
        notices: Knows the text that is consented to.
        remains: Says what is left of a face elsewhere after a no.
    """

    records: StudentData
    retention: Retention
    objections: Objections
    consents: FaceConsents
    letters: ConsentLetters
    notices: Notices
    remains: Remains


@dataclass(frozen=True, slots=True)
class TeachServices:
    """What the pages for teachers need.

    Attributes:
        teaching: Looks at the class that is open, and marks in it.
        sign_ins: Teachers who signed in.
    """

    teaching: Teaching
    sign_ins: StaffSignIns


@dataclass(frozen=True, slots=True)
class WebServices:
    """What is served, by whom it is for.

    Attributes:
        check_in: What a student's phone needs to be marked.
        my_pages: What the pages about oneself need.
        teach: What the pages for teachers need.
        api: What the REST API needs; None: there is none.
    """

    check_in: CheckInServices
    my_pages: MyPagesServices
    teach: TeachServices
    api: ApiServices | None = None


def create_app(
    services: WebServices,
    *,
    clock: Clock,
    zone: ZoneInfo,
    secure: bool,
    networks: PhoneNetworks,
    memory: WebMemory,
) -> FastAPI:
    """The app that phones talk to; what it must remember is in `memory`.

    Args:
        services: What is served.
        clock: The kiosk's clocks.
        zone: The school's zone, in which times are shown.
        secure: Whether phones come by TLS; decides the cookies' names and flags.
        networks: From where phones may come.
        memory: What outlives this web part.

    Returns:
        An ASGI app without API pages; it has its threads only while its lifespan runs.
    """
    check_in, api = services.check_in, services.api
    phone = check_in.phone
    tools = PageTools(
        pages=Pages(),
        browsers=Browsers(phone, secure=secure, form_key=memory.form_key),
        workers=Workers(lambda: phone.trouble, lambda: phone.sign_in_trouble),
        zone=zone,
        secure=secure,
    )
    signing_in = SigningIn(
        phone=phone,
        known=check_in.known,
        browsers=tools.browsers,
        workers=tools.workers,
        refusals=memory.refused_sign_ins,
    )
    app = _guarded(tools, networks)
    for router in (
        *_check_in_routers(check_in, clock, memory, signing_in, tools),
        *_my_routers(services.my_pages, phone, memory, signing_in, tools),
        *_teach_routers(services.teach, memory, tools),
    ):
        app.include_router(router)
    if api is not None:
        app.mount(API_PATH, create_api(api, pages=tools.pages, workers=tools.workers, rate=memory.api_rate))
    return app


def _guarded(tools: PageTools, networks: PhoneNetworks) -> FastAPI:
    """An app without pages: what holds for each request, failures, and static files."""
    pages = tools.pages

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with tools.workers.running():
            yield

    app = FastAPI(
        title="Attendance kiosk",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.add_middleware(NetworkGate, networks=networks, pages=pages)
    app.add_middleware(HostGate, names=networks.names, pages=pages)
    app.add_middleware(Guard, pages=pages)
    app.add_middleware(Turns)
    failures.install(app, pages=pages, browsers=tools.browsers)

    async def asset(request: Request, name: str) -> Response:
        found = pages.asset(request, name)
        if found is None:
            raise HTTPException(404)
        return found

    app.add_api_route(STATIC_PATH + "{name}", asset, methods=["GET", "HEAD"])
    return app


def _check_in_routers(
    services: CheckInServices, clock: Clock, memory: WebMemory, signing_in: SigningIn, tools: PageTools
) -> tuple[APIRouter, ...]:
    asking = KeyAsking(services.keys, workers=tools.workers, secure=tools.secure)
    check_in = CheckInPages(
        phone=services.phone,
        running=services.running,
        clock=clock,
        answers=memory.answers,
        asking=asking,
        signing_in=signing_in,
        tools=tools,
    )
    passes = PassPages(
        phone=services.phone,
        passes=services.passes,
        asking=asking,
        clock=clock,
        signing_in=signing_in,
        tools=tools,
    )
    phones = MyPhonesPages(
        enrolments=services.enrolments,
        known=services.known,
        asking=asking,
        enrolled=memory.enrolled_phones,
        tools=tools,
    )
    hello = HelloPage(test=services.test, pages=tools.pages)
    return check_in.router(), hello.router(), passes.router(), phones.router()


def _my_routers(
    services: MyPagesServices, phone: Phone, memory: WebMemory, signing_in: SigningIn, tools: PageTools
) -> tuple[APIRouter, ...]:
    pages = MyPages(
        records=services.records,
        retention=services.retention,
        objections=services.objections,
        signing_in=signing_in,
        tools=tools,
    )
    consent = MyConsentPages(
        consents=services.consents,
        notices=services.notices,
        remains=services.remains,
        receipts=memory.receipts,
        tools=tools,
    )
    pin = MyPinPages(phone=phone, changed=memory.changed_pins, tools=tools)
    letters = LetterPages(
        letters=services.letters, remains=services.remains, opened=memory.letters, tools=tools
    )
    return pages.router(), consent.router(), pin.router(), letters.router()


def _teach_routers(services: TeachServices, memory: WebMemory, tools: PageTools) -> tuple[APIRouter, ...]:
    entrance = TeacherEntrance(services.sign_ins, services.teaching, tools=tools)
    pages = TeachPages(services.teaching, entrance, done=memory.taught, tools=tools)
    return entrance.router(), pages.router()
