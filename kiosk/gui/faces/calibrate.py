"""Calibrating recognition: what is in use and why, a measurement of one course, and what to do about it. Main thread;
models, measuring and drawing run in tasks.

Nothing changes before the admin presses a button that says so, and that can be undone.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.calibration import Verdict
from kiosk.domain.faces.recognition import ModelInfo, Thresholds
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.faces.forecast import ForecastTable
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import CourseBox
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import FaceCases
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.faces.calibration import RecognitionInUse
from kiosk.services.faces.galleries import RosterMeasurement
from kiosk.services.faces.rate_words import EARLIER, roster_words, verdict_words
from kiosk.translation import N_, _, ngettext
from kiosk.wording.dates import day_and_time

WIDTH_PX: Final = 1040
DRAWN_PX: Final = (960, 350)
"""Size of the picture at a scale of 1."""
CHART: Final = 0.7
"""Share of that size it is shown at, so that the whole dialog fits the screen."""
SHOWN_PAIRS: Final = 2
"""More pairs than this are counted instead of named, so that the dialog fits the screen."""

EMPTY = N_(
    "Choose a course and measure it: its enrolled pictures are compared with each other, which changes nothing."
)
CHANGING: Final = N_("Changing the thresholds…")


@dataclass(frozen=True, slots=True)
class _Opened:
    in_use: RecognitionInUse
    courses: list[Course]


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    found: RosterMeasurement
    picture: bytes


class CalibrateDialog(WorkDialog):
    """Shows, measures, and changes the thresholds only when told to."""

    def __init__(
        self,
        core: Core,
        faces: FaceCases,
        courses: ClassLists,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Calibrate recognition"), parent, width=WIDTH_PX)
        self._core = core
        self._faces = faces
        self._courses = courses
        self._actor = actor
        self._in_use: RecognitionInUse | None = None
        self._before: RecognitionInUse | None = None
        self._measured: _Measured | None = None
        self.used = Text(style=TextStyle.STRONG, wrap=True)
        self.why = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.course = CourseBox()
        self.measure_button = SecondaryButton(_("Measure"))
        self.chart = QLabel()
        self.strangers = Text(_(EMPTY), style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.own = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.forecast = ForecastTable(theme)
        self.verdict = Text(style=TextStyle.STRONG, wrap=True)
        self.fits = Text(wrap=True)
        self.pairs = Text(tone=Tone.LATE, wrap=True)
        self.undo_button = self.add_button(SecondaryButton(_("Undo")), self._undo)
        self.back_button = self.add_button(SecondaryButton(_("Back to the model’s own")), self._back)
        self.use_button = self.add_button(PrimaryButton(_("Use these thresholds")), self._use)
        self._lay_out()
        self._allow()
        theme.changed.connect(self._redraw)
        self.measure_button.clicked.connect(self._measure)
        self.course.currentIndexChanged.connect(self._forget)
        # Not `start`: loading the models may take seconds, and whoever opened this by mistake may close it at once.
        self.progress.begin(_("Looking up what is in use…"))
        self.tasks.run(self._open, then=self._fill, failed=self._not_opened)

    def _lay_out(self) -> None:
        space = self.theme.space
        head = vertical(self.used, self.why, spacing=space(0.5))
        self.form.addLayout(head)
        row = horizontal(
            (Field(self.theme, _("Course"), self.course), 1),
            (self.measure_button, 0, Qt.AlignmentFlag.AlignBottom),
            spacing=space(2),
        )
        self.form.addLayout(row)
        self.chart.setFixedSize(QSize(*(self.theme.px(CHART * side) for side in DRAWN_PX)))
        self.form.addWidget(self.chart, 0, Qt.AlignmentFlag.AlignHCenter)
        self.form.addLayout(vertical(self.verdict, self.fits, spacing=space(0.5)))
        self.form.addWidget(self.forecast)
        for words in (self.pairs, self.strangers, self.own):
            self.form.addWidget(words)
        self._hide_measured()

    def _hide_measured(self) -> None:
        for part in (self.chart, self.own, self.pairs, self.fits, self.verdict, self.forecast):
            part.hide()

    # -- what is in use ------------------------------------------------------------------------------------------

    def _open(self) -> _Opened:
        return _Opened(self._faces.calibrating.in_use(), self._courses.courses())

    def _not_opened(self, error: KioskError) -> None:
        self.progress.hide()
        self.banner.show_error(error)

    def _fill(self, opened: _Opened) -> None:
        self.progress.hide()
        self.course.fill(opened.courses)
        self._show_in_use(opened.in_use)
        (self.measure_button if opened.courses else self.close_button).setFocus()

    def _show_in_use(self, now: RecognitionInUse) -> None:
        self._in_use = now
        since = now.in_use.since
        self.used.setText(
            _("In use: {name}, {thresholds}", name=now.model.name, thresholds=_words(now.in_use.thresholds))
        )
        self.why.set_tone(Tone.LATE if now.in_use.are_of_earlier_version else Tone.MUTED)
        if now.in_use.are_models_own:
            self.why.setText(_own_words(now.model))
        elif now.in_use.are_of_earlier_version:
            self.why.setText(_(EARLIER))
        else:
            origin = now.in_use.origin
            origin = f"{origin[:1].upper()}{origin[1:]}"
            self.why.setText(
                _(
                    "{origin}, since {since}, for every course.",
                    origin=origin,
                    since=day_and_time(since, self._core.zone),
                )
                if since
                else _("{origin}, for every course.", origin=origin)
            )
        self._allow()

    def _allow(self) -> None:
        """Offer only what would change something."""
        now, measured = self._in_use, self._measured
        self.measure_button.setEnabled(now is not None and self.course.course() is not None)
        self.back_button.setEnabled(now is not None and not now.in_use.are_models_own)
        self.use_button.setEnabled(
            now is not None and measured is not None and self._fits_better(now, measured)
        )
        self.undo_button.setVisible(self._before is not None)

    @staticmethod
    def _fits_better(now: RecognitionInUse, measured: _Measured) -> bool:
        found = measured.found.measured
        in_use = now.in_use.for_roster(found.people).thresholds
        return found.calibration.verdict is Verdict.STRICTER and not found.thresholds.is_stored_as(in_use)

    # -- measuring -----------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        course = self.course.course()
        if course is None:
            return
        dark, scale = self._look()

        def work() -> _Measured:
            found = self._faces.calibrating.measure(course.course_id, actor=self._actor)
            return _Measured(found, self._faces.calibrating.chart(found, dark=dark, scale=scale))

        self.start(work, words=_("Comparing the pictures of {label}…", label=course.label), then=self._show)

    def _show(self, measured: _Measured) -> None:
        self._measured = measured
        found = measured.found
        strangers, own = roster_words(found.measured)
        self.strangers.setText(strangers)
        self.own.setText(own)
        self.verdict.setText(verdict_words(found.measured))
        self.forecast.fill(found)
        pairs = [
            _("{full_name} and {other_full_name}", full_name=one.full_name, other_full_name=other.full_name)
            for one, other in found.confusable
        ]
        shown, more = "; ".join(pairs[:SHOWN_PAIRS]), len(pairs) - SHOWN_PAIRS
        self.pairs.setText(
            ngettext(
                "Too close for the face alone: {shown}, and {more} more pair.",
                "Too close for the face alone: {shown}, and {more} more pairs.",
                more,
                shown=shown,
                more=more,
            )
            if more > 0
            else _("Too close for the face alone: {shown}.", shown=shown)
        )
        self.fits.setText(_fitting_words(found))
        self._show_picture(measured.picture)
        self.chart.setVisible(len(found.measured.searches) > 0)
        self.pairs.setVisible(bool(pairs))
        for words in (self.own, self.fits, self.verdict):
            words.show()
        self._allow()
        (self.use_button if self.use_button.isEnabled() else self.close_button).setFocus()
        QTimer.singleShot(0, self, self.centre)  # when the layout has found its new size

    def _forget(self) -> None:
        """The measurement is of another course."""
        self._measured = None
        self.strangers.setText(_(EMPTY))
        self._hide_measured()
        self._allow()

    def _look(self) -> tuple[bool, float]:
        return self.theme.is_dark, CHART * self.theme.scale * self.devicePixelRatioF()

    def _redraw(self) -> None:
        measured = self._measured
        if measured is None:
            return
        dark, scale = self._look()
        self.tasks.run(
            partial(self._faces.calibrating.chart, measured.found, dark=dark, scale=scale),
            then=self._show_picture,
            failed=self.banner.show_error,
        )

    def _show_picture(self, picture: bytes) -> None:
        pixels = QPixmap()
        pixels.loadFromData(picture, "PNG")
        pixels.setDevicePixelRatio(self.devicePixelRatioF())
        self.chart.setPixmap(pixels)
        measured = self._measured
        if measured is not None:
            limits = measured.found.measured.thresholds
            self.chart.setAccessibleName(
                _(
                    "Distances within and between people, with accept at {accept:.3f} and reject at {reject:.3f}",
                    accept=limits.accept,
                    reject=limits.reject,
                )
            )

    # -- changing ------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        measured = self._measured
        if measured is not None:
            work = partial(self._faces.calibrating.use, measured.found, actor=self._actor)
            then = partial(self._changed, self._in_use, _("These thresholds are in use from now on."))
            self.start(work, words=_(CHANGING), then=then)

    def _back(self) -> None:
        now = self._in_use
        if now is not None:
            work = partial(self._faces.calibrating.use_models_own, now.model, actor=self._actor)
            then = partial(self._changed, now, _("The model’s own thresholds are in use again."))
            self.start(work, words=_(CHANGING), then=then)

    def _undo(self) -> None:
        before = self._before
        if before is not None:
            work = partial(self._faces.calibrating.put_back, before, actor=self._actor)
            then = partial(self._changed, None, _("The former thresholds are in use again."))
            self.start(work, words=_(CHANGING), then=then)

    def _changed(self, before: RecognitionInUse | None, said: str, now: RecognitionInUse) -> None:
        self._before = before
        self._show_in_use(now)
        self.banner.say(said, _("A class that is open uses them at once."), Tone.PRESENT)
        (self.undo_button if before is not None else self.close_button).setFocus()


def _words(limits: Thresholds) -> str:
    return _(
        "accept {accept:.3f}, reject {reject:.3f}, margin {margin:.3f}.",
        accept=limits.accept,
        reject=limits.reject,
        margin=limits.margin,
    )


def _own_words(model: ModelInfo) -> str:
    if not model.by_size:
        return _("These are the model’s own thresholds: nobody has calibrated yet.")
    sizes = [
        _("{accept:.3f} for {people}", accept=one.thresholds.accept, people=one.people)
        for one in model.by_size
    ]
    return _(
        "These are the model’s own thresholds: nobody has calibrated yet. They follow the number of enrolled people: accept {sizes}.",
        sizes=", ".join(sizes),
    )


def _fitting_words(found: RosterMeasurement) -> str:
    measured, limits = found.measured, _words(found.measured.thresholds)
    if measured.calibration.verdict is Verdict.STRICTER:
        return _("These fit: {thresholds}", thresholds=limits)
    return ngettext(
        "The model’s own for {n} person: {thresholds}",
        "The model’s own for {n} people: {thresholds}",
        measured.people,
        n=measured.people,
        thresholds=limits,
    )
