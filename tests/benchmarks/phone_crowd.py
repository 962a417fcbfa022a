"""A crowd of phones, in a process of its own: none of their work is done by the interpreter that the kiosk runs in.

Each phone has its own cookies and connection and does what a browser does: it follows redirects, fetches style sheet and
icon, and sends the forms of the pages that it got, with their hidden fields. Plain asyncio streams instead of an HTTP
library, which would need more of the two cores than the kiosk does.

``python -m tests.benchmarks.phone_crowd`` reads a `Plan` as one line of JSON, then a line with the address in the QR code
whenever that changes, as a student sees the screen. It writes one `Outcome` as JSON. Times are seconds on the monotonic
clock, which all processes of a PC share.
"""

import asyncio
import json
import random
import re
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from html import unescape
from typing import Final
from urllib.parse import urlencode, urlsplit

from tests.fakes.phones.page_form import form

TIMEOUT_S: Final = 60.0
DRIP_S: Final = 0.5
DAWDLED_HEAD: Final = b"GET / HTTP/1.1\r\nHost: kiosk\r\nX-Slow: "
DAWDLED_BODY: Final = (
    b"POST /code HTTP/1.1\r\nHost: kiosk\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 9000\r\n\r\ncode="
)
AGENT: Final = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"


@dataclass(frozen=True)
class Plan:
    """What the crowd does.

    Attributes:
        students: Number and PIN of each.
        within_s: They come at random moments within so many seconds; 0: all at the same moment.
        signed_in: Whether they sign in beforehand, which is not measured.
        dawdlers: Sockets that send a byte now and then and never a whole request.
    """

    students: list[tuple[str, str]]
    within_s: float
    signed_in: bool = False
    dawdlers: int = 0


@dataclass
class Outcome:
    """What became of it.

    Attributes:
        began_s: When the first phone came.
        ended_s: When the last one was done.
        asked: Each request: its kind, and the seconds from the asking, or connecting, to the last byte of the answer.
        steps: The same for what a student waits for: scan, sign-in and tap, each with the page that it leads to.
        headings: How many phones ended on which page.
        failures: What went wrong, one line each.
        dawdled: Connections that the dawdlers had, one after the other.
        cpu_s: Seconds of CPU that the crowd itself took.
    """

    began_s: float = 0.0
    ended_s: float = 0.0
    asked: list[tuple[str, float]] = field(default_factory=list)
    steps: list[tuple[str, float]] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    dawdled: int = 0
    cpu_s: float = 0.0


class Screen:
    """What the kiosk shows, as far as the crowd is told."""

    def __init__(self) -> None:
        self.url = ""
        self.seen = asyncio.Event()

    async def watch(self, lines: asyncio.StreamReader) -> None:
        """Take in each new code."""
        while line := await lines.readline():
            self.url = line.decode().strip()
            self.seen.set()


@dataclass(frozen=True)
class Answer:
    status: int
    place: str
    text: str


class Browser:
    """One phone's browser with one connection."""

    def __init__(self, outcome: Outcome, address: tuple[str, int]) -> None:
        self._outcome = outcome
        self._address = address
        self._cookies: dict[str, str] = {}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, kind: str) -> Answer:
        return await self._ask("GET", path, kind)

    async def post(self, path: str, fields: dict[str, str], kind: str) -> Answer:
        return await self._ask("POST", path, kind, urlencode(fields))

    async def fetch(self, page: Answer) -> None:
        """The page's style sheet and icon."""
        for path in re.findall(r"<link [^>]*href=\"([^\"]+)\"", page.text):
            await self.get(unescape(path), "style and icon")

    async def _ask(self, method: str, path: str, kind: str, body: str = "") -> Answer:
        began = time.monotonic()
        answer = await asyncio.wait_for(self._exchange(method, path, body), TIMEOUT_S)
        self._outcome.asked.append((kind, time.monotonic() - began))
        if answer.status not in {200, 303}:
            raise RuntimeError(f"{kind}: {answer.status} {heading(answer)}")
        return answer

    async def _exchange(self, method: str, path: str, body: str) -> Answer:
        host = f"{self._address[0]}:{self._address[1]}"
        head = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {AGENT}", "Accept: text/html"]
        if self._cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self._cookies.items()))
        if method == "POST":
            head += [f"Origin: http://{host}", "Content-Type: application/x-www-form-urlencoded"]
            head.append(f"Content-Length: {len(body)}")
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        writer.write("\r\n".join([*head, "", body]).encode())
        answer, stays = await self._answer(reader)
        if not stays:
            self.close()
        return answer

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[Answer, bool]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        place, length, stays = "", 0, True
        for line in head[1:]:
            name, _, value = line.partition(": ")
            match name.lower():
                case "location":
                    place = value
                case "content-length":
                    length = int(value)
                case "connection":
                    stays = value.lower() != "close"
                case "set-cookie":
                    cookie, _, rest = value.partition("=")
                    self._cookies[cookie] = rest.partition(";")[0]
        text = (await reader.readexactly(length)).decode()
        return Answer(int(head[0].split(" ")[1]), place, text), stays

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def heading(page: Answer) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text, re.DOTALL)
    return unescape(found[1]) if found else "(no heading)"


