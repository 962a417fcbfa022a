"""The models dialog, and the offer on Today. Nothing is downloaded: the model store is the tests' one, which stands still
where a screen wants it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.services.models.comparing import ComparisonJob
from kiosk.services.models.installation import Models
from kiosk.storage.kept_comparison import save_comparison
from tests.fakes.app_parts import with_part
from tests.fakes.models.comparisons import BUILT_IN, PAIR, pair_is_better
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.world.screens.attendance import desk_of
from tests.world.screens.office import Office
from tests.world.screens.school import school
from tests.world.screens.shot import Screen, Shot, settle, wait_until


@dataclass(frozen=True, slots=True)
class Shop:
    """The admin before Today, with a model store that does what it is told."""

    office: Office
    kept: FakeModelStore
    models: Models

    def dialog(self) -> ModelsDialog:
        """The dialog, with its list."""
        dialog = self.office.open("Recognition models…", ModelsDialog)
        wait_until(lambda: dialog.choice is not None)
        return dialog

    def begin(self) -> None:
        """Start an installation that stands still at an eighth."""
        self.kept.gate.clear()
        wanted = next(one for one in self.models.choices() if one.name == "facenet512")
        self.models.install(wanted, actor=Actor.system("Ada Lindgren"))
        wait_until(self.kept.began.is_set)


def over_models(arrange: Callable[[Shop], object], *installed: str) -> Screen:
    """Today of a school with these models, brought to where it is worth seeing."""

    @contextmanager
    def shown(shot: Shot) -> Iterator[QWidget]:
        with school() as made:
            kept = FakeModelStore(installed=set(installed))
            kept.accepted = dict.fromkeys(kept.installed, "Ada Lindgren")
            models = models_over(
                kept,
                store=made.app.core.store,
                settings=SettingsInMemory(),
                chosen=lambda: BUILT_IN,
                measured=pair_is_better,
            )
            save_comparison(made.app.core.directories.data, pair_is_better())
            set_up = replace(made, app=with_part(made.app, "models.installing", models))
            try:
                with desk_of(shot, set_up) as (window, desk):
                    arrange(Shop(Office(set_up, shot.theme, desk), kept, models))
                    settle()
                    yield window
                    models.close()
            finally:
                models.close()

    return shown


def offer(shop: Shop) -> None:
    """Today of a school at work, whose people another model knows better."""
    wait_until(shop.office.desk.today.offer.isVisible)


def offer_running(shop: Shop) -> None:
    """Today while FaceNet-512 is downloaded in the background."""
    shop.begin()
    shop.office.desk.today.offer.follow()
    wait_until(shop.office.desk.today.offer.panel.isVisible)


def choices(shop: Shop) -> None:
    """The list, with the built-in model in use and another one that errs less."""
    shop.dialog().select(PAIR)


def measuring(shop: Shop) -> None:
    """A measurement that runs."""
    dialog = shop.dialog()
    dialog.comparison._comparing.job = ComparisonJob(done=212, of=560)
    dialog.comparison.look()


def licence(shop: Shop) -> None:
    """The licence of VGG-Face, before it is accepted."""
    dialog = shop.dialog()
    dialog.select("vggface")
    dialog.install_choice_button.click()


def folder(shop: Shop) -> None:
    """Installing from a folder."""
    dialog = shop.dialog()
    dialog.select("facenet512")
    dialog.folder_choice_button.click()
    dialog.folder.set_path(Path("/media/ada/STICK/models"))
    dialog.accept_box.setChecked(True)


def running(shop: Shop) -> None:
    """A download."""
    dialog = shop.dialog()
    shop.begin()
    dialog.panel.begin()
    dialog._allow()


def damaged(shop: Shop) -> None:
    """A damaged model."""
    dialog = shop.dialog()
    shop.kept.damaged.add("facenet512")
    dialog.reload()
    wait_until(lambda: any(one.problem for one in dialog._choices))
    dialog.select("facenet512")


def removing(shop: Shop) -> None:
    """The question before a removal."""
    dialog = shop.dialog()
    dialog.select("facenet512")
    dialog.remove_button.click()
    wait_until(lambda: dialog.question is not None and dialog.question.isVisible())


SCREENS: Final[dict[str, Screen]] = {
    "model-offer": over_models(offer, "facenet128", "sface"),
    "offer-running": over_models(offer_running),
    "models": over_models(choices, "facenet128", "sface", "yunet-2026may"),
    "models-measuring": over_models(measuring, "facenet128", "sface"),
    "models-licence": over_models(licence),
    "models-folder": over_models(folder),
    "models-running": over_models(running),
    "models-damaged": over_models(damaged, "facenet512"),
    "models-remove": over_models(removing, "facenet512"),
}
