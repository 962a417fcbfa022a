"""Wires the web part, anew for each start."""

from dataclasses import dataclass

from kiosk.services.app import (
    AttendanceCases,
    LessonCases,
    PeopleCases,
    PhoneCases,
    RecordCases,
    ReportCases,
    SchoolCases,
    TrustCases,
)
from kiosk.services.core import Core
from kiosk.services.ports.web import WebServer
from kiosk.web.http.memory import WebMemory


@dataclass(frozen=True, slots=True)
class WebPart:
    """Implements `WebBuilder`.

    Attributes:
        memory: What each web part remembers for the next one.
    """

    core: Core
    attendance: AttendanceCases
    people: PeopleCases
    phones: PhoneCases
    lesson: LessonCases
    records: RecordCases
    reports: ReportCases
    school: SchoolCases
    trust: TrustCases
    memory: WebMemory

    def build(self) -> WebServer:
        """A web part by the settings that are in force, not started.

        Raises:
            CertificateError: Phones would refuse the certificate.
        """
        from kiosk.web.api.application import ApiServices
        from kiosk.web.application import (
            CheckInServices,
            MyPagesServices,
            TeachServices,
            WebServices,
            create_app,
        )
        from kiosk.web.http.host_names import HostNames
        from kiosk.web.http.networks import PhoneNetworks
        from kiosk.web.http.server import UvicornServer

        phones, records = self.phones, self.records
        settings = phones.address.web
        facts = phones.certificate.check(settings)
        served = create_app(
            WebServices(
                CheckInServices(
                    phones.check_in,
                    self.attendance.running,
                    phones.passes,
                    phones.test,
                    phones.known,
                    phones.enrolments,
                    phones.keys,
                ),
                MyPagesServices(
                    records.student_data,
                    self.school.retention,
                    records.objections,
                    self.people.consents,
                    self.people.letters,
                    self.people.notices,
                    self.people.remains,
                ),
                TeachServices(self.lesson.teaching, self.lesson.sign_ins),
                ApiServices(self.trust.api_tokens, records.reading, self.reports.exports),
            ),
            clock=self.core.clock,
            zone=self.core.zone,
            secure=bool(settings.certificate),
            networks=PhoneNetworks(
                settings.allowed_networks(),
                phones.outsiders,
                HostNames(
                    shown=lambda: (phones.address.web.address.strip(), phones.address.web.host),
                    certified=facts.names if facts else (),
                ),
            ),
            memory=self.memory,
        )
        return UvicornServer(served, settings, in_force=phones.address)
