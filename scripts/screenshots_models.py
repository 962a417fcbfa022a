"""Makes the pictures of the models dialog and of the offer on Today, with the program's own widgets.

    python -m scripts.screenshots_models [FOLDER] [NAME…]

Without a folder the documentation's go to docs/images. With one every picture is made light and dark, at 1920×1080 and
at 1366×768. Nothing is downloaded: the model store is the tests' one, which stands still where a picture wants it.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from kiosk.domain.trust.rights import Actor
from kiosk.gui.desk import Desk
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.theme import Theme
from kiosk.services.models.comparing import ComparisonJob
from kiosk.services.models.installation import Models
from kiosk.settings import Theme as Look
from kiosk.storage.kept_comparison import save_comparison
from scripts.screenshots import picture_application
from scripts.screenshots_views import (
    School,
    Shot,
    bury,
    closing,
    picture_of,
    school,
    shown_today,
    wait_until,
)
from tests.fakes.app_parts import with_part
from tests.fakes.models.comparisons import BUILT_IN, PAIR, pair_is_better
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.world.catalogue import chosen

ROOT = Path(__file__).resolve().parent.parent


def offer_running(shot: Shot) -> Any:
    """Today of a school at work, while FaceNet-512 is downloaded in the background."""

    def make(set_up: School, model_store: FakeModelStore, models: Models) -> Any:
        begin(model_store, models)
        window, view = shown_today(shot, set_up, set_up.admin)
        wait_until(view.today.offer.panel.isVisible)
        picture = closing(window)
        models.close()
        return picture

    return over_school(make)


def offer(shot: Shot) -> Any:
    """Today of a school at work, whose people another model knows better."""

    def make(set_up: School, _model_store: FakeModelStore, _models: Models) -> Any:
        window, view = shown_today(shot, set_up, set_up.admin)
        wait_until(view.today.offer.isVisible)
        return closing(window)

    return over_school(make, installed={"facenet128", "sface"})


def models_list(shot: Shot) -> Any:
    """The list, with the built-in model in use and another one that errs less."""
    return dialog_shot(
        shot,
        lambda dialog, _model_store, _models: dialog.select(PAIR),
        installed={"facenet128", "sface", "yunet-2026may"},
    )


def models_measuring(shot: Shot) -> Any:
    """A measurement that runs."""

    def arrange(dialog: ModelsDialog, _model_store: FakeModelStore, _models: Models) -> None:
        dialog.comparison._comparing.job = ComparisonJob(done=212, of=560)
        dialog.comparison.look()

    return dialog_shot(shot, arrange, installed={"facenet128", "sface"})


def models_licence(shot: Shot) -> Any:
    """The licence of VGG-Face, before it is accepted."""

    def arrange(dialog: ModelsDialog, _model_store: FakeModelStore, _models: Models) -> None:
        dialog.select("vggface")
        dialog.install_choice_button.click()

    return dialog_shot(shot, arrange)


def models_folder(shot: Shot) -> Any:
    """Installing from a folder."""

    def arrange(dialog: ModelsDialog, _model_store: FakeModelStore, _models: Models) -> None:
        dialog.select("facenet512")
        dialog.folder_choice_button.click()
        dialog.folder.set_path(Path("/media/ada/STICK/models"))
        dialog.accept_box.setChecked(True)

    return dialog_shot(shot, arrange)


def models_running(shot: Shot) -> Any:
    """A download."""

    def arrange(dialog: ModelsDialog, model_store: FakeModelStore, models: Models) -> None:
        begin(model_store, models)
        dialog.panel.begin()
        dialog._allow()

    return dialog_shot(shot, arrange)


def models_damaged(shot: Shot) -> Any:
    """A damaged model."""

    def arrange(dialog: ModelsDialog, model_store: FakeModelStore, _models: Models) -> None:
        model_store.damaged.add("facenet512")
        dialog.reload()
        wait_until(lambda: any(one.problem for one in dialog._choices))
        dialog.select("facenet512")

    return dialog_shot(shot, arrange, installed={"facenet512"})


def models_remove(shot: Shot) -> Any:
    """The question before a removal."""

    def make(set_up: School, _model_store: FakeModelStore, _models: Models) -> Any:
        window, view = shown_today(shot, set_up, set_up.admin)
        dialog = opened(view)
        dialog.select("facenet512")
        dialog.remove_button.click()
        wait_until(lambda: dialog.question is not None and dialog.question.isVisible())
        picture = picture_of(window, dialog.question)
        dialog.close()
        bury(window)
        return picture

    return over_school(make, installed={"facenet512"})


def begin(model_store: FakeModelStore, models: Models) -> None:
    """Start an installation that stands still at an eighth."""
    model_store.gate.clear()
    models.install(
        next(one for one in models.choices() if one.name == "facenet512"), actor=Actor.system("Ada Lindgren")
    )
    wait_until(model_store.began.is_set)


def over_school(
    make: Callable[[School, FakeModelStore, Models], Any], *, installed: set[str] | None = None
) -> Any:
    with school() as set_up:
        model_store = FakeModelStore(installed=installed or set())
        model_store.accepted = dict.fromkeys(model_store.installed, "Ada Lindgren")
        settings = SettingsInMemory()
        models = models_over(
            model_store,
            store=set_up.app.core.store,
            settings=settings,
            chosen=lambda: BUILT_IN,
            measured=pair_is_better,
        )
        save_comparison(set_up.app.core.directories.data, pair_is_better())
        try:
            return make(
                replace(set_up, app=with_part(set_up.app, "models.installing", models)), model_store, models
            )
        finally:
            models.close()


def dialog_shot(
    shot: Shot,
    arrange: Callable[[ModelsDialog, FakeModelStore, Models], None],
    *,
    installed: set[str] | None = None,
) -> Any:
    """Today with the dialog over it, brought to where it is worth seeing."""

    def make(set_up: School, model_store: FakeModelStore, models: Models) -> Any:
        window, view = shown_today(shot, set_up, set_up.admin)
        dialog = opened(view)
        arrange(dialog, model_store, models)
        for _ in range(5):
            QApplication.processEvents()
        picture = picture_of(window, dialog)
        print(f"    dialog {dialog.width()}×{dialog.height()} in {shot.size[0]}×{shot.size[1]}")
        models.close()
        dialog.close()
        bury(window)
        return picture

    return over_school(make, installed=installed)


def opened(view: Desk) -> ModelsDialog:
    """The dialog, as the menu opens it."""
    dialog = chosen(view, "Recognition models…")
    if not isinstance(dialog, ModelsDialog):
        raise TypeError("the menu opened something else")
    wait_until(lambda: dialog.choice is not None)
    return dialog


PICTURES: dict[str, Callable[[Shot], Any]] = {"models": models_list, "model-offer": offer}
"""Those that stand in the documentation."""

TRIALS: dict[str, Callable[[Shot], Any]] = {
    "offer-running": offer_running,
    "models-licence": models_licence,
    "models-folder": models_folder,
    "models-running": models_running,
    "models-measuring": models_measuring,
    "models-damaged": models_damaged,
    "models-remove": models_remove,
}
"""Made in a folder of one's own only, to be looked at."""


def main() -> None:
    with picture_application():
        make_pictures()


def make_pictures() -> None:
    arguments = sys.argv[1:]
    trial = bool(arguments) and arguments[0] not in PICTURES
    folder = Path(arguments.pop(0)) if trial else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    everything = {**PICTURES, **TRIALS} if trial else PICTURES
    for name in arguments or everything:
        for look in (Look.LIGHT, Look.DARK):
            for size in ((1920, 1080), (1366, 768)):
                if not trial and (look is Look.DARK or size[1] != 1080):
                    continue
                theme = Theme(look, scale=size[1] / 1080)
                theme.apply()
                suffix = ("-dark" if look is Look.DARK else "") + ("" if size[1] == 1080 else "-768")
                path = folder / f"{name}{suffix}.png"
                everything[name](Shot(theme, size)).save(str(path))
                print(f"{path.name}  {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
