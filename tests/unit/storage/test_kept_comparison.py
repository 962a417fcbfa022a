from pathlib import Path

import pytest

from kiosk.errors import StorageError
from kiosk.storage.kept_comparison import COMPARISON_FILE, load_comparison, save_comparison
from tests.fakes.models.comparisons import pair_is_better


def test_a_measurement_is_read_as_it_was_kept(tmp_path: Path) -> None:
    assert load_comparison(tmp_path) is None
    save_comparison(tmp_path, pair_is_better())
    assert load_comparison(tmp_path) == pair_is_better()


@pytest.mark.logs_warnings
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"people": -1}'])
def test_a_file_that_says_nothing_counts_as_not_measured(tmp_path: Path, content: bytes) -> None:
    (tmp_path / COMPARISON_FILE).write_bytes(content)
    assert load_comparison(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be kept"):
        save_comparison(tmp_path / "gone", pair_is_better())
