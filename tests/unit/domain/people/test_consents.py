from datetime import UTC, datetime
from itertools import product

import pytest

from kiosk.domain.people.consents import (
    STUDENT,
    AnsweredBy,
    Answerer,
    Consent,
    ConsentKind,
    ConsentState,
    standing,
)

EVA = Answerer(AnsweredBy.GUARDIAN, "Eva Rao")
OM = Answerer(AnsweredBy.GUARDIAN, "Om Rao")
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def word(given: bool, who: Answerer | None = None, notice: int = 1) -> Consent:
    return Consent(1, ConsentKind.FACE_RECOGNITION, given, NOW, "Ada", who, notice)


def counts(*words: Consent) -> bool:
    return standing(words, notice=1, in_force=1).counts


def test_nobody_who_was_never_asked_counts_as_a_yes() -> None:
    assert standing([], notice=1, in_force=1).state is ConsentState.UNANSWERED


@pytest.mark.parametrize("objector", [STUDENT, EVA, OM])
def test_a_no_of_the_child_or_of_a_parent_wins_whenever_it_came(objector: Answerer) -> None:
    others = [who for who in (STUDENT, EVA, OM) if who != objector]
    for before, after in product([[], others[:1], others], [[], others[:1], others]):
        words = [
            *(word(True, who) for who in before),
            word(False, objector),
            *(word(True, who) for who in after),
        ]
        found = standing(words, notice=1, in_force=1)
        assert not found.counts
        assert [one.answerer for one in found.objections] == [objector]
        expected = ConsentState.OBJECTED if before or after else ConsentState.NO
        assert found.state is expected


def test_only_whoever_said_no_takes_it_back() -> None:
    assert not counts(word(True, EVA), word(False, STUDENT), word(True, EVA), word(True, OM), word(True))
    assert counts(word(True, EVA), word(False, STUDENT), word(True, STUDENT))
    assert counts(word(False, EVA), word(True, Answerer(AnsweredBy.GUARDIAN, "EVA RÁO")))


def test_words_of_before_it_was_written_down_whose_they_are_count_as_they_did() -> None:
    assert counts(word(False), word(True))
    assert not counts(word(True), word(False))
    assert counts(word(False), word(True, EVA))
    assert not counts(word(True, EVA), word(False))


def test_a_yes_to_an_older_notice_is_to_be_renewed_and_counts_until_that_is_over() -> None:
    words = [word(True, EVA, notice=1)]
    waiting = standing(words, notice=2, in_force=1)
    assert (waiting.state, waiting.counts) == (ConsentState.RENEW, True)
    over = standing(words, notice=2, in_force=2)
    assert (over.state, over.counts) == (ConsentState.RENEW, False)
    renewed = standing([*words, word(True, EVA, notice=2)], notice=2, in_force=2)
    assert (renewed.state, renewed.counts) == (ConsentState.YES, True)
