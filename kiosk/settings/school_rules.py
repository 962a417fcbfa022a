"""The rules of the school, kept in its database and the same on every kiosk. Any thread."""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

import tzlocal
from pydantic import Field, ValidationError, field_validator

from kiosk.domain.attendance.rechecks import RecheckMeaning, RecheckMode
from kiosk.domain.attendance.stays import CheckOutMode
from kiosk.errors import SettingsError
from kiosk.settings.about import Subject, about
from kiosk.settings.group import explain
from kiosk.settings.privacy_rules import PrivacyRules
from kiosk.translation import N_, _


class LivenessDefault(StrEnum):
    """How faces are checked against pictures in a class for which nobody chose.

    It stays apart from `LivenessMode`, because no class is checked *auto* and databases keep ``head_turn`` for the rule
    where they keep ``active`` for a class.
    """

    AUTO = "auto"
    OFF = "off"
    PASSIVE = "passive"
    ACTIVE = "head_turn"


class SecondDeviceUse(StrEnum):
    """What becomes of a phone that marks a second student in one class session."""

    REFUSE = "refuse"
    FLAG = "flag"


class SchoolRules(PrivacyRules):
    """All rules of the school: those of its classes, phones and camera, and what privacy asks for."""

    school_name: str = Field(
        default="",
        max_length=80,
        title=N_("School"),
        description=N_("Stands on printed slips and reports."),
        json_schema_extra=about(also=N_("name")),
    )
    time_zone: str = Field(
        default="",
        title=N_("Time zone"),
        description=N_("Such as Europe/Berlin; empty: the zone of this PC."),
        json_schema_extra=about(also=N_("clock hour country")),
    )
    late_after_min: int = Field(
        default=10,
        ge=0,
        le=240,
        title=N_("Late after"),
        description=N_("Present until this long after the start, late from then on."),
        json_schema_extra=about(unit=N_("min"), also=N_("delay tardy minutes")),
    )
    attendance_limit_percent: int = Field(
        default=75,
        ge=0,
        le=100,
        title=N_("Attendance limit"),
        description=N_(
            "Who attends a smaller share of the classes of a course is marked in reports, in the workbook and in the list of "
            "people. Excused classes do not count. 0: nobody is marked."
        ),
        json_schema_extra={"unit": "%"},
    )
    pictures_in_lists: bool = Field(
        default=False,
        title=N_("Pictures of students in the list of people"),
        description=N_(
            "On: the list and the page of a student show one of the pictures that were enrolled. Consent to face recognition "
            "does not cover that by itself: turn it on when your notice says so."
        ),
    )
    warn_again_days: int = Field(
        default=30,
        ge=1,
        le=366,
        title=N_("Warn by e-mail again after"),
        description=N_(
            "Nobody gets a second message about the same course within so many days. It needs a mail server (Settings → School and late rule → Mail server…)."
        ),
        json_schema_extra={"unit": N_("days")},
    )
    auto_end_h: float = Field(
        default=4,
        ge=0.5,
        le=24,
        title=N_("Forgotten sessions end after"),
        description=N_("A class session that nobody ended ends by itself."),
        json_schema_extra=about(unit=N_("h"), also=N_("class close hours")),
    )
    lesson_pin: bool = Field(
        default=True,
        title=N_("PIN for the lesson"),
        description=N_(
            "On: a teacher may choose a PIN of 4 to 8 digits when a class starts. It stands for the password at this kiosk until "
            "that class ends: to open the roster, to leave the full screen, to end the class. After ten wrong ones it is good no "
            "more. Off: the password each time."
        ),
    )
    roster_names_only: bool = Field(
        default=True,
        title=N_("Roster in front of the class shows names only"),
        description=N_(
            "On: beside the kiosk screen the roster shows names without statuses, reasons, notes and messages until the teacher "
            "presses Show reasons. On a display of its own it always shows all. Off: all of it everywhere."
        ),
    )
    teach_by_phone: bool = Field(
        default=True,
        title=N_("Teachers use their phone or tablet"),
        description=N_(
            "On, and where phones come by HTTPS: a teacher signs in at /teach with the password and works with the class that is "
            "open at that kiosk: the list, marks by hand, confirming, the end. Off: only at the kiosk itself."
        ),
    )
    claim_life_min: float = Field(
        default=3,
        ge=0.5,
        le=30,
        title=N_("A scan waits for the face"),
        description=N_(
            "Where a class demands phone and face: time to look at the camera after scanning. Raising it helps "
            "where people queue, and gives somebody who scanned from elsewhere longer to come in."
        ),
        json_schema_extra=about(Subject.PHONES, unit=N_("min"), advanced=True, also=N_("scan wait")),
    )
    spot_check_share: int = Field(
        default=20,
        ge=0,
        le=100,
        title=N_("Spot checks"),
        description=N_(
            "Of the scans in a class with spot checks so many are drawn by lot, and the camera must see the "
            "student, too. Raising it lets fewer passed-on codes through and makes more people stop at the camera."
        ),
        json_schema_extra=about(Subject.PHONES, unit="%", also=N_("random sample")),
    )
    recheck: RecheckMode = Field(
        default=RecheckMode.OFF,
        title=N_("Re-check in mid-class"),
        description=N_(
            "A second window in which everybody who is marked shows up once more, by face or phone as at the start. Off: never. "
            "Teacher: when a teacher starts it from the roster. Random: also once in each class, at a moment that nobody can foresee."
        ),
        json_schema_extra=about(also=N_("again second window leave early random")),
    )
    recheck_from_min: int = Field(
        default=15,
        ge=1,
        le=480,
        title=N_("Random re-check not before"),
        description=N_("So long after the start of the class at the earliest."),
        json_schema_extra=about(unit=N_("min"), also=N_("again window")),
    )
    recheck_to_min: int = Field(
        default=45,
        ge=1,
        le=480,
        title=N_("Random re-check not after"),
        description=N_(
            "So long after the start of the class at the latest. In a class that ends before its moment there is none."
        ),
        json_schema_extra=about(unit=N_("min"), also=N_("again window")),
    )
    recheck_window_min: int = Field(
        default=5,
        ge=1,
        le=60,
        title=N_("Time to show up again"),
        description=N_(
            "Raising it keeps a queue at the camera from being late, and gives somebody who left more time to come back."
        ),
        json_schema_extra=about(unit=N_("min"), also=N_("re-check window length")),
    )
    recheck_meaning: RecheckMeaning = Field(
        default=RecheckMeaning.NOTED,
        title=N_("Who does not show up again"),
        description=N_(
            "Noted: stands in the roster and beside the record, and the record stays. Late or absent: the record is changed so when "
            "the window is over, and a teacher can take that back. A window that was disturbed changes nobody."
        ),
        json_schema_extra=about(also=N_("re-check missing status")),
    )
    check_out: CheckOutMode = Field(
        default=CheckOutMode.OFF,
        title=N_("Check-out on leaving"),
        description=N_(
            "Off: who came is counted to the end. Teacher: from when a teacher presses Start check-out in the roster, who is marked checks out "
            "by face, phone or pass as at the start, and minutes stand in roster and workbook. Who does not is counted to the end."
        ),
        json_schema_extra=about(also=N_("leave early minutes partial attendance")),
    )
    check_out_after_min: int = Field(
        default=10,
        ge=1,
        le=240,
        title=N_("Check-out at the earliest after"),
        description=N_(
            "So long after somebody was marked a second look or scan is a check-out; before that it is nothing."
        ),
        json_schema_extra=about(unit=N_("min"), also=N_("leave early minutes")),
    )
    attended_from_percent: int = Field(
        default=0,
        ge=0,
        le=100,
        title=N_("Attended from"),
        description=N_(
            "Where students check out: of the minutes of a class. Who left, or by hand, was there for less becomes absent when the class ends. "
            "0: minutes are only shown. Who never checked out was there to the end."
        ),
        json_schema_extra={"unit": "%"},
    )
    liveness: LivenessDefault = Field(
        default=LivenessDefault.AUTO,
        title=N_("Photo check"),
        description=N_(
            "How faces are told from pictures of faces. Auto: passive once its networks are installed, else off. "
            "Passive looks at the picture; head turn asks each person to turn the head, too. A teacher may choose another one "
            "for a class."
        ),
        json_schema_extra=about(Subject.CAMERA, also=N_("liveness picture cheating spoof")),
    )

    second_device_use: SecondDeviceUse = Field(
        default=SecondDeviceUse.REFUSE,
        title=N_("A phone that marks a second student"),
        description=N_(
            "In one class. Refuse: the second student is asked to use an own phone or to speak to the teacher. "
            "Flag: it counts, and the teacher sees it in the roster. A browser is known by its cookie: who deletes it, or "
            "opens a private window, is not noticed."
        ),
        json_schema_extra=about(Subject.PHONES, also=N_("borrowed shared cheating")),
    )
    enrolled_phones_only: bool = Field(
        default=False,
        title=N_("Phones must be enrolled at the kiosk"),
        description=N_(
            "On: a student is marked by phone or pass only from a phone that a teacher enrolled for that student, once, under "
            "Phones of students. A friend who knows the PIN then marks nobody. Enrol the phones first: all others are refused, "
            "and the teacher is told."
        ),
        json_schema_extra=about(Subject.PHONES, also=N_("own device cheating")),
    )
    same_address_hint: bool = Field(
        default=False,
        title=N_("Hint at equal phones at one address"),
        description=N_(
            "On: the teacher is told already when two students check in with the same kind of browser from the same "
            "address, as one phone does whose cookies were deleted; three with browsers that were never used before are told in any case. It blocks nobody. Of no use where all phones come through "
            "one address."
        ),
        json_schema_extra=about(Subject.PHONES, advanced=True, also=N_("cheating")),
    )

    commands_ask_password: bool = Field(
        default=False,
        title=N_("Commands ask for an admin's password"),
        description=N_(
            "On: on the command line, adding accounts, importing people or faces, PINs, exports, restoring, API tokens and a new "
            "recovery passphrase ask for an admin's password. It stops whoever comes by the keyboard, not somebody who "
            "may change the kiosk's files."
        ),
        json_schema_extra=about(Subject.USERS, also=N_("command line terminal security")),
    )

    learn_faces_from: str = Field(
        default="",
        max_length=10,
        title=N_("Learn faces from classes"),
        description=N_(
            "Where students walk past only. Empty: off. A day such as 2026-12-01: of students whose consent was recorded on that day or later, the best "
            "picture of a class that surely shows them is kept, five at most. Name the day since when your consent form says so. "
            "An earlier day lets more students be recognised better as they change, and may not be covered by what they signed."
        ),
        json_schema_extra=about(Subject.CAMERA, also=N_("improve update templates")),
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name and name not in _zone_names():
            raise ValueError(_("is not the name of a time zone, such as Europe/Berlin"))
        return name

    @field_validator("learn_faces_from")
    @classmethod
    def _known_day(cls, text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            raise ValueError(_("is not a day such as 2026-12-01")) from None

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Self:
        """Build from what the database keeps (``rules.<field>`` → text); unknown names are left alone.

        Raises:
            SettingsError: A stored value is out of bounds.
        """
        known = {f"rules.{name}": name for name in cls.model_fields}
        try:
            return cls.model_validate({known[key]: value for key, value in texts.items() if key in known})
        except ValidationError as error:
            raise SettingsError(
                _("The school's rules in the database have a wrong value."), explain(error)
            ) from error

    def to_texts(self) -> dict[str, str]:
        """The inverse of `from_texts`."""
        return {f"rules.{name}": str(value) for name, value in self.model_dump(mode="json").items()}

    def learns_since(self, zone: tzinfo) -> datetime | None:
        """From when on a consent covers learning from classes; None: nothing is learned."""
        if not self.learn_faces_from:
            return None
        return datetime.combine(date.fromisoformat(self.learn_faces_from), time(), zone)

    def zone(self) -> ZoneInfo:
        """The school's time zone, or that of this PC."""
        return ZoneInfo(self.time_zone or tzlocal.get_localzone_name())


@cache
def _zone_names() -> frozenset[str]:
    """Looked up once: it walks through a directory, 4.5 ms, and rules are read for every scan."""
    return frozenset(available_timezones())
