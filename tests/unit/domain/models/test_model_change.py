import pytest

from kiosk.domain.models.model_change import model_for


@pytest.mark.parametrize(
    ("missing", "model"),
    [
        ({"new": 0, "old": 0}, "new"),
        ({"new": 0, "old": 12}, "new"),
        ({"new": 1, "old": 0}, "old"),
        ({"new": 40, "old": 3, "older": 9}, "old"),
        ({"new": 40, "old": 40}, "new"),
        ({"new": 5}, "new"),
        ({}, "new"),
    ],
)
def test_the_chosen_model_is_used_once_no_other_knows_more_of_the_roster(
    missing: dict[str, int], model: str
) -> None:
    assert model_for("new", missing) == model
