from kiosk.domain.people.staff import Role, User
from kiosk.gui.attendance.kiosk_lock import KioskLock

TOM = User(1, "Tom", Role.TEACHER)


def test_is_locked_until_somebody_gives_a_password() -> None:
    lock = KioskLock()
    assert lock.user is None
    lock.unlock(TOM, 0)
    assert lock.user == TOM


def test_locks_itself_only_when_nobody_touches_it() -> None:
    lock = KioskLock(idle_s=120)
    lock.unlock(TOM, 100)
    assert not lock.expired(219)
    lock.touch(200)
    assert not lock.expired(319)
    assert lock.expired(320)


def test_locked_one_never_expires() -> None:
    lock = KioskLock(idle_s=120)
    lock.touch(0)
    assert not lock.expired(1000)
    lock.unlock(TOM, 1000)
    lock.lock()
    assert lock.user is None
    assert not lock.expired(5000)
