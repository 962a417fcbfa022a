import pytest

from kiosk.reports.tables.number_format import is_date_format, shown


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (123, "General", "123"),
        (123, "@", "123"),
        (123, "00000", "00123"),
        (123, '"S"00000', "S00123"),
        (12, "\\S0000", "S0012"),
        (123456, "000-000", "123-456"),
        (1234567, "000-000", "1234-567"),
        (77, "00000;-00000", "00077"),
        (4711, "0000000_ ;[Red]-0000000_ ", "0004711"),
        (123, "[$-409]00000", "00123"),
        (5, '0" / A"', "5 / A"),
        (7, "#,##0", "7"),
        (0, "000", "000"),
        (-3, "0", "-3"),
        (-3, "0;(0)", "(3)"),
        (1002.0, "General", "1002"),
    ],
)
def test_a_whole_number_is_rendered_as_the_sheet_shows_it(value: float, form: str, text: str) -> None:
    assert shown(value, form) == text


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (1234, "#,##0"),
        (123, "0.00"),
        (1.5, "0"),
        (12, "0%"),
        (123, "0.0E+00"),
        (9, "[>5]00;0"),
        (10**15, "0"),
        (float("nan"), "0"),
        (float("inf"), "0"),
        (5, "# ?/?"),
        (5, "aaa"),
    ],
)
def test_what_cannot_be_told_surely_is_not_rendered(value: float, form: str) -> None:
    assert shown(value, form) is None


@pytest.mark.parametrize(
    ("form", "is_date"),
    [
        ("yyyy-mm-dd", True), ("d/m", True), ("[$-407]d. mmm", True), ("[h]:mm", True),
        ('"S"00000', False), ("\\S00000", False), ("General", False), ("[Red]00", False), ('0" days"', False),
    ],
)  # fmt: skip
def test_letters_that_stand_for_themselves_make_no_date(form: str, is_date: bool) -> None:
    assert is_date_format(form) is is_date
