"""Attacks a kiosk that it starts itself, as a prankster in the class would, and prints what the class notices of it.

    python -m scripts.attack_availability [--seconds N] [NAME…]

Names: connections, sign-ins, pins, same-address, tickets, codes, staff; without any, all. Bounded in time and number, and on loopback only: the
kiosk is a child (`scripts/attacked_kiosk.py`) that listens on 127.0.0.1, and no other address can be given. The figures of
docs/security.md were made with it.
"""

import argparse
import asyncio
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from tests.fakes.phones.page_form import form

LOOPBACK: Final = "127.0.0.1"
LAPTOP: Final = "127.0.0.2"
"""The prankster's address; on Linux all of 127/8 is this PC's. Where only 127.0.0.1 is, attacker and phones share it."""

TIMEOUT_S: Final = 30.0
LAPTOP_CONNECTIONS: Final = 650
GUESSERS: Final = 4
SCANS: Final = 6000
TYPED: Final = 310
DESCRIPTORS: Final = 1024


class Kiosk:
    """The child that is attacked."""

    def __init__(self, child: "subprocess.Popen[str]", students: list[tuple[str, str]]) -> None:
        self._child = child
        self.students = students

    def stand(self) -> dict[str, Any]:
        """How it is doing."""
        return self.ask("stand")

    def ask(self, what: str) -> dict[str, Any]:
        """Have it do something, and say what came of it."""
        if self._child.stdin is None or self._child.stdout is None:
            raise RuntimeError("the child is asked by pipes")
        self._child.stdin.write(f"{what}\n")
        self._child.stdin.flush()
        found: dict[str, Any] = json.loads(self._child.stdout.readline())
        return found

    @property
    def port(self) -> int:
        return urlsplit(str(self.stand()["url"])).port or 0

    def scan_path(self) -> str:
        return urlsplit(str(self.stand()["url"])).path


