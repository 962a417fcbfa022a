"""Starts and stops everything: store, web, and for each class camera and vision.

They end in the order of the way that data flows: web stops accepting, camera joins, vision joins, the store drains. Each
has a time to end; on a miss the thread's name and stack are logged and reported.
"""

import logging
import threading
from typing import Final, Protocol

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import Frame
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, DatabaseError, KioskError, StorageError
from kiosk.pipeline.class_run import ClassRun, RunBuilder
from kiosk.pipeline.frame_worker import stack_of
from kiosk.pipeline.web_supervisor import WebSupervisor
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    ConsentWithdrawn,
    Events,
    GalleryChanged,
    RecheckChanged,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
    WorkerFailed,
)
from kiosk.services.faces.recognition.analysis import FrameAnalysis, Preview
from kiosk.services.faces.recognition.recogniser import Recognition
from kiosk.storage.store_worker import StoreWorker
from kiosk.translation import _

JOIN_S: Final = 5.0
TICK_S: Final = 4.0
"""Another address of the PC is shown within five seconds: this, and the second in which Today looks."""

log = logging.getLogger(__name__)


class ClassBuilder(RunBuilder, Protocol):
    """Makes what a class is held with. Any thread."""

    def check(self, liveness: LivenessMode) -> None:
        """See whether a class can be checked in this way here; may read files.

        Raises:
            ModelError: A network that it needs is not installed, or damaged.
        """

    def model_name(self, course_id: int) -> str:
        """The model of a class that is about to begin; nothing is loaded."""

    def load(self, session: ClassSession) -> Recognition:
        """What an open session is recognised with now."""


class Background:
    """What the housekeeping thread does beside its own work: nothing, unless a subclass says so.

    Attributes:
        after_s: When it begins.
        tick_s: How often `tick` is called.
    """

    after_s: float = 0.0
    tick_s: float = TICK_S

    def warm_up(self) -> None:
        """Called once, when the web part was started, on a thread of its own.

        Raises:
            KioskError: Recognition will not work; said in an event.
        """

    def tick(self) -> None:
        """Called every few seconds."""

    def stop(self) -> None:
        """End what runs beside; called before anything else is stopped."""


