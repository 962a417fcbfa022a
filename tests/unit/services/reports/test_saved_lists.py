"""Saving a list is a right, and stands in the log."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.domain.people.staff import Role
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import ForbiddenError
from kiosk.services.reports.saved_lists import SavedLists
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


def write(path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
    del path, title, headings
    return len(list(rows))


def test_a_saved_list_is_in_the_log(school: SmallSchool, tmp_path: Path) -> None:
    lists = SavedLists(store=school.store, clock=school.clock, write=write)
    path = tmp_path / "people.csv"
    assert lists.save(path, title="People", headings=("A",), rows=iter([("1",)]), actor=admin("Ada")) == 1
    entry = school.store.read(lambda repositories: repositories.audit.entries())[0]
    assert (entry.actor, entry.action) == ("Ada", "list.saved")


def test_who_may_not_export_saves_no_list(school: SmallSchool, tmp_path: Path) -> None:
    lists = SavedLists(store=school.store, clock=school.clock, write=write)
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="a long password", actor=admin())
    for actor, why in ((NOBODY, "Nobody is signed in"), (Actor.of(tom), "nobody has assigned you")):
        with pytest.raises(ForbiddenError, match=why):
            lists.save(tmp_path / "a.csv", title="People", headings=(), rows=iter([]), actor=actor)
