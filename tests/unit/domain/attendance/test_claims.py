from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.claims import Awaited, ClaimRule, Lot, draw_lot, needs_second_proof
from kiosk.domain.attendance.record import Evidence

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def always(_share: float) -> bool:
    return True


def never(_share: float) -> bool:
    return False


@pytest.mark.parametrize("awaits", [Awaited.FACE, Awaited.PHONE])
def test_a_claim_is_good_for_its_time(awaits: Awaited) -> None:
    claim = ClaimRule(timedelta(minutes=2)).claim(1, 2, Evidence(Method.PHONE, NOON), awaits)

    assert claim.made_at == NOON
    assert claim.is_good(NOON + timedelta(minutes=2))
    assert not claim.is_good(NOON + timedelta(minutes=2, microseconds=1))


def test_the_teachers_eye_may_take_its_time() -> None:
    claim = ClaimRule().claim(1, 2, Evidence(Method.PHONE, NOON), Awaited.EYE)

    assert claim.is_good(NOON + timedelta(hours=4))


@pytest.mark.parametrize("lot", [always, never])
def test_both_is_never_left_to_chance(lot: Lot) -> None:
    assert needs_second_proof(ProofPolicy.BOTH, drawn_before=False, share=0.2, lot=lot)


@pytest.mark.parametrize("policy", [ProofPolicy.EITHER, ProofPolicy.FACE, ProofPolicy.PHONE])
def test_one_proof_is_enough_for_all_others(policy: ProofPolicy) -> None:
    assert not needs_second_proof(policy, drawn_before=True, share=1.0, lot=always)


def test_the_lot_decides_who_is_spot_checked_and_is_given_the_share() -> None:
    shares: list[float] = []

    def lot(share: float) -> bool:
        shares.append(share)
        return len(shares) == 1

    first, second = (
        needs_second_proof(ProofPolicy.SPOT_CHECK, drawn_before=False, share=0.3, lot=lot) for _ in range(2)
    )

    assert (first, second, shares) == (True, False, [0.3, 0.3])


def test_who_was_drawn_once_cannot_scan_again_until_the_lot_falls_elsewhere() -> None:
    assert needs_second_proof(ProofPolicy.SPOT_CHECK, drawn_before=True, share=0.0, lot=never)


def test_the_lot_falls_as_often_as_it_should() -> None:
    assert not any(draw_lot(0.0) for _ in range(1000))
    assert all(draw_lot(1.0) for _ in range(1000))
    # Eight standard deviations of 20,000 draws at 20 %: chance alone never gets there.
    assert abs(sum(draw_lot(0.2) for _ in range(20_000)) - 4000) < 8 * 57


@pytest.mark.parametrize(
    ("policy", "method", "enough"),
    [
        (ProofPolicy.BOTH, Method.FACE, False),
        (ProofPolicy.BOTH, Method.PHONE, False),
        (ProofPolicy.BOTH, Method.PASS, False),
        (ProofPolicy.BOTH, Method.MANUAL, True),
        (ProofPolicy.SPOT_CHECK, Method.FACE, False),
        (ProofPolicy.SPOT_CHECK, Method.PHONE, True),
        (ProofPolicy.SPOT_CHECK, Method.PASS, True),
        (ProofPolicy.SPOT_CHECK, Method.MANUAL, True),
    ],
)
def test_a_face_alone_is_never_enough_where_phones_are_demanded(
    policy: ProofPolicy, method: Method, enough: bool
) -> None:
    assert policy.verifies_claims
    assert policy.accepts(method) is enough
