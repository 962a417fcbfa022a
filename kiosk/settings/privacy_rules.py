"""What a school decides about consent, and how long it keeps what it knows of people. Any thread."""

from pydantic import Field

from kiosk.settings.about import Subject, about
from kiosk.settings.group import SettingsGroup
from kiosk.translation import N_


class PrivacyRules(SettingsGroup):
    """Who decides on face recognition, and after what time what is deleted; all that retention has to know.

    They are a part of `SchoolRules`, and stored with them.
    """

    student_decides_from_age: int = Field(
        default=16,
        ge=0,
        le=21,
        title=N_("Students decide from the age of"),
        description=N_(
            "On face recognition; below it a parent or guardian consents. A no of either always counts. The kiosk keeps no "
            "date of birth: students say so on their phone. 0: everybody decides alone."
        ),
        json_schema_extra=about(Subject.PRIVACY, unit=N_("years"), also=N_("consent parents guardian GDPR")),
    )
    consent_renewal_days: int = Field(
        default=30,
        ge=0,
        le=366,
        title=N_("Time to renew consent"),
        description=N_(
            "After a new notice is published: so long faces are recognised whose consent answers an older one, and then not "
            "until it is renewed. Raising it leaves more time for letters to come back."
        ),
        json_schema_extra=about(Subject.PRIVACY, unit=N_("days"), also=N_("consent GDPR")),
    )
    faces_kept_months: int = Field(
        default=6,
        ge=0,
        le=60,
        title=N_("Faces are deleted after"),
        description=N_(
            "So long after the last class (or registration, or picture) of a student's courses, pictures and "
            "templates are deleted. Raising it spares students who come back a new enrolment, and keeps faces of those who do "
            "not. 0: only when consent is withdrawn."
        ),
        json_schema_extra=about(
            Subject.PRIVACY, unit=N_("months"), also=N_("retention delete GDPR pictures")
        ),
    )
    teachers_see_contacts: bool = Field(
        default=False,
        title=N_("Teachers see e-mail addresses"),
        description=N_(
            "On: teachers see the e-mail address of students of their own courses, the guardian's, and what was sent there. Off: "
            "admins alone. Whoever writes to students below the limit sees where each message goes either way."
        ),
        json_schema_extra=about(Subject.PRIVACY, also=N_("contact guardian parents mail GDPR")),
    )
    traces_kept_days: int = Field(
        default=90,
        ge=7,
        le=1096,
        title=N_("Traces of phones are deleted after"),
        description=N_(
            "Which browser checked whom in, from which address, and notes to the teacher about it. Attendance "
            "itself stays. Raising it leaves longer to look into a doubt."
        ),
        json_schema_extra=about(Subject.PRIVACY, unit=N_("days"), also=N_("retention delete GDPR log")),
    )

    events_kept_days: int = Field(
        default=0,
        ge=0,
        le=1096,
        title=N_("Pictures held up are forgotten after"),
        description=N_(
            "When a picture was held up instead of a face in which class; no picture and no name. 0: kept with the class."
        ),
        json_schema_extra=about(
            Subject.PRIVACY, unit=N_("days"), advanced=True, also=N_("retention delete GDPR attack")
        ),
    )
    failures_kept_days: int = Field(
        default=0,
        ge=0,
        le=1096,
        title=N_("Wrong sign-ins are forgotten after"),
        description=N_(
            "Counts of wrong PINs and passwords of an account to which none was added since. 0: until the next right one."
        ),
        json_schema_extra=about(
            Subject.PRIVACY, unit=N_("days"), advanced=True, also=N_("retention delete GDPR password")
        ),
    )
    exports_kept_days: int = Field(
        default=0,
        ge=0,
        le=1096,
        title=N_("Exports are due to be deleted after"),
        description=N_(
            "Files that were exported lie outside of the kiosk, which cannot see or delete them: What is kept counts the entries "
            "of the log about them that are older than this. 0: never."
        ),
        json_schema_extra=about(
            Subject.PRIVACY, unit=N_("days"), advanced=True, also=N_("retention delete GDPR Excel")
        ),
    )
    messages_kept_days: int = Field(
        default=366,
        ge=0,
        le=1096,
        title=N_("Sent e-mails are forgotten after"),
        description=N_(
            "Text, address and day of warnings to students and guardians; never before nobody may be written to again. Raising it "
            "leaves longer to show that somebody was warned. 0: kept with the student."
        ),
        json_schema_extra=about(
            Subject.PRIVACY, unit=N_("days"), advanced=True, also=N_("retention delete GDPR messages mail")
        ),
    )
    left_overs_kept_days: int = Field(
        default=30,
        ge=1,
        le=1096,
        title=N_("Left-overs are deleted after"),
        description=N_(
            "The database that a restore replaced, and half-written files. Raising it leaves longer to look into the "
            "former database. Old keys are never deleted by the kiosk."
        ),
        json_schema_extra=about(
            Subject.PRIVACY, unit=N_("days"), advanced=True, also=N_("retention delete GDPR")
        ),
    )