class Runtime:
    """`KioskRuntime`: the threads of one kiosk."""

    def __init__(
        self,
        *,
        store: StoreWorker,
        sessions: Sessions,
        running: RunningClass,
        classes: ClassBuilder,
        events: Events,
        web: WebSupervisor | None = None,
        background: Background | None = None,
    ) -> None:
        """Start nothing yet; without `web` phones are not served."""
        self._store = store
        self._sessions = sessions
        self._running = running
        self._classes = classes
        self._events = events
        self._web = web
        self._background = background or Background()
        self._lock = threading.RLock()
        self._turn = threading.Lock()
        """A class is opened, or ended, wholly before the next one is."""
        self._run: ClassRun | None = None
        self._closing: threading.Thread | None = None
        self._stopping = threading.Event()
        self._stopped: tuple[str, ...] | None = None
        self._housekeeping = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)
        self._warming = threading.Thread(target=self._warm_up, name="warm-up", daemon=True)
        events.subscribe(ConsentWithdrawn, self._on_gallery_changed)
        events.subscribe(GalleryChanged, self._on_gallery_changed)
        events.subscribe(RecheckChanged, self._on_recheck)
        events.subscribe(SessionEnded, self._on_ended)

    # -- starting ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the store, whose first work is to end forgotten sessions; web part and models follow in the background.

        A web part or a model that fails is an event.
        """
        self._store.start()
        self._sessions.end_forgotten_later()
        self._housekeeping.start()

    # -- the class -----------------------------------------------------------------------------------------------

    @property
    def preview(self) -> Preview:
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
            self._classes.check(liveness)
            session = self._sessions.start(
                course_id,
                actor=actor,
                model=self._classes.model_name(course_id),
                policy=policy,
                liveness=liveness,
            )
            return self._open(session)

    def resume_class(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Go on with an open session, on the caller's thread.

        Raises:
            ConflictError: A class is open at this kiosk, or that session has ended.
            ForbiddenError: Somebody else began it, in a course that the actor does not teach.
            NotFoundError: No such session.
        """
        self._sessions.require_reached(session_id, actor)
        with self._turn:
            self._refuse_second()
            session = self._sessions.session(session_id)
            if not session.is_open:
                raise ConflictError(_("That class session has ended."), _("Start a new one."))
            return self._open(session)

    def _refuse_second(self) -> None:
        if self._running.current is not None:
            raise ConflictError(_("A class is already open at this kiosk."), _("End it first."))

    def _open(self, session: ClassSession) -> ClassSession:
        course = self._sessions.course_of(session)
        count = len(self._sessions.roster(session.session_id))
        if self._closing is not None:
            self._closing.join(JOIN_S)  # the last class may still be letting go of the camera
        with self._lock:
            if self._stopping.is_set() or self._run is not None:
                raise ConflictError(_("A class is already open at this kiosk, or the kiosk is closing."))
            self._running.show(session, course)
            try:
                self._events.emit(SessionStarted(session, course, count))
            except (
                StorageError
            ):  # who hears of it could not read; the session is gone on with when that works
                self._running.clear()
                raise
            try:
                self._run = self._classes.build(session)
            except KioskError as error:
                # The code and the roster work without a camera.
                self._events.emit(CameraStateChanged(CameraState.LOST, error.user_text, error.hint))
            else:
                self._run.start()
        return session

    def end_class(self, *, actor: Actor) -> SessionEnded:
        self._sessions.require_holder(actor)
        with self._turn:
            shown = self._running.current
            if shown is None:
                raise ConflictError(_("No class is open at this kiosk."))
            # Until that is written, camera and code go on: who comes meanwhile is judged by the store.
            return self._sessions.end(shown.session.session_id, actor=actor)

    def _on_ended(self, event: SessionEnded) -> None:
        """Let go of the class that ended, here or at another kiosk; on the thread that tells of it."""
        shown = self._running.current
        if shown is not None and shown.session.session_id == event.session_id:
            self._running.clear()
            self._closing = threading.Thread(target=self._close_run, name="closing", daemon=True)
            self._closing.start()

    def _on_gallery_changed(self, _event: ConsentWithdrawn | GalleryChanged) -> None:
        """A running class forgets a withdrawn face at once, and knows a new one from the next frame on."""
        shown, run = self._running.current, self._run
        if shown is not None and run is not None and run.recognises:
            run.replace(self._classes.load(shown.session))

    def _on_recheck(self, event: RecheckChanged) -> None:
        """Whoever sits in front of the camera has shown up, without going away and coming back."""
        run, recheck = self._run, event.recheck
        if run is not None and recheck.session_id == run.session.session_id and recheck.is_open:
            run.look_anew()

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
        self._running.clear()
        if self._store.trouble is not None:
            self._store.abandon()  # nobody waits for a database that does not answer
        self._background.stop()
        # The housekeeping first: it may be starting the web part this moment.
        stuck = [*self._stop_housekeeping()]
        stuck += _stuck("web", self._web is None or self._web.stop(JOIN_S))
        stuck += self._stop_class()
        if not self._store.drain(JOIN_S):
            stuck.append("store")
            self._store.abandon()
        for name in stuck:
            _log_stack(name)
        self._stopped = tuple(stuck)
        self._events.emit(RuntimeStopped(self._stopped))
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
        if self._stopping.wait(self._background.after_s):
            return
        if self._web is not None:
            self._web.start()
        if not self._stopping.is_set():
            self._warming.start()
        while not self._stopping.wait(self._background.tick_s):
            try:
                self._housekeep()
            except Exception:  # the top of a thread, which goes on
                log.exception("housekeeping met something unforeseen")
                self._events.emit(
                    WorkerFailed("housekeeping", _("A check in the background failed."), _("See the log."))
                )

    def _warm_up(self) -> None:
        """Own thread: a model that never comes keeps nobody from the rest."""
        try:
            self._background.warm_up()
        except KioskError as error:
            self._events.emit(WorkerFailed("vision", error.user_text, error.hint))
        except Exception:  # the top of a thread
            log.exception("models could not be loaded ahead")

    def _housekeep(self) -> None:
        try:
            self._background.tick()
            shown = self._running.current
            self._sessions.end_forgotten(shown=shown.session.session_id if shown is not None else None)
        except DatabaseError:  # said by the store; the next time may be better
            log.debug("housekeeping waits for the database", exc_info=True)
        finally:
            if self._web is not None:
                self._web.tick()

    def _stop_housekeeping(self) -> tuple[str, ...]:
        stuck: list[str] = []
        for thread in (self._housekeeping, self._warming):
            if thread.ident is not None:
                thread.join(2 * JOIN_S)
            stuck += _stuck(thread.name, not thread.is_alive())
        return tuple(stuck)


def _stuck(name: str, ended: bool) -> tuple[str, ...]:
    return () if ended else (name,)


def _log_stack(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name == name:
            log.critical("thread %s did not end:\n%s", name, stack_of(thread))
