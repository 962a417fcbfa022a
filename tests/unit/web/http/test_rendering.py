"""Values in texts are escaped, and texts are in the language of who asks."""

from gettext import NullTranslations

from kiosk.domain.people.students import Student
from kiosk.translation import speaking
from kiosk.web.http.rendering import Pages


class _Backwards(NullTranslations):
    """A language that says the name first, in bold."""

    def gettext(self, message: str) -> str:
        return "<b>%(name)s</b>, hello" if message == "Hello, %(name)s" else message


def test_a_name_cannot_put_markup_or_places_into_a_text() -> None:
    page = _confirm("<b>Ana</b> & %(course)s 100 %")
    assert "<h1>Hello, &lt;b&gt;Ana&lt;/b&gt; &amp; %(course)s 100 %</h1>" in page


def test_a_page_is_drawn_in_the_language_of_its_context() -> None:
    with speaking(_Backwards()):
        assert "<h1><b>&lt;i&gt;Ana</b>, hello</h1>" in _confirm("<i>Ana")
    assert "<h1>Hello, Ana</h1>" in _confirm("Ana")


class _Quoting(NullTranslations):
    """A language that puts each text into quotation marks."""

    def gettext(self, message: str) -> str:
        return f'"{message}"'


def test_a_translation_cannot_end_the_attribute_that_it_stands_in() -> None:
    with speaking(_Quoting()):
        page = Pages().draw(
            "own_overview.html", student=Student(1, "S1", "Ana"), courses=[], lines=[], csrf="", secure=False
        )
    assert 'aria-label="&#34;More about me&#34;"' in bytes(page.body).decode()


def _confirm(name: str) -> str:
    page = Pages().draw(
        "confirm.html",
        student=Student(1, "S1", name),
        course="CS 101",
        room="",
        now="09:02",
        is_again=False,
        will_count_as="present",
        refusal=None,
        counts_as="Present",
        action="/",
        key_way="",
        csrf="",
        ticket_id="",
    )
    return bytes(page.body).decode()