@contextmanager
def kiosk() -> Iterator[Kiosk]:
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        command = [sys.executable, "-m", "scripts.attacked_kiosk", folder, "--descriptors", str(DESCRIPTORS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            if child.stdin is None or child.stdout is None:
                raise RuntimeError("the child is asked by pipes")
            said = json.loads(child.stdout.readline())
            found = Kiosk(child, [(number, pin) for number, pin in said["students"]])
            while not found.stand()["url"]:
                time.sleep(0.2)
            try:
                yield found
            finally:
                child.stdin.close()
                child.wait(60)


class Phone:
    """One browser with its cookies; blocking."""

    def __init__(self, port: int, *, address: str = LOOPBACK) -> None:
        self._port, self._address = port, address
        self.cookies: dict[str, str] = {}
        self._connection = self._connected()

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            LOOPBACK, self._port, timeout=TIMEOUT_S, source_address=(self._address, 0)
        )

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, Location, text; a connection that was closed meanwhile is made anew once, as browsers do."""
        headers = {"Origin": f"http://{LOOPBACK}:{self._port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(fields) if fields is not None else None
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.HTTPException, ConnectionError, BrokenPipeError):
            self._connection.close()
            self._connection = self._connected()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        for said in answer.headers.get_all("Set-Cookie", []):
            name, _equals, rest = said.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, answer.headers.get("Location", ""), text

    def page(self, path: str) -> str:
        """A page, behind its redirects."""
        text = ""
        for _unused in range(5):
            status, place, text = self.ask("GET", path)
            if status != 303:
                return text
            path = place
        return text

    def sign_in(self, number: str, pin: str, *, page: str | None = None) -> bool:
        """Whether number and PIN were accepted."""
        action, hidden = form(page or self.page("/sign-in"), "Sign in")
        _status, place, _text = self.ask("POST", action, hidden | {"student_no": number, "pin": pin})
        text = self.page(place or "/sign-in")
        return "Sign out" in text or "I am here" in text

    def close(self) -> None:
        self._connection.close()


def timed(work: Callable[[], bool]) -> tuple[bool, float]:
    began = time.monotonic()
    try:
        done = work()
    except (OSError, http.client.HTTPException, AssertionError):
        done = False
    return done, time.monotonic() - began


@contextmanager
def flood(*words: object) -> Iterator[None]:
    """An attacker in a process of its own, for as long as the block takes."""
    command = [sys.executable, "-m", "scripts.attack_availability", "--flood", *map(str, words)]
    with subprocess.Popen(command) as child:
        try:
            time.sleep(1.0)
            yield
        finally:
            child.terminate()
            child.wait(30)


async def open_connections(port: int, rate: int, address: str) -> None:
    """Connections that say nothing, so many a second; the oldest are closed where this process has no more descriptors."""
    import resource
    import socket

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held: list[socket.socket] = []
    began, made = time.monotonic(), 0
    while True:
        due = int((time.monotonic() - began) * rate) - made
        for _unused in range(due):
            one = socket.socket()
            one.setblocking(False)
            with suppress(OSError):
                one.bind((address, 0))
                with suppress(BlockingIOError):
                    one.connect((LOOPBACK, port))
            held.append(one)
        made += due
        while len(held) > min(4000, hard - 100):
            held.pop(0).close()
        await asyncio.sleep(0.005)


async def post_sign_ins(port: int, connections: int, address: str) -> None:
    """Wrong PINs of ever other numbers on so many connections, each as fast as it is answered."""
    browser = Phone(port, address=address)
    action, hidden = form(browser.page("/sign-in"), "Sign in")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

    async def one() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError, ValueError):
                reader, writer = await asyncio.open_connection(LOOPBACK, port, local_addr=(address, 0))
                try:
                    while True:
                        number = f"X{random.randrange(10**6)}"
                        body = urlencode(
                            hidden | {"student_no": number, "pin": f"{random.randrange(10**6):06}"}
                        )
                        writer.write(
                            f"POST {action} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nOrigin: http://{LOOPBACK}:{port}\r\n"
                            f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
                        )
                        head = await reader.readuntil(b"\r\n\r\n")
                        length = int(
                            head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0"
                        )
                        await reader.readexactly(length)
                finally:
                    writer.close()
            await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _unused in range(connections)))


def attack_connections(one: Kiosk, seconds: float) -> None:
    """Item 2: a burst of connections against the descriptors; what the camera marks is counted with and without it."""
    told(f"the camera, {seconds:.0f} s without an attack", camera_words(one.ask(f"marks {seconds}")))
    for rate in (1000, 3000):
        for address in (LAPTOP, LOOPBACK):
            with flood("connections", one.port, rate, address):
                told(
                    f"{rate} connections/s {'from the phones’ address' if address == LOOPBACK else 'from another address'}",
                    beside_connections(one, seconds),
                )


def beside_connections(one: Kiosk, seconds: float) -> str:
    """What new phones, writes and the camera notice of it for so long."""
    before, port = one.stand(), one.port
    served, times = 0, []
    marks: list[dict[str, Any]] = []
    camera = threading.Thread(target=lambda: marks.append(one.ask(f"marks {seconds}")))
    camera.start()
    while camera.is_alive():
        phone = Phone(port)
        done, took_s = timed(lambda phone=phone: "Attendance" in phone.page("/"))  # type: ignore[misc]
        phone.close()
        served += done and took_s < 5
        times.append(took_s)
        time.sleep(0.2)
    camera.join()
    after = one.stand()
    return (
        f"{served} of {len(times)} new phones served (median {median(times):.2f} s, longest {max(times):.2f}), "
        f"{after['failed'] - before['failed']} of {after['written'] - before['written']} writes failed"
        f" {after['why']}, slowest write {after['slowest_s']:.2f} s, {camera_words(marks[0])}"
    )


def camera_words(found: dict[str, Any]) -> str:
    return f"{found['marks']} marks by camera in {found['classes']} classes"


def attack_sign_ins(one: Kiosk, _seconds: float) -> None:
    """Item 3: one laptop that keeps the hashing busy."""
    known = {}
    for number, pin in one.students[:8]:
        known[number] = Phone(one.port)
        known[number].sign_in(number, pin)
    for address, connections in (
        (LAPTOP, 100),
        (LAPTOP, LAPTOP_CONNECTIONS),
        (LOOPBACK, LAPTOP_CONNECTIONS),
    ):
        times, done_all = [], 0
        with flood("sign-ins", one.port, connections, address):
            for number, pin in one.students[:8]:
                phone = known[number] if address == LOOPBACK else Phone(one.port)
                phone.cookies.pop("kiosk_sign_in", None)
                done, took_s = timed(lambda p=phone, n=number, s=pin: p.sign_in(n, s))  # type: ignore[misc]
                done_all += done
                times.append(took_s)
        told(
            f"sign-in beside {connections} connections "
            f"{'of the address of the phones, which are known' if address == LOOPBACK else 'of another address'}",
            f"{done_all} of {len(times)} signed in, median {median(times):.2f} s, longest {max(times):.2f} s",
        )


def attack_pins(one: Kiosk, _seconds: float) -> None:
    """Item 1: wrong PINs for every number, from anywhere."""
    known = known_phones(one)
    guess_pins(one, LAPTOP)
    again, new = sum(signs_in_again(*each) for each in known), new_phones(one)
    told(
        "with the right PIN",
        f"{again} of {len(known)} get in on a phone that is known and {new} of {len(known)} on a new one; "
        f"incidents {one.stand()['incidents']}",
    )


def attack_same_address(one: Kiosk, _seconds: float) -> None:
    """A laptop at the very address of the class, as behind one translator, that goes on guessing while students sign in."""
    known = known_phones(one)
    with flood("sign-ins", one.port, GUESSERS, LOOPBACK):
        time.sleep(5.0)
        again, new = sum(signs_in_again(*each) for each in known), new_phones(one)
        one.ask("unlock")
        unlocked = new_phones(one)
    one.ask("unlock")
    after = new_phones(one)
    told(
        f"{GUESSERS} connections that guess PINs at the address of the phones",
        f"with the right PIN {again} of {len(known)} get in on a phone that is known and {new} of {len(known)} on a new one; "
        f"after Unlock all {unlocked} on a new one while the guessing goes on, and {after} once it has stopped; "
        f"incidents {one.stand()['incidents']}",
    )


def known_phones(one: Kiosk) -> list[tuple[Phone, str, str]]:
    """Each student signs in on the own phone."""
    known = []
    for number, pin in one.students:
        phone = Phone(one.port)
        phone.sign_in(number, pin)
        known.append((phone, number, pin))
    return known


def signs_in_again(phone: Phone, number: str, pin: str) -> bool:
    _action, hidden = form(phone.page("/"), "Sign out")
    phone.ask("POST", "/sign-out", hidden)
    return phone.sign_in(number, pin)


def new_phones(one: Kiosk) -> int:
    """How many students sign in on a phone that is new to the kiosk."""
    return sum(Phone(one.port).sign_in(number, pin) for number, pin in one.students)


def guess_pins(one: Kiosk, address: str) -> None:
    """Six wrong PINs for each number, each from a browser without cookies."""
    began, tries = time.monotonic(), 0
    for number, _pin in one.students:
        for _unused in range(6):
            laptop = Phone(one.port, address=address)
            laptop.sign_in(number, f"{random.randrange(10**6):06}")
            laptop.close()
            tries += 1
    told("wrong PINs", f"{tries} for {len(one.students)} numbers in {time.monotonic() - began:.0f} s")


def attack_tickets(one: Kiosk, _seconds: float) -> None:
    """Item 4: one phone that scans in a loop."""
    student, (number, pin) = Phone(one.port), one.students[0]
    sign_in_page = student.page(one.scan_path())
    laptop, path, scans = Phone(one.port, address=LAPTOP), one.scan_path(), 0
    began = time.monotonic()
    for scan in range(SCANS):
        laptop.cookies.clear()
        status, _place, _text = laptop.ask("GET", path)
        if status != 303 or scan % 500 == 0:
            path = one.scan_path()
        scans += status == 303
        if time.monotonic() - began > 100:
            break
    done = student.sign_in(number, pin, page=sign_in_page)
    told(
        f"{scans} scans by one phone in {time.monotonic() - began:.0f} s",
        f"a student who had scanned before {'signs in with that scan' if done else 'has lost the scan'}; "
        f"incidents {one.stand()['incidents']}",
    )


def attack_codes(one: Kiosk, _seconds: float) -> None:
    """Item 6: wrong typed codes."""
    for _unused in range(TYPED):
        laptop = Phone(one.port, address=LAPTOP)
        action, hidden = form(laptop.page("/"), "Continue")
        laptop.ask("POST", action, hidden | {"code": "AAAAAA"})
        laptop.close()
    taken = 0
    for _unused in range(10):
        phone = Phone(one.port)
        action, hidden = form(phone.page("/"), "Continue")
        status, _place, _text = phone.ask("POST", action, hidden | {"code": one.stand()["typed"]})
        taken += status == 303
        phone.close()
    told(f"{TYPED} wrong typed codes", f"{taken} of 10 right ones of others are taken")


def attack_staff(one: Kiosk, _seconds: float) -> None:
    """Item 5: wrong passwords at the kiosk's own keyboard."""
    found = one.ask("staff")
    told("40 wrong passwords at the keyboard, as fast as they may be typed", found["said"])


def told(what: str, found: str) -> None:
    print(f"{what}: {found}", flush=True)


ATTACKS: Final = {
    "connections": attack_connections,
    "sign-ins": attack_sign_ins,
    "codes": attack_codes,
    "tickets": attack_tickets,
    "pins": attack_pins,
    "same-address": attack_same_address,
    "staff": attack_staff,
}


def main() -> int:
    if sys.argv[1:2] == ["--flood"]:
        kind, port, number, address = sys.argv[2:]
        if not address.startswith("127."):
            raise ValueError("loopback only")
        work = open_connections if kind == "connections" else post_sign_ins
        asyncio.run(work(int(port), int(number), address))
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[*ATTACKS, []])
    parser.add_argument("--seconds", type=float, default=10.0)
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, {threading.active_count()} thread, {sys.platform}", flush=True)
    for name in chosen.names or ATTACKS:
        with kiosk() as one:
            ATTACKS[name](one, chosen.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
