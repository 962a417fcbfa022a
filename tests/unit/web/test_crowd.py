"""A whole class in the same moment, through the app and into the database. How fast: `tests/benchmarks/bench_web.py`."""

import asyncio
from collections import Counter
from datetime import date

import httpx
from fastapi import FastAPI

from kiosk.domain.attendance.choices import Method
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.phones.handset import ADDRESS, form, heading
from tests.world.classroom import PIN, Classroom

CROWD = 300


def add_students(classroom: Classroom) -> dict[str, int]:
    """Students of CS 101 with PINs: ids by number."""
    hashed = classroom.hasher.hash(PIN)

    def work(repositories: Repositories) -> dict[str, int]:
        ids = {}
        for number in range(CROWD):
            student = repositories.students.add(student_no=f"C{number}", full_name=f"N {number}", email=None)
            repositories.courses.register(classroom.course_id, student.student_id, date(2026, 1, 1))
            repositories.students.set_pin_hash(student.student_id, hashed)
            ids[student.student_no] = student.student_id
        return ids

    return classroom.store.write(work)


def browser_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=ADDRESS,
        headers={"Origin": ADDRESS},
        follow_redirects=True,
        trust_env=False,
    )


async def check_in(browser: httpx.AsyncClient, scan_path: str, student_no: str) -> str:
    """Scan, sign in, confirm; the last page's heading."""
    page = await browser.get(scan_path)
    action, hidden = form(page.text, "Sign in")
    page = await browser.post(action, data=hidden | {"student_no": student_no, "pin": PIN})
    action, hidden = form(page.text, "I am here")
    return heading(await browser.post(action, data=hidden))


def test_300_students_at_once_are_all_marked_once(classroom: Classroom) -> None:
    ids = add_students(classroom)
    session = classroom.open_class()
    scan_path = classroom.scan_path()

    async def come() -> list[str]:
        app = classroom.app()
        async with app.router.lifespan_context(app):
            browsers = [browser_of(app) for _ in ids]
            return await asyncio.gather(
                *(check_in(browser, scan_path, number) for browser, number in zip(browsers, ids, strict=True))
            )

    assert Counter(asyncio.run(come())) == {"You are marked present": CROWD}
    records = classroom.records(session)
    assert sorted(one.student_id for one in records) == sorted(ids.values())
    assert {one.method for one in records} == {Method.PHONE}
    assert len({one.evidence[0].device for one in records}) == CROWD
