from functools import partial

import pytest

from tests.world.command_line import Run
from tests.world.evaluate_command import Evaluate


@pytest.fixture
def evaluate(run: Run) -> Evaluate:
    """``kiosk evaluate`` with these arguments, over the models of the whole run."""
    return partial(run, "evaluate")
