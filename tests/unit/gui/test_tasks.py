import threading
from functools import partial
from types import FunctionType

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from kiosk.errors import KioskError, NotFoundError
from kiosk.gui.tasks import MAX_THREADS, Tasks
from tests.world.gui_kiosk import GuiKiosk


class Answers:
    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[KioskError] = []
        self.on_main: set[bool] = set()

    def then(self, result: object) -> None:
        self.results.append(result)
        self.on_main.add(QThread.isMainThread())

    def failed(self, error: KioskError) -> None:
        self.errors.append(error)
        self.on_main.add(QThread.isMainThread())


def test_work_runs_elsewhere_and_its_result_comes_back_to_the_main_thread(qtbot: QtBot) -> None:
    owner, answers = QObject(), Answers()
    Tasks(owner).run(QThread.isMainThread, then=answers.then, failed=answers.failed)
    qtbot.waitUntil(lambda: answers.results == [False])
    assert answers.on_main == {True}


def test_expected_failure_arrives_as_it_is(qtbot: QtBot) -> None:
    def work() -> None:
        raise NotFoundError("No such course.", "Choose another.")

    owner, answers = QObject(), Answers()
    Tasks(owner).run(work, then=answers.then, failed=answers.failed)
    qtbot.waitUntil(lambda: len(answers.errors) == 1)
    assert str(answers.errors[0]) == "No such course. Choose another."
    assert answers.on_main == {True}


def test_unforeseen_failure_is_logged_and_said_in_one_sentence(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> None:
        raise ZeroDivisionError("secret detail")

    owner, answers = QObject(), Answers()
    Tasks(owner).run(work, then=answers.then, failed=answers.failed)
    qtbot.waitUntil(lambda: len(answers.errors) == 1)
    assert "secret" not in str(answers.errors[0])
    assert any(record.exc_info for record in caplog.records)
    caplog.clear()


def test_nothing_is_called_once_the_owner_is_gone(qtbot: QtBot) -> None:
    gate = threading.Event()
    owner, answers = QObject(), Answers()
    tasks = Tasks(owner)
    future = tasks.run(gate.wait, then=answers.then, failed=answers.failed)
    owner.deleteLater()
    with qtbot.waitSignal(owner.destroyed):
        pass
    gate.set()
    assert future.result(60)
    qtbot.wait(30)
    assert answers.results == []


def test_many_tasks_share_few_threads_and_all_are_done(qtbot: QtBot) -> None:
    threads: set[int] = set()
    gate = threading.Event()

    def work() -> None:
        gate.wait(60)
        threads.add(threading.get_ident())

    owner, answers = QObject(), Answers()
    tasks = Tasks(owner)
    for _ in range(20):
        tasks.run(work, then=answers.then, failed=answers.failed)
    gate.set()
    qtbot.waitUntil(lambda: len(answers.results) == 20)
    assert 1 <= len(threads) <= 2


def test_cancelled_future_calls_nothing(qtbot: QtBot) -> None:
    gate = threading.Event()
    owner, answers, busy = QObject(), Answers(), Answers()
    tasks = Tasks(owner)
    for _ in range(MAX_THREADS):
        tasks.run(gate.wait, then=busy.then, failed=busy.failed)
    future = tasks.run(gate.wait, then=answers.then, failed=answers.failed)
    assert future.cancel()
    gate.set()
    qtbot.waitUntil(lambda: len(busy.results) == MAX_THREADS)
    assert (answers.results, answers.errors) == ([], [])


def test_the_window_may_write_in_a_task_and_not_on_the_main_thread(qtbot: QtBot, kiosk: GuiKiosk) -> None:
    def press() -> str:
        return kiosk.app.core.store.write(lambda repositories: "written")

    of_window = FunctionType(press.__code__, {"__name__": "kiosk.gui.button"}, closure=press.__closure__)

    owner, answers = QObject(), Answers()
    Tasks(owner).run(of_window, then=answers.then, failed=answers.failed)
    qtbot.waitUntil(lambda: answers.results == ["written"])
    with pytest.raises(AssertionError, match="main thread"):
        of_window()
    assert press() == "written", "a test may"


def test_one_thread_keeps_the_order_so_that_the_last_write_counts(qtbot: QtBot) -> None:
    owner, answers, done = QObject(), Answers(), list[int]()
    gate = threading.Event()
    tasks = Tasks(owner, threads=1)
    tasks.run(gate.wait, then=answers.then, failed=answers.failed)
    for number in (1, 2, 3):
        tasks.run(partial(done.append, number), then=answers.then, failed=answers.failed)
    gate.set()
    qtbot.waitUntil(lambda: len(answers.results) == 4)
    assert done == [1, 2, 3]
