"""What is measured waits for the disk as the program does."""

import pytest


@pytest.fixture(autouse=True)
def _not_forced_to_disk() -> None:
    """Replaces what spares the tests that waiting."""
