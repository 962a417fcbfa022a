"""Forms from elsewhere, wrong methods and types, sizes, headers, cookies."""

import logging

import pytest
from fastapi import FastAPI
from httpx import Response

from kiosk.errors import StorageError
from tests.fakes.phones.handset import ADDRESS, Handset, form, heading, words
from tests.world.classroom import ANITA, PIN, Classroom


@pytest.fixture
def confirm(handset: Handset, classroom: Classroom) -> Response:
    """The confirm page of somebody who is signed in."""
    classroom.open_class()
    return handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)


def nobody_is_marked(classroom: Classroom) -> bool:
    return not classroom.events


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "https://kiosk.test", "http://kiosk.test:81"])
def test_a_form_of_another_site_is_refused(
    handset: Handset, classroom: Classroom, confirm: Response, origin: str
) -> None:
    action, hidden = form(confirm.text, "I am here")
    page = handset.post(action, hidden, Origin=origin)
    assert page.status_code == 403
    assert heading(page) == "This form is out of date"
    assert nobody_is_marked(classroom)


def test_a_form_without_an_origin_is_refused(
    handset: Handset, classroom: Classroom, confirm: Response
) -> None:
    action, hidden = form(confirm.text, "I am here")
    assert handset.client.post(action, data=hidden).status_code == 403
    assert nobody_is_marked(classroom)


@pytest.mark.parametrize("csrf", ["", "0" * 64, "ü"])
def test_a_form_without_its_token_is_refused(
    handset: Handset, classroom: Classroom, confirm: Response, csrf: str
) -> None:
    action, _ = form(confirm.text, "I am here")
    assert handset.post(action, {"csrf": csrf}).status_code == 403
    assert nobody_is_marked(classroom)


def test_a_token_of_another_browser_is_refused(
    handset: Handset, classroom: Classroom, confirm: Response
) -> None:
    action, hidden = form(confirm.text, "I am here")
    handset.client.cookies.set("kiosk_browser", "A" * 22, domain="kiosk.test")
    assert handset.post(action, hidden).status_code == 403
    assert nobody_is_marked(classroom)


@pytest.mark.parametrize("path", ["sign-in", "sign-out"])
def test_signing_in_and_out_need_the_token_too(
    handset: Handset, classroom: Classroom, confirm: Response, path: str
) -> None:
    where = "/sign-out" if path == "sign-out" else str(confirm.url) + "/sign-in"
    assert handset.post(where, {"student_no": ANITA, "pin": PIN}).status_code == 403
    assert heading(handset.get(str(confirm.url))) == "Hello, Anita Rao"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"csrf": "x"}'),
        ("text/plain", b"csrf=x"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx\r\n--b--',
        ),
        ("", b"csrf=x"),
    ],
)
def test_other_content_types_are_refused(
    handset: Handset, classroom: Classroom, confirm: Response, kind: str, body: bytes
) -> None:
    headers = {"Origin": ADDRESS, "Content-Type": kind}
    page = handset.client.post(str(confirm.url), content=body, headers=headers)
    assert page.status_code == 415
    assert heading(page) == "The kiosk takes only its own forms"
    assert nobody_is_marked(classroom)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_16_kb_is_refused(handset: Handset, confirm: Response, chunked: bool) -> None:
    action, hidden = form(confirm.text, "I am here")
    body = f"csrf={hidden['csrf']}&more=".encode() + b"x" * 16 * 1024
    headers = {"Origin": ADDRESS, "Content-Type": "application/x-www-form-urlencoded"}
    pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
    page = handset.client.post(action, content=pieces if chunked else body, headers=headers)
    assert page.status_code == 413
    assert heading(page) == "That was more than this page takes"


def test_a_field_that_is_too_long_is_refused(handset: Handset, confirm: Response) -> None:
    handset.submit(confirm, "Not you? Sign out")
    page = handset.sign_in(handset.get(str(confirm.url)), "A" * 129, PIN)
    assert page.status_code == 422
    assert heading(page) == "The kiosk did not understand that"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("POST", "/s/x"), ("DELETE", "/check-in/x"), ("PUT", "/check-in/x"), ("GET", "/sign-out"),
     ("GET", "/check-in/x/sign-in"), ("OPTIONS", "/"), ("TRACE", "/"), ("PATCH", "/static/phone.css")],
)  # fmt: skip
def test_wrong_methods_get_a_page(handset: Handset, method: str, path: str) -> None:
    page = handset.client.request(method, path)
    assert page.status_code == 405
    assert heading(page) == "This page cannot be used that way"
    assert page.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/s/",
        "/s/a/b",
        "/static/",
        "/static/..%2fguard.py",
        "/favicon.ico",
    ],
)
def test_what_is_not_there_gets_a_page(handset: Handset, path: str) -> None:
    page = handset.get(path)
    assert page.status_code == 404
    assert heading(page) == "There is no such page here"


