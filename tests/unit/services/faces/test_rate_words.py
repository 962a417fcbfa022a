import pytest

from kiosk.domain.faces.error_rates import Rate
from kiosk.services.faces.rate_words import NO_BREAK, percent, rate_words, stranger_words


def plain(words: str) -> str:
    """Without the space that keeps figures and percent signs on one line."""
    return words.replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.0461, "4.6 %"),
        (0.046, "4.6 %"),
        (0.00031, "0.031 %"),
        (0.001, "0.10 %"),
        (0.5, "50 %"),
        (0.984, "98 %"),
        (0.9951, "99.5 %"),
        (0.9999, "100 %"),
    ],
)
def test_shares_have_two_figures(share: float, words: str) -> None:
    assert percent(share) == words.replace(" ", NO_BREAK)


def test_a_rate_is_said_with_its_count_and_interval() -> None:
    assert plain(rate_words(Rate(0, 63))) == "0 of 63, 0 % (95 % interval 0 % to 5.7 %)"
    assert rate_words(Rate(0, 0)) == "not measured"


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (
            Rate(0, 65),
            "None of 65 pictures of strangers was accepted; the true rate may still be up to 4.5 %.",
        ),
        (Rate(1, 20), "1 of 20 pictures of strangers was accepted; the true rate may still be up to 22 %."),
        (Rate(2, 20), "2 of 20 pictures of strangers were accepted; the true rate may still be up to 28 %."),
    ],
)
def test_few_strangers_say_little_and_that_is_said(rate: Rate, words: str) -> None:
    assert plain(stranger_words(rate)).startswith(words)
    assert plain(stranger_words(rate)).endswith(
        "To show that it is at most 0.10 %, 2,995 strangers in a row would have to be turned away."
    )


def test_enough_strangers_need_no_more_words() -> None:
    assert "2,995" not in stranger_words(Rate(0, 2995))


def test_without_strangers_nothing_is_known() -> None:
    assert "nothing is known" in stranger_words(Rate(0, 0))
