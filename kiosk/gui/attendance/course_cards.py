"""Courses as cards: a large one for what is likely now, small ones for the rest. Main thread."""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.gui.attendance.facts import CourseLine
from kiosk.gui.attendance.liveness_box import LivenessBox
from kiosk.gui.attendance.policy_box import PolicyBox
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.courses.todays_courses import CourseToday
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import liveness_words, policy_words
from kiosk.wording.dates import clock_time, day_and_time

CHOICE_PX: Final = 300
FACE_ALONE: Final = N_(
    "A face must not be the only way: whoever has no face on record, or cannot stand at the camera, needs you. Choose “Face or phone”."
)


class CourseCard(Card):
    """A course and one button that starts it, or goes on with it; beside Start, what it demands and how faces are checked.

    Signals:
        start_requested: Course id, `LivenessMode` and `ProofPolicy`.
        liveness_chosen: Course id and `LivenessMode`, when a person chose.
        policy_chosen: Course id and `ProofPolicy`, when a person chose.
        resume_requested: Session id.
        take_over_requested: The `CourseToday` whose class is open in another room.
    """

    start_requested = Signal(int, object, object)
    liveness_chosen = Signal(int, object)
    policy_chosen = Signal(int, object)
    resume_requested = Signal(int)
    take_over_requested = Signal(object)

    def __init__(
        self, theme: Theme, line: CourseLine, zone: ZoneInfo, *, large: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent, padding=4 if large else 2.5)
        self._theme = theme
        self._line = line
        course = line.today.course
        self.button = self._make_button(zone, large=large)
        is_new = line.today.open_session is None
        self.policy = self._make_policy_choice() if is_new else None
        self.liveness = self._make_choice() if is_new else None
        self.warning = Text(_(FACE_ALONE), TextStyle.CAPTION, Tone.LATE, wrap=True)
        self._warn(line.policy if is_new else None)
        choices = [box for box in (self.policy, self.liveness) if box is not None]
        self.setAccessibleName(course.label)
        for part in (self.button, *choices):  # Tab goes from Start to the choices, wherever they stand
            part.setParent(self)
        texts = QVBoxLayout()
        texts.setSpacing(theme.space(0.75))
        if line.today.is_elsewhere:
            texts.addWidget(Text(_("Open in another room"), TextStyle.STRONG, Tone.MUTED))
        elif line.today.open_session is not None:
            texts.addWidget(Text(_("Still open"), TextStyle.STRONG, Tone.PRESENT))
        elif large:
            texts.addWidget(Text(_why_first(line.today), TextStyle.STRONG, Tone.ACCENT))
        name = course.label
        texts.addWidget(Text(name, TextStyle.DISPLAY if large else TextStyle.HEADING, wrap=True))
        for words in self._facts(zone, large=large):
            style = TextStyle.BODY if large else TextStyle.CAPTION
            texts.addWidget(Text(words, style, Tone.MUTED, wrap=True))
        if large:
            row = horizontal((texts, 1), spacing=theme.space(4))
            # Beside Start, not below it: a low screen has to show the other courses, too.
            beside = vertical(1, spacing=theme.space(1.5))
            for box in choices:
                box.setMinimumWidth(theme.px(CHOICE_PX))
                beside.addWidget(box)
            self.warning.setMaximumWidth(theme.px(CHOICE_PX))
            beside.addWidget(self.warning)
            beside.addStretch(1)
            row.addLayout(beside)
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
            self.body.addLayout(row)
        else:
            self.body.addLayout(texts)
            self.body.addStretch(1)
            for box in choices:
                self.body.addWidget(box)
            self.body.addWidget(self.warning)
            self.body.addWidget(self.button)

    def _facts(self, zone: ZoneInfo, *, large: bool) -> list[str]:
        today = self._line.today
        people = ngettext(
            "{students} student", "{students} students", today.students, students=today.students
        )
        first = [today.course.room, people]
        if today.open_session is not None:
            first.append(_("proof: {word}", word=policy_words(today.open_session.policy).word))
            first.append(liveness_words(today.open_session.liveness).word)
        last = day_and_time(today.last_started_at, zone) if today.last_started_at else ""
        if not large:
            met = _("Last met on {last}", last=last) if last else _("Never met")
            return [" · ".join(part for part in first if part), met]
        faces = self._line.faces
        second = [
            ngettext("{faces} with faces enrolled", "{faces} with faces enrolled", faces, faces=faces)
            if faces
            else _("no faces enrolled"),
            _("last met on {last}", last=last) if last else _("never met"),
        ]
        return [" · ".join(part for part in (*first, *second) if part)]

    def _make_choice(self) -> LivenessBox:
        course = self._line.today.course
        box = LivenessBox(self._line.liveness, missing=self._line.missing, course=course.label)
        box.chosen.connect(lambda mode: self.liveness_chosen.emit(course.course_id, mode))
        return box

    def _make_policy_choice(self) -> PolicyBox:
        course = self._line.today.course
        box = PolicyBox(self._line.policy, course=course.label)
        box.chosen.connect(self._warn)
        box.chosen.connect(lambda policy: self.policy_chosen.emit(course.course_id, policy))
        return box

    def _warn(self, policy: ProofPolicy | None) -> None:
        """Say it where a face is the only way in, whichever way that was chosen."""
        self.warning.setVisible(policy is ProofPolicy.FACE)

    def _make_button(self, zone: ZoneInfo, *, large: bool) -> QPushButton:
        session, is_elsewhere = self._line.today.open_session, self._line.today.is_elsewhere
        if is_elsewhere:
            words = _("Take over…")
        elif session is not None:
            when = clock_time(session.started_at, zone)
            words = (
                _("Go on with session\n(started {when})", when=when)
                if large
                else _("Go on (started {when})", when=when)
            )
        else:
            words = _("Start")
        is_next = (large or session is not None) and not is_elsewhere
        button = PrimaryButton(words) if is_next else SecondaryButton(words)
        button.setAutoDefault(True)
        course = self._line.today.course
        button.setAccessibleName(f"{words.replace(chr(10), ' ')}: {course.label}")
        if large:
            px = self._theme.px
            button.setStyleSheet(f"QPushButton {{ font-size: {px(26)}px; min-height: {px(84)}px; }}")
            button.setMinimumWidth(px(340))
        button.clicked.connect(lambda _checked=False: self._press(session))
        return button

    def _press(self, session: ClassSession | None) -> None:
        if self._line.today.is_elsewhere:
            self.take_over_requested.emit(self._line.today)
        elif session is not None:
            self.resume_requested.emit(session.session_id)
        else:
            mode = self.liveness.mode if self.liveness is not None else self._line.liveness
            policy = self.policy.policy if self.policy is not None else self._line.policy
            self.start_requested.emit(self._line.today.course.course_id, mode, policy)


def _why_first(today: CourseToday) -> str:
    if today.is_planned:
        return _("In the timetable now")
    return _("Likely now") if today.likely else _("Chosen")