def test_head_is_answered_like_get(handset: Handset, classroom: Classroom, confirm: Response) -> None:
    for path in ("/", str(confirm.url), "/static/phone.css"):
        assert handset.client.head(path).status_code == 200
    assert handset.client.head(classroom.scan_path(), follow_redirects=False).status_code == 303


def all_pages(handset: Handset, classroom: Classroom, confirm: Response) -> list[Response]:
    return [
        confirm,
        handset.get("/"),
        handset.get("/nothing"),
        handset.get("/s/x"),
        handset.client.post("/"),
        handset.client.get(classroom.scan_path(), follow_redirects=False),
        handset.submit(confirm, "I am here"),
        handset.client.post("/sign-out", content=b"x" * 20_000),
    ]


def test_every_answer_is_protected(handset: Handset, classroom: Classroom, confirm: Response) -> None:
    for page in all_pages(handset, classroom, confirm):
        policy = page.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        has_form = "<form" in page.text
        assert page.headers["referrer-policy"] == ("same-origin" if has_form else "no-referrer")


def test_pages_are_small_and_need_nothing_from_elsewhere(
    handset: Handset, classroom: Classroom, confirm: Response
) -> None:
    css, icon = handset.get("/static/phone.css"), handset.get("/static/icon.svg")
    assert "url(" not in css.text
    assert "@import" not in css.text
    for page in all_pages(handset, classroom, confirm):
        assert len(page.content) + len(css.content) + len(icon.content) < 30_000
        assert "http://" not in page.text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in page.text
        for inline in ("<script", "<style", " style=", " onclick"):
            assert inline not in page.text


def test_the_style_sheet_is_fetched_once(handset: Handset) -> None:
    found = handset.get("/static/phone.css")
    assert found.headers["content-type"] == "text/css; charset=utf-8"
    assert "max-age=604800" in found.headers["cache-control"]
    again = handset.client.get("/static/phone.css", headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    scan = handset.client.get(classroom.scan_path(), follow_redirects=False)
    page = handset.get(scan.headers["location"])
    action, hidden = form(page.text, "Sign in")
    answer = handset.post(action, hidden | {"student_no": ANITA, "pin": PIN}, follow=False)
    for found in (scan.headers["set-cookie"], answer.headers["set-cookie"]):
        assert "HttpOnly" in found
        assert "SameSite=lax" in found
        assert "Path=/" in found
        assert "Secure" not in found


def test_cookies_are_bound_to_the_host_under_tls(classroom: Classroom) -> None:
    classroom.open_class()
    with Handset(classroom.app(secure=True), base_url="https://kiosk.test") as handset:
        scan = handset.client.get(classroom.scan_path(), follow_redirects=False)
        assert scan.headers["set-cookie"].startswith("__Host-kiosk_browser=")
        assert "Secure" in scan.headers["set-cookie"]
        confirm = handset.sign_in(handset.get(scan.headers["location"]), ANITA, PIN)
        assert heading(handset.submit(confirm, "I am here")) == "You are marked present"


def test_a_strange_browser_identifier_is_replaced(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    handset.client.cookies.set("kiosk_browser", "x" * 500, domain="kiosk.test")
    scan = handset.client.get(classroom.scan_path(), follow_redirects=False)
    assert "x" * 30 not in scan.headers["set-cookie"]


def failing(classroom: Classroom, error: Exception) -> FastAPI:
    """An app whose start page meets an error."""
    app = classroom.app()

    async def fail() -> None:
        raise error

    app.add_api_route("/fail", fail)
    return app


@pytest.mark.logs_warnings
def test_the_unforeseen_is_a_page_without_details_and_logged(
    classroom: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    with Handset(failing(classroom, ValueError("inner secret"))) as handset:
        page = handset.get("/fail?code=1.2.abc")
    assert page.status_code == 500
    assert heading(page) == "Something went wrong in the kiosk"
    assert "secret" not in page.text
    assert page.headers["content-security-policy"]
    (entry,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert entry.exc_info is not None
    assert "1.2.abc" not in caplog.text


@pytest.mark.logs_warnings
def test_a_full_disk_is_said_with_what_to_do(classroom: Classroom, caplog: pytest.LogCaptureFixture) -> None:
    error = StorageError("The disk is full.", "Please tell your teacher.")
    with Handset(failing(classroom, error)) as handset:
        page = handset.get("/fail")
    assert page.status_code == 503
    assert "The disk is full Please tell your teacher." in words(page)
    assert "The disk is full." in caplog.text


def test_no_log_line_names_a_code_or_pin(
    handset: Handset, classroom: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    classroom.open_class()
    caplog.set_level(logging.DEBUG, "kiosk")
    path = classroom.scan_path()
    handset.submit(handset.sign_in(handset.get(path), ANITA, PIN), "I am here")
    kiosk_lines = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx")]
    assert not [line for line in kiosk_lines if path in line or PIN in line]
