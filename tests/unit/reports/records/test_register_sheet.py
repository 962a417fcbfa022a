import pytest

from kiosk.reports.records.register_sheet import sheet_name


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("Register CS101", "Register CS101"),
        ("Register A/B\\C:D?E*F[G]", "Register A-B-C-D-E-F-G-"),
        ("'Register'", "Register"),
        ("Register " + "X" * 40, "Register " + "X" * 22),
        ("register cs102", "register cs102 (2)"),
    ],
)
def test_sheet_names_are_ones_that_excel_accepts(wanted: str, given: str) -> None:
    assert sheet_name(wanted, {"register cs102"}) == given


def test_long_names_that_begin_alike_stay_apart_and_short_enough() -> None:
    taken: set[str] = set()
    for _ in range(12):
        name = sheet_name("Register " + "Y" * 32, taken)
        assert name.casefold() not in taken
        assert len(name) <= 31
        taken.add(name.casefold())