class Crowd:
    """All phones of a plan."""

    def __init__(self, plan: Plan, screen: Screen) -> None:
        self._plan = plan
        self._screen = screen
        self._random = random.Random(4)
        self.outcome = Outcome()

    async def come(self) -> None:
        """Everybody, and the dawdlers beside them."""
        await self._screen.seen.wait()
        parts = urlsplit(self._screen.url.lower())
        address = (parts.hostname or "", parts.port or 80)
        browsers = [Browser(self.outcome, address) for _ in self._plan.students]
        if self._plan.signed_in:
            for browser, (number, pin) in zip(browsers, self._plan.students, strict=True):
                await self._sign_in_before(browser, number, pin)
            self.outcome.asked.clear()
        dawdlers = [asyncio.create_task(self._dawdle(address, one)) for one in range(self._plan.dawdlers)]
        await asyncio.sleep(1.0)  # until the dawdlers are connected
        self.outcome.began_s = time.monotonic()
        async with asyncio.TaskGroup() as together:
            for browser, (number, pin) in zip(browsers, self._plan.students, strict=True):
                wait_s = self._random.uniform(0, self._plan.within_s)
                together.create_task(self._student(browser, number, pin, wait_s))
        self.outcome.ended_s = time.monotonic()
        for task in dawdlers:
            task.cancel()
        await asyncio.gather(*dawdlers, return_exceptions=True)
        self.outcome.cpu_s = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])

    async def _student(self, browser: Browser, number: str, pin: str, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        try:
            ended_on = await self._check_in(browser, number, pin)
            self.outcome.headings[ended_on] = self.outcome.headings.get(ended_on, 0) + 1
        except Exception as error:  # noqa: BLE001 - counted, whatever it is
            self.outcome.failures.append(f"{type(error).__name__}: {error}")
        finally:
            browser.close()

    async def _check_in(self, browser: Browser, number: str, pin: str) -> str:
        began = time.monotonic()
        answer = await browser.get(urlsplit(self._screen.url).path, "scan")
        page = await browser.get(answer.place, "page after the scan")
        began = self._step("scan", began)
        if not self._plan.signed_in:
            await browser.fetch(page)
            began = time.monotonic()
            action, hidden = form(page.text, "Sign in")
            answer = await browser.post(action, hidden | {"student_no": number, "pin": pin}, "sign in")
            page = await browser.get(answer.place, "page to confirm")
            began = self._step("sign in", began)
        action, hidden = form(page.text, "I am here")
        answer = await browser.post(action, hidden, "confirm")
        page = await browser.get(answer.place, "result")
        self._step("I am here", began)
        return heading(page)

    def _step(self, name: str, began: float) -> float:
        now = time.monotonic()
        self.outcome.steps.append((name, now - began))
        return now

    async def _sign_in_before(self, browser: Browser, number: str, pin: str) -> None:
        page = await browser.get("/sign-in", "before")
        await browser.fetch(page)
        action, hidden = form(page.text, "Sign in")
        answer = await browser.post(action, hidden | {"student_no": number, "pin": pin}, "before")
        assert answer.status == 303, "the sign-in was refused"
        browser.close()  # the phone was in a pocket since

    async def _dawdle(self, address: tuple[str, int], number: int) -> None:
        while True:
            reader, writer = await asyncio.open_connection(*address)
            self.outcome.dawdled += 1
            try:
                writer.write(DAWDLED_HEAD if number % 2 else DAWDLED_BODY)
                while not reader.at_eof():
                    await asyncio.sleep(DRIP_S)
                    writer.write(b"a")
                    await writer.drain()
            except ConnectionError:
                pass  # dropped, as it should be; here it comes again
            finally:
                writer.close()


async def main() -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    plan = Plan(**json.loads(await lines.readline()))
    screen = Screen()
    watching = asyncio.create_task(screen.watch(lines))
    crowd = Crowd(plan, screen)
    await crowd.come()
    watching.cancel()
    print(json.dumps(asdict(crowd.outcome)))


if __name__ == "__main__":
    asyncio.run(main())
