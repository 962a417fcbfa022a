import asyncio

from starlette.types import Message, Receive, Scope, Send

from kiosk.web.http.turns import Turns


def test_a_phone_waits_for_one_request_of_a_laptop_and_not_for_hundreds() -> None:
    begun: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.append(scope["client"][0])

    async def receive() -> Message:
        raise AssertionError

    async def send(_message: Message) -> None:
        raise AssertionError

    async def come() -> None:
        turns = Turns(app)
        addresses = ["laptop"] * 300 + ["phone"] + ["laptop"] * 300
        await asyncio.gather(
            *(turns({"type": "http", "client": (one, 1)}, receive, send) for one in addresses)
        )

    asyncio.run(come())
    assert len(begun) == 601
    assert begun.index("phone") <= 2


def test_a_request_that_was_cancelled_holds_up_nobody() -> None:
    begun: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.append(scope["client"][0])

    async def nothing(*_words: object) -> Message:
        return {}

    async def come() -> None:
        turns = Turns(app)
        tasks = [
            asyncio.create_task(turns({"type": "http", "client": (one, 1)}, nothing, nothing))  # type: ignore[arg-type]
            for one in ("first", "gone", "last")
        ]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(come())
    assert begun == ["first", "last"]
