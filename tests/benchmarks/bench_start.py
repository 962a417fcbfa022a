"""From process start to sign-in, and from Start to the live picture and to recognising, each in a fresh process."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 3

TO_SIGN_IN = """
import sys, time
from kiosk import cli
from kiosk.gui.window import MainWindow

show = MainWindow.show_window

def timed(window):
    show(window)
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    QApplication.processEvents()
    print(time.time() - float(began), flush=True)
    QTimer.singleShot(0, window.close_now)

MainWindow.show_window = timed
began = sys.argv[2]
sys.argv = ["kiosk", "--data-dir", sys.argv[1], "run", "--windowed"]
cli.main()
"""

TO_RECOGNISING = """
import json, sys, threading, time
from pathlib import Path
from kiosk import bootstrap
from kiosk.demo.cast import render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.pool import pool
from kiosk.demo.script import plan_class
from kiosk.domain.trust.rights import Actor
from kiosk.services.events import RecognitionReady

if __name__ == "__main__":
    plan = plan_class(1, 2, 0, pool())
    camera = ClassroomCamera(walks=plan.walks, cast=render_cast(plan.cast, workers=1), realtime=True)
    ready = threading.Event()
    kiosk = bootstrap.build(
        Path(sys.argv[1]),
        models_dir=Path(sys.argv[1]) / "models",
        source=camera,
    )
    kiosk.events.subscribe(RecognitionReady, lambda _event: ready.set())
    kiosk.start()
    course = kiosk.app.core.store.write(lambda r: r.courses.by_code("B") or r.courses.add(code="B", title="B"))
    began = time.monotonic()
    kiosk.app.runtime.start_class(course.course_id, actor=Actor.system("benchmark"))
    while kiosk.app.runtime.preview.frame() is None:
        time.sleep(0.002)
    preview = time.monotonic() - began
    ready.wait(30)
    print(json.dumps({"preview": preview, "recognising": time.monotonic() - began}), flush=True)
    kiosk.app.runtime.end_class(actor=Actor.system("benchmark"))
    kiosk.stop()
"""


def run(code: str, data_dir: Path) -> str:
    script = data_dir.with_suffix(".py")
    script.write_text(code, encoding="utf-8")
    root = Path(__file__).parents[2]
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(root),
        "KIOSK_MODELS_DIR": str(data_dir / "models"),
    }
    done = subprocess.run(
        # The system remembers when a process began to the second only, so it is told.
        [sys.executable, str(script), str(data_dir), str(time.time())],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()[-1]


def test_sign_in_stands_within_one_and_a_half_seconds(tmp_path: Path) -> None:
    seconds = [float(run(TO_SIGN_IN, tmp_path / "data")) for _ in range(ROUNDS + 1)]
    print(f"\nprocess start to first start {seconds[0]:.2f} s; to the window later {min(seconds[1:]):.2f} s")
    assert min(seconds[1:]) <= 1.5


def test_recognition_stands_within_four_seconds_of_start(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    found = [json.loads(run(TO_RECOGNISING, tmp_path / "data")) for _ in range(ROUNDS)]
    best = min(found, key=lambda one: float(one["recognising"]))
    print(
        f"\nfrom Start with nothing loaded ahead: live picture {best['preview']:.2f} s, "
        f"recognising {best['recognising']:.2f} s; with the model made first {found[0]['recognising']:.2f} s"
    )
    assert best["preview"] <= 2.0
    assert best["recognising"] <= 4.0
