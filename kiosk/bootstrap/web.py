"""Wires the web part, anew for each start."""

import secrets
from dataclasses import dataclass, field

from kiosk.services.app import (
    AttendanceCases,
    PeopleCases,
    PhoneCases,
    RecordCases,
    SchoolCases,
    TrustCases,
)
from kiosk.services.core import Core
from kiosk.services.ports.web import WebServer
from kiosk.services.reports.exports import Exports


@dataclass(frozen=True, slots=True)
class WebPart:
    """Implements `WebBuilder`.

    Attributes:
        form_key: Secret of the forms on phones; lives as long as the program, so that they outlive a restart of the web part.
    """

    core: Core
    attendance: AttendanceCases
    people: PeopleCases
    phones: PhoneCases
    records: RecordCases
    reports: Exports
    school: SchoolCases
    trust: TrustCases
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def build(self) -> WebServer:
        """A web part by the settings that are in force, not started.

        Raises:
            CertificateError: Phones would refuse the certificate.
        """
        from kiosk.web.api.application import ApiServices
        from kiosk.web.application import PhoneServices, Serving, create_app
        from kiosk.web.http.server import UvicornServer

        phones, records = self.phones, self.records
        settings = phones.address.web
        phones.certificate.check(settings)
        served = create_app(
            PhoneServices(
                phone=phones.check_in,
                live=self.attendance.running,
                passes=phones.passes,
                phone_test=phones.test,
                own_records=records.student_data,
                retention=self.school.retention,
                objections=records.objections,
                consents=self.people.consents,
            ),
            clock=self.core.clock,
            zone=self.core.zone,
            serving=Serving(
                secure=bool(settings.certificate),
                form_key=self.form_key,
                allowed=settings.allowed_networks(),
                events=self.core.events,
            ),
            api=ApiServices(self.trust.api_tokens, records.reading, self.reports),
        )
        return UvicornServer(served, settings, in_force=phones.address)
