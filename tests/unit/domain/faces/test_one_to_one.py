"""1:1 thresholds, by what a model's spread says of other people's faces."""

from dataclasses import replace

import pytest

from kiosk.domain.faces.one_to_one import FMR, verification_distance, verify
from kiosk.domain.faces.recognition import Match, ModelInfo, Outcome, Thresholds
from kiosk.vision.models.manifest import read_manifest
from tests.fakes.vision.recognition import MODEL

MODELS = [
    one.recognition
    for one in read_manifest().values()
    if one.recognition is not None and one.recognition.spread is not None
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("templates", [1, 3, 5])
@pytest.mark.parametrize("awaited", [1, 5])
def test_a_face_passes_for_any_of_those_awaited_no_more_often_than_one_in_a_thousand(
    model: ModelInfo, templates: int, awaited: int
) -> None:
    assert model.spread is not None
    limit = verification_distance(model, model.thresholds_for(1), templates=templates, awaited=awaited)

    false_matches = float(model.spread.impostor_of(templates).shares_at([limit])[0])
    assert awaited * false_matches == pytest.approx(FMR, rel=0.02)


def test_what_the_school_made_stricter_stays_as_much_stricter() -> None:
    own = MODEL.thresholds_for(1)
    stricter = Thresholds(own.accept - 0.1, own.reject, own.margin)
    looser = Thresholds(own.accept + 0.05, own.reject, own.margin)

    plain = verification_distance(MODEL, own, templates=1)
    assert verification_distance(MODEL, stricter, templates=1) == pytest.approx(plain - 0.1)
    assert verification_distance(MODEL, looser, templates=1) == plain


def test_without_a_measured_spread_the_rule_of_a_lone_person_holds() -> None:
    unmeasured = replace(MODEL, spread=None)
    own = unmeasured.thresholds_for(1)

    assert verification_distance(unmeasured, own, templates=3) == own.accept - own.margin


def test_there_is_nothing_between_the_student_and_somebody_else() -> None:
    assert verify(Match(1, 0.4, float("inf")), 0.4) is Outcome.ACCEPTED
    assert verify(Match(1, 0.41, float("inf")), 0.4) is Outcome.UNKNOWN
    assert verify(None, 0.4) is Outcome.UNKNOWN
