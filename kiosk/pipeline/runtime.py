"""Starts and stops everything: store, web, and for each class camera and vision.

They end in the order of the way that data flows: web stops accepting, camera joins, vision joins, the store drains. Each
has a time to end; on a miss the thread's name and stack are logged and reported.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Final

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import Frame
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, KioskError, StorageError
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.web_supervisor import WebSupervisor
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    OnEvent,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
    WorkerFailed,
)
from kiosk.services.faces.recognition.analysis import FrameAnalysis, Preview
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.services.ports.web import WebServer
from kiosk.storage.store_worker import StoreWorker

JOIN_S: Final = 5.0
TICK_S: Final = 4.0
"""Another address of the PC is shown within five seconds: this, and the second in which Today looks."""

log = logging.getLogger(__name__)

BuildRun = Callable[[ClassSession], ClassRun]
"""Makes the camera and vision of a session, not started yet."""

LoadRecognition = Callable[[ClassSession], Recognition]


class Runtime:
    """`KioskRuntime`: the threads of one kiosk."""

    def __init__(
        self,
        *,
        store: StoreWorker,
        sessions: Sessions,
        live: RunningClass,
        build_web: Callable[[], WebServer] | None,
        build_run: BuildRun,
        load_recognition: LoadRecognition,
        model_name: Callable[[int], str],
        warm_up: Callable[[], None] | None,
        on_event: OnEvent,
        tidy: Callable[[], None] | None = None,
        check_liveness: Callable[[LivenessMode], None] = lambda _mode: None,
        background_after_s: float = 0.0,
        stop_background: Callable[[], None] = lambda: None,
        tick_s: float = TICK_S,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._live = live
        self._web = WebSupervisor(build=build_web, live=live, on_event=on_event) if build_web else None
        self._build_run = build_run
        self._load_recognition = load_recognition
        self._model_name = model_name
        self._warm_up = warm_up
        self._check_liveness = check_liveness
        self._on_event = on_event
        self._tidy = tidy
        self._background_after_s = background_after_s
        self._stop_background = stop_background
        self._tick_s = tick_s
        self._lock = threading.RLock()
        self._turn = threading.Lock()
        """A class is opened, or ended, wholly before the next one is."""
        self._run: ClassRun | None = None
        self._closing: threading.Thread | None = None
        self._stopping = threading.Event()
        self._stopped: tuple[str, ...] | None = None
        self._housekeeper = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)

    # -- starting ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the store and end forgotten sessions; web part and models follow in the background.

        A web part or a model that fails is an event.
        """
        self._store.start()
        self._sessions.end_forgotten()
        self._housekeeper.start()

    # -- the class -----------------------------------------------------------------------------------------------

    @property
    def preview(self) -> Preview:
        """What the window polls."""
        return self

    def frame(self) -> Frame | None:
        """The newest frame of the class that is open."""
        run = self._run
        return run.frame() if run else None

    def analysis(self) -> FrameAnalysis | None:
        """The newest analysis of the class that is open."""
        run = self._run
        return run.analysis() if run else None

    @property
    def run(self) -> ClassRun | None:
        """The class at work; None between classes."""
        return self._run

    def start_class(
        self,
        course_id: int,
        *,
        actor: Actor,
        liveness: LivenessMode = LivenessMode.OFF,
        policy: ProofPolicy = ProofPolicy.EITHER,
    ) -> ClassSession:
        """Open a session in the store, then start camera and vision for it, on the caller's thread.

        Raises:
            ConflictError: A class is open at this kiosk, or the course has a session that is still open.
            KioskError: There is no such course, the liveness check cannot be made, or the store cannot write.
        """
        with self._turn:
            self._refuse_second()
            self._check_liveness(liveness)
            session = self._sessions.start(
                course_id, actor=actor, model=self._model_name(course_id), policy=policy, liveness=liveness
            )
            return self._open(session)

    def resume_class(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Go on with an open session, on the caller's thread.

        Raises:
            ConflictError: A class is open at this kiosk, or that session has ended.
            NotFoundError: No such session.
        """
        self._sessions.require_holder(actor)
        with self._turn:
            self._refuse_second()
            session = self._sessions.session(session_id)
            if not session.is_open:
                raise ConflictError("That class session has ended.", "Start a new one.")
            return self._open(session)

    def _refuse_second(self) -> None:
        if self._live.current is not None:
            raise ConflictError("A class is already open at this kiosk.", "End it first.")

    def _open(self, session: ClassSession) -> ClassSession:
        course = self._sessions.course_of(session)
        if self._closing is not None:
            self._closing.join(JOIN_S)  # the last class may still be letting go of the camera
        with self._lock:
            if self._stopping.is_set() or self._run is not None:
                raise ConflictError("A class is already open at this kiosk, or the kiosk is closing.")
            self._live.show(session, course)
            self._on_event(self._started(session, course))
            try:
                self._run = self._build_run(session)
            except KioskError as error:
                # The code and the roster work without a camera.
                self._on_event(CameraStateChanged(CameraState.LOST, error.user_text, error.hint))
            else:
                self._run.start()
        return session

    def _started(self, session: ClassSession, course: Course) -> SessionStarted:
        return SessionStarted(session, course, len(self._sessions.roster(session.session_id)))

    def end_class(self, *, actor: Actor) -> SessionEnded:
        """End the session that is shown, then stop its threads in the background.

        Raises:
            ConflictError: No class is open.
            StorageError: The end could not be written: the class goes on, with new codes, and may be ended again.
        """
        self._sessions.require_holder(actor)
        with self._turn:
            live = self._live.current
            if live is None:
                raise ConflictError("No class is open at this kiosk.")
            self._live.clear()
            try:
                ended = self._sessions.end(live.session.session_id, actor=actor)
            except StorageError:
                self._live.show(live.session, live.course)
                raise
            self._closing = threading.Thread(target=self._close_run, name="closing", daemon=True)
            self._closing.start()
            return ended

    def reload_gallery(self) -> None:
        """Recognise with what is enrolled now."""
        live, run = self._live.current, self._run
        if live is not None and run is not None:
            run.replace(self._load_recognition(live.session))

    def restart_web(self) -> None:
        """Serve phones by the settings that are in force now; does nothing where phones are not served.

        Raises:
            KioskError: That does not work; phones are served as before.
        """
        if self._web is not None and not self._stopping.is_set():
            self._web.replace()

    # -- stopping ------------------------------------------------------------------------------------------------

    def stop(self) -> tuple[str, ...]:
        """Close everything, last started first; stopping twice does nothing more."""
        if self._stopped is not None:
            return self._stopped
        self._stopping.set()
        self._live.clear()
        self._stop_background()
        # The housekeeper first: it may be starting the web part this moment.
        stuck = [*self._stop_housekeeper(), *self._stop_web(), *self._stop_class()]
        stuck += _stuck("store", self._store.drain(JOIN_S))
        for name in stuck:
            _log_stack(name)
        self._stopped = tuple(stuck)
        self._on_event(RuntimeStopped(self._stopped))
        return self._stopped

    def _close_run(self) -> tuple[str, ...]:
        with self._lock:
            run, self._run = self._run, None
        return run.stop(JOIN_S) if run else ()

    def _stop_class(self) -> tuple[str, ...]:
        if self._closing is not None:
            self._closing.join(2 * JOIN_S)
        return self._close_run()

    # -- housekeeping --------------------------------------------------------------------------------------------

    def _keep_house(self) -> None:
        """Own thread: starts what may wait, then ends forgotten sessions and follows the PC's address."""
        if self._stopping.wait(self._background_after_s):
            return
        if self._web is not None:
            self._web.start()
        if self._warm_up is not None and not self._stopping.is_set():
            try:
                self._warm_up()
            except KioskError as error:
                self._on_event(WorkerFailed("vision", error.user_text, error.hint))
        while not self._stopping.wait(self._tick_s):
            try:
                self._housekeep()
            except Exception:
                log.exception("housekeeping met something unforeseen")
                self._on_event(
                    WorkerFailed("housekeeping", "A check in the background failed.", "See the log.")
                )

    def _housekeep(self) -> None:
        if self._tidy is not None:
            self._tidy()
        ended = self._sessions.end_forgotten()
        live = self._live.current
        if live is not None and live.session.session_id in ended:
            self._live.clear()
            self._close_run()
        if self._web is not None:
            self._web.tick()

    def _stop_housekeeper(self) -> tuple[str, ...]:
        if self._housekeeper.ident is not None:
            self._housekeeper.join(2 * JOIN_S)
        return _stuck("housekeeping", not self._housekeeper.is_alive())

    def _stop_web(self) -> tuple[str, ...]:
        return _stuck("web", self._web is None or self._web.stop(JOIN_S))


def _stuck(name: str, ended: bool) -> tuple[str, ...]:
    return () if ended else (name,)


def _log_stack(name: str) -> None:
    for thread in threading.enumerate():
        frame = sys._current_frames().get(thread.ident or 0)
        if thread.name == name and frame is not None:
            log.critical("thread %s did not end:\n%s", name, "".join(traceback.format_stack(frame)))
