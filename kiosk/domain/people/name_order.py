"""Sorting people by family name, as class registers do; which part of a name that is, `kiosk.domain.people.names` says. Pure."""

from kiosk.domain.people.names import sort_name
from kiosk.domain.people.students import Student, fold


def name_order(student: Student) -> tuple[str, str]:
    """What to sort by: family name, then given names, then number."""
    return sort_name(student.full_name, student.family_name), fold(student.student_no)
