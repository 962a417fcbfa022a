"""Stand-ins for the process that converts: what it may come to, without TensorFlow. Each runs in a spawned process."""

import os
import shutil
import signal
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from kiosk.vision.models.conversion_process import Finished, Job, Refused, Step

GRAPH = b"not a network, only bytes"


def converts(job: Job, answers: Connection) -> None:
    answers.send(Step(0.5))
    job.graph.write_bytes(GRAPH)
    answers.send(Finished(0.99999, "nothing"))


def is_killed(job: Job, answers: Connection) -> None:
    """As the system does when memory runs out."""
    answers.send(Step(0.5))
    job.graph.write_bytes(GRAPH[:5])
    if sys.platform == "win32":
        os._exit(1)
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(job: Job, answers: Connection) -> None:
    answers.send(Refused("The weights are of another network.", "Take the right ones."))


def never_ends(job: Job, answers: Connection) -> None:
    answers.send(Step(0.1))
    threading.Event().wait()


def copies_graph(job: Job, answers: Connection, *, graph: Path, cosine: float) -> None:
    """Hand in what was converted and compared before."""
    shutil.copyfile(graph, job.graph)
    answers.send(Finished(cosine, "TensorFlow, before"))
