"""Enrolment that is made already."""

from dataclasses import dataclass

from kiosk.services.faces.enrolment import Enrolment


@dataclass(frozen=True, slots=True)
class MadeEnrolment:
    """`Enrolments` that gives the same one each time."""

    enrolment: Enrolment

    def build(self) -> Enrolment:
        return self.enrolment
