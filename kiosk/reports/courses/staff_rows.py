"""Lines of a class list that its own columns say are of no student: of teachers, parents, or somebody deleted. Pure."""

from dataclasses import replace
from typing import Final

from kiosk.reports.courses.columns import Columns
from kiosk.reports.courses.headings import key_of
from kiosk.services.ports.outputs import ListNote
from kiosk.translation import _

_ROLES: Final = frozenset(
    key_of(one)
    for one in (
        *("role", "roles", "rolle", "rollen", "rôle", "rôles", "rol", "ruolo", "ruoli", "papel", "função", "rola", "роль", "роли"),
        *("course role", "role name", "member role", "user role", "الدور", "نقش", "תפקיד", "角色", "役割", "역할", "roli", "roll"),
    )
)  # fmt: skip
_STAFF: Final = frozenset(
    key_of(one)
    for one in (
        *("teacher", "primary teacher", "co-teacher", "non-editing teacher", "editingteacher", "instructor", "lecturer", "faculty"),
        *("professor", "tutor", "ta", "teaching assistant", "grader", "course builder", "designer", "administrator", "admin", "staff"),
        *("proctor", "parent", "guardian", "relative", "observer", "principal", "counselor", "aide", "manager", "course creator"),
        *("lehrer", "lehrerin", "lehrkraft", "dozent", "dozentin", "kursadministrator", "kursadministratorin", "kurstutor"),
        *("kurs-tutor", "kurs-administrator", "trainer", "trainer/in", "gruppenadministrator", "eltern", "erziehungsberechtigte"),
        *("course administrator", "course tutor", "group administrator", "enseignant", "enseignante", "professeur", "parents"),
        *("profesor", "profesora", "docente", "docentes", "maestro", "maestra", "padre", "madre", "insegnante", "genitore"),
        *("professora", "leraar", "docent", "nauczyciel", "prowadzący", "rodzic", "učitel", "učiteľ", "učitelj", "öğretmen", "veli"),
        *("учитель", "преподаватель", "ассистент", "родитель", "вчитель", "викладач", "учител", "καθηγητής", "معلم", "أستاذ"),
        *("استاد", "دبیر", "מורה", "מרצה", "教师", "老师", "教師", "老師", "先生", "교사", "교수", "guru", "dosen", "lærer", "lärare", "opettaja"),
    )
)  # fmt: skip
_STATES: Final = frozenset(
    key_of(one) for one in ("status", "state", "enrollment status", "enrolment status")
)
_GONE: Final = frozenset(key_of(one) for one in ("deleted", "tobedeleted", "removed"))
"""What Canvas and OneRoster say of somebody who is to go."""


def without_staff(columns: Columns) -> tuple[Columns, list[ListNote]]:
    """The columns with rows of students alone, and whom the list itself calls something else."""
    taken = {columns.number, columns.email, columns.guardian, *columns.names}
    keys = [key_of(heading) for heading in columns.headings]
    roles = [place for place, key in enumerate(keys) if key in _ROLES and place not in taken]
    states = [place for place, key in enumerate(keys) if key in _STATES and place not in taken]
    if not roles and not states:
        return columns, []
    kept, notes = [], []
    for row in columns.data:
        said = [row.cell(place).text for place in roles if key_of(row.cell(place).text) in _STAFF]
        said += [row.cell(place).text for place in states if key_of(row.cell(place).text) in _GONE]
        if not said:
            kept.append(row)
            continue
        name = " ".join(row.cell(place).text for place in columns.names)
        words = _("{name} was left out: the list says “{said}”.", name=name[:80], said=said[0][:40])
        notes.append(ListNote(row.line, words))
    return replace(columns, data=tuple(kept)), notes
