"""Views of the list of records under a name: saving, renaming, deleting, and with which one the list opens. Any thread."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.domain.people.students import clean_text, fold
from kiosk.domain.records.record_list import RecordQuestion
from kiosk.domain.records.saved_views import MOST_LETTERS, SavedView
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _, ngettext

if TYPE_CHECKING:
    from kiosk.services.records.saved_view_queries import SavedViewQueries


@dataclass(frozen=True, slots=True)
class OpenedView:
    """A view as it can be shown now.

    Attributes:
        question: Without what is not there any more.
        lost_course: Whether it named a course that was deleted since.
        lost_student: Whether it named a student who was deleted since.
    """

    view: SavedView
    question: RecordQuestion
    lost_course: bool = False
    lost_student: bool = False


class SavedViews:
    """Own views and shared ones. Whoever saved a view, and an admin, may rename and delete it."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock

    def all(self, *, actor: Actor) -> list[SavedView]:
        """Own ones and shared ones, by name."""
        require(self._store, actor, Right.SEE_RECORDS)
        found = self._store.read(lambda repositories: _queries(repositories).all_for(actor.user_id))
        return sorted(found, key=lambda view: (fold(view.name), view.view_id))

    def open(self, view_id: int, *, actor: Actor) -> OpenedView:
        """A view; what it names and does not exist any more is left out and said so.

        Raises:
            NotFoundError: There is no such view, or it is somebody else's.
        """
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> OpenedView:
            view = _seen(repositories, view_id, actor)
            course, student = _queries(repositories).is_known(view.question)
            asked = view.question
            asked = asked if course else replace(asked, course_id=None)
            asked = asked if student else replace(asked, student_id=None)
            return OpenedView(view, asked, not course, not student)

        return self._store.read(query)

    def save(self, name: str, asked: RecordQuestion, *, is_shared: bool, actor: Actor) -> SavedView:
        """Keep a question under a name; an own view of that name is replaced.

        Raises:
            ConflictError: No name, one that is too long, or one that another shared view has.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> SavedView:
            require_within(repositories, actor, Right.SEE_RECORDS)
            words = _name(name)
            known = self._named(repositories, words, actor)
            if known is not None and not _is_own(known, actor):
                raise _taken(words)
            view = SavedView(known.view_id if known else 0, words, actor.user_id, is_shared, asked)
            kept = _queries(repositories).put(view, now)
            repositories.audit.add(now, actor.name, "view.saved", words, "shared" if is_shared else "own")
            return kept

        return self._store.write(work)

    def rename(self, view_id: int, name: str, *, actor: Actor) -> SavedView:
        """Give a view another name.

        Raises:
            ConflictError: No name, one that is too long, or one that another view has.
            ForbiddenError: Somebody else saved it.
            NotFoundError: There is no such view.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> SavedView:
            require_within(repositories, actor, Right.SEE_RECORDS)
            view, words = _own(repositories, view_id, actor), _name(name)
            known = self._named(repositories, words, actor)
            if known is not None and known.view_id != view_id:
                raise _taken(words)
            kept = _queries(repositories).put(replace(view, name=words), now)
            repositories.audit.add(now, actor.name, "view.renamed", words, view.name)
            return kept

        return self._store.write(work)

    def delete(self, view_id: int, *, actor: Actor) -> SavedView:
        """Forget a view; returns what it was, so that `save` can bring it back.

        Raises:
            ForbiddenError: Somebody else saved it.
            NotFoundError: There is no such view.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> SavedView:
            require_within(repositories, actor, Right.SEE_RECORDS)
            view = _own(repositories, view_id, actor)
            _queries(repositories).remove(view_id)
            repositories.audit.add(now, actor.name, "view.deleted", view.name)
            return view

        return self._store.write(work)

    def default(self, *, actor: Actor) -> int | None:
        """With which view the list opens for the actor; None: with all records, also where the view is not shared any more."""
        require(self._store, actor, Right.SEE_RECORDS)
        user_id = actor.user_id
        if user_id is None:
            return None

        def query(repositories: Repositories) -> int | None:
            view_id = _queries(repositories).default_of(user_id)
            view = _queries(repositories).get(view_id) if view_id is not None else None
            return view_id if view is not None and _is_shown(view, actor) else None

        return self._store.read(query)

    def choose_default(self, view_id: int | None, *, actor: Actor) -> None:
        """Let the list open with a view, or with all records (None), for the actor's account.

        Raises:
            NotFoundError: There is no such view.
        """

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.SEE_RECORDS)
            if view_id is not None:
                _seen(repositories, view_id, actor)
            if actor.user_id is not None:
                _queries(repositories).set_default(actor.user_id, view_id)

        self._store.write(work)

    def _named(self, repositories: Repositories, name: str, actor: Actor) -> SavedView | None:
        views = _queries(repositories).all_for(actor.user_id)
        same = [one for one in views if fold(one.name) == fold(name)]
        return next(iter(sorted(same, key=lambda one: not _is_own(one, actor))), None)


def _seen(repositories: Repositories, view_id: int, actor: Actor) -> SavedView:
    view = _queries(repositories).get(view_id)
    if view is None or not _is_shown(view, actor):
        raise NotFoundError(_("This view does not exist any more."), _("Choose another one."))
    return view


def _own(repositories: Repositories, view_id: int, actor: Actor) -> SavedView:
    view = _seen(repositories, view_id, actor)
    if not _is_own(view, actor) and not actor.may(Right.ADMINISTER):
        raise ForbiddenError(_("Somebody else saved this view."), _("Save one of your own, or ask an admin."))
    return view


def _is_shown(view: SavedView, actor: Actor) -> bool:
    return view.is_shared or _is_own(view, actor)


def _is_own(view: SavedView, actor: Actor) -> bool:
    return view.owner_id == actor.user_id


def _name(name: str) -> str:
    words = clean_text(name)
    if not words:
        raise ConflictError(_("A view needs a name."), _("Such as: absent this week."))
    if len(words) > MOST_LETTERS:
        raise ConflictError(
            _("That name is too long."),
            ngettext(
                "Please use at most {n} letter.",
                "Please use at most {n} letters.",
                MOST_LETTERS,
                n=MOST_LETTERS,
            ),
        )
    return words


def _taken(name: str) -> ConflictError:
    return ConflictError(
        _("There is a view with the name {name} already.", name=name), _("Take another one.")
    )


def _queries(repositories: Repositories) -> "SavedViewQueries":
    from kiosk.services.records.saved_view_queries import SavedViewQueries

    return SavedViewQueries(db_session=repositories.db_session)
