"""The models dialog: real widgets pressed, over a store that waits for the test."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.rights import Actor
from kiosk.errors import ModelError
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.services.models.comparing import ComparisonJob
from kiosk.storage.kept_comparison import save_comparison
from tests.fakes.actors import admin
from tests.fakes.models.comparisons import pair_is_better
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


def open_dialog(qtbot: QtBot, app: KioskApp, theme: Theme, *, model: str = "facenet512") -> ModelsDialog:
    dialog = ModelsDialog(app.models, app.faces.calibrating, theme, admin("Ada"), model=model)
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.choice is not None)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, app: KioskApp, theme: Theme) -> ModelsDialog:
    return open_dialog(qtbot, app, theme)


def lines(dialog: ModelsDialog) -> dict[str, str]:
    return {cells[0]: cells[2] for cells in dialog.table.texts()}


def accept(dialog: ModelsDialog) -> None:
    assert not dialog.main_button.isEnabled()
    QTest.keyClick(dialog.accept_box, Qt.Key.Key_Space)


def test_every_model_says_its_state_size_licence_and_use(dialog: ModelsDialog) -> None:
    assert dialog.table.texts()[:3] == [
        ("Built-in model", "Recognition", "Built in, in use", "", ""),
        ("FaceNet-128 with SFace", "Recognition", "Not installed", "", "103 MB"),
        ("FaceNet-512", "Recognition", "Not installed", "", "95 MB"),
    ]
    assert lines(dialog)["MiniFASNet liveness"] == "Not installed"
    assert dialog.choice is not None
    assert dialog.choice.name == "facenet512"
    assert "could not be measured here" in dialog.detail.text()
    assert dialog.origin_line.text().startswith("Licence MIT. From deepface")


def test_buttons_offer_what_can_be_done_with_the_selected_line(
    dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot
) -> None:
    def enabled() -> list[bool]:
        buttons = (
            dialog.install_choice_button,
            dialog.folder_choice_button,
            dialog.use_button,
            dialog.remove_button,
        )
        return [button.isEnabled() for button in buttons]

    assert enabled() == [True, True, False, False]
    dialog.select("dlib-resnet-v1")
    assert enabled() == [False, False, False, False]
    model_store.installed.add("vggface")
    dialog.reload()
    qtbot.waitUntil(lambda: lines(dialog)["VGG-Face"] == "Installed")
    dialog.select("vggface")
    assert enabled() == [True, True, True, True]


def test_two_networks_in_one_line_are_installed_one_after_the_other(
    dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot
) -> None:
    dialog.select("facenet-sface")
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    assert "MIT licence" in dialog.licence.text()
    assert "Apache License" in dialog.licence.text()
    accept(dialog)
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-128 with SFace"] == "Installed, in use")
    assert [name for name, _origin in model_store.origins] == ["facenet128", "sface"]
    assert lines(dialog)["SFace"] == "Installed"
    dialog.select("sface")
    assert dialog.use_button.isEnabled(), "either alone stays a click away"


def test_model_is_installed_after_its_licence_was_accepted(
    dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot
) -> None:
    model_store.gate.clear()
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    assert "MIT licence" in dialog.licence.text()
    assert dialog.folder.isHidden()
    QTest.mouseClick(dialog.main_button, LEFT)
    assert model_store.origins == []
    accept(dialog)
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(lambda: "11.9 of 95.0 MB" in dialog.panel.words.text())
    assert dialog.panel.isVisible()
    assert dialog.panel.bar.value() == 125
    assert not dialog.install_choice_button.isEnabled()
    model_store.gate.set()
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-512"] == "Installed")
    assert dialog.banner.text.startswith("FaceNet-512 is installed. The model in use stays.")
    assert dialog.use_button.isEnabled()
    assert not dialog.panel.isVisible()
    assert model_store.accepted == {"facenet512": "Ada"}
    assert "Licence accepted by Ada on 2026-11-02." in dialog.origin_line.text()
    assert "SHA-256 4c55425295850c96…" in dialog.origin_line.text()


def test_research_only_weights_say_so_in_the_licence(dialog: ModelsDialog) -> None:
    dialog.select("vggface")
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    assert "non-commercial research only" in dialog.licence.text()
    assert "580 MB" in dialog.title_line.text()


def test_model_is_installed_from_a_folder(
    dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.select("liveness")
    QTest.mouseClick(dialog.folder_choice_button, LEFT)
    QTest.keyClick(dialog.accept_box, Qt.Key.Key_Space)
    assert not dialog.main_button.isEnabled()
    QTest.keyClicks(dialog.folder.edit, str(tmp_path))
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(lambda: lines(dialog)["MiniFASNet liveness"] == "Installed, in use")
    assert model_store.origins == [("minifasnet-v2", tmp_path), ("minifasnet-v1se", tmp_path)]


def test_installation_is_stopped(dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot) -> None:
    model_store.gate.clear()
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    accept(dialog)
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(model_store.began.is_set)
    QTest.mouseClick(dialog.panel.stop_button, LEFT)
    qtbot.waitUntil(lambda: "was not installed: it was stopped" in dialog.banner.text)
    assert lines(dialog)["FaceNet-512"] == "Not installed"


def test_installation_goes_on_without_the_dialog(
    dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot, app: KioskApp, theme: Theme
) -> None:
    model_store.gate.clear()
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    accept(dialog)
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(model_store.began.is_set)
    QTest.mouseClick(dialog.close_button, LEFT)
    assert not dialog.isVisible()
    again = open_dialog(qtbot, app, theme)
    assert again.panel.isVisible()
    model_store.gate.set()
    qtbot.waitUntil(lambda: lines(again)["FaceNet-512"] == "Installed")


def test_failure_is_said_with_what_to_do(
    dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot
) -> None:
    model_store.refuse = ModelError("There is no connection to the internet.", "Install it from a folder.")
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    accept(dialog)
    QTest.mouseClick(dialog.main_button, LEFT)
    qtbot.waitUntil(
        lambda: dialog.banner.text == "There is no connection to the internet. Install it from a folder."
    )


def test_back_leaves_everything_as_it_was(dialog: ModelsDialog, model_store: FakeModelStore) -> None:
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    accept(dialog)
    QTest.mouseClick(dialog.back_button, LEFT)
    assert dialog.table.isVisible()
    QTest.mouseClick(dialog.install_choice_button, LEFT)
    assert not dialog.accept_box.isChecked()
    assert model_store.accepted == {}


def test_another_model_is_chosen(
    dialog: ModelsDialog, model_store: FakeModelStore, settings: SettingsInMemory, qtbot: QtBot
) -> None:
    model_store.installed |= {"facenet512", "facenet128"}
    dialog.reload()
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-128"] == "Installed, in use")
    dialog.select("facenet512")
    QTest.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-512"] == "Installed, in use")
    assert str(settings.settings.recognition.model) == "facenet512"
    assert lines(dialog)["FaceNet-128"] == "Installed"


def test_removal_is_confirmed_first(dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot) -> None:
    model_store.installed.add("facenet512")
    dialog.reload()
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-512"] == "Installed")
    QTest.mouseClick(dialog.remove_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.cancel_button, LEFT)
    assert model_store.installed == {"facenet512"}
    QTest.mouseClick(dialog.remove_button, LEFT)
    QTest.mouseClick(dialog.question.action_button, LEFT)
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-512"] == "Not installed")
    assert lines(dialog)["Built-in model"] == "Built in, in use"


def test_damaged_model_says_why_and_can_be_installed_again(
    qtbot: QtBot, app: KioskApp, theme: Theme, model_store: FakeModelStore
) -> None:
    model_store.installed.add("facenet512")
    model_store.damaged.add("facenet512")
    dialog = open_dialog(qtbot, app, theme)
    assert lines(dialog)["FaceNet-512"] == "Damaged"
    assert dialog.detail.text() == "Its file is damaged. Install it again."
    assert dialog.install_choice_button.isEnabled()
    assert not dialog.use_button.isEnabled()


def test_without_tensorflow_only_a_folder_is_offered(
    qtbot: QtBot, app: KioskApp, theme: Theme, model_store: FakeModelStore
) -> None:
    model_store.obstacle = "This kiosk comes without TensorFlow."
    dialog = open_dialog(qtbot, app, theme)
    assert not dialog.install_choice_button.isEnabled()
    assert dialog.folder_choice_button.isEnabled()
    assert "without TensorFlow" in dialog.detail.text()


def test_the_model_in_use_is_selected_unless_another_one_is_asked_for(
    qtbot: QtBot, app: KioskApp, theme: Theme
) -> None:
    for asked, selected in (("", "dlib-resnet-v1"), ("sface", "sface")):
        choice = open_dialog(qtbot, app, theme, model=asked).choice
        assert choice is not None
        assert choice.name == selected


def test_keyboard_alone_installs(dialog: ModelsDialog, model_store: FakeModelStore, qtbot: QtBot) -> None:
    dialog.install_choice_button.setFocus()
    QTest.keyClick(dialog.install_choice_button, Qt.Key.Key_Space)
    assert dialog.accept_box.hasFocus() or dialog.focusWidget() is dialog.accept_box
    QTest.keyClick(dialog.accept_box, Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lines(dialog)["FaceNet-512"] == "Installed")


def test_what_was_measured_is_said_with_its_day(qtbot: QtBot, app: KioskApp, theme: Theme) -> None:
    save_comparison(app.core.directories.data, pair_is_better())
    dialog = open_dialog(qtbot, app, theme)
    assert {cells[0]: cells[3] for cells in dialog.table.texts()} | {
        "FaceNet-128 with SFace": "1 to 3",
        "Built-in model": "8 to 15",
        "FaceNet-512": "",
    } == {cells[0]: cells[3] for cells in dialog.table.texts()}
    assert dialog.comparison.words.text() == (
        "FaceNet-128 with SFace errs least: it misses 1 to 3 of 100 students. "
        "Measured on 28 Nov 2026 on 27 people, 21 of them with pictures of different days."
    )


def test_a_difference_that_may_be_chance_and_pictures_of_one_day_are_called_so(
    qtbot: QtBot, app: KioskApp, theme: Theme
) -> None:
    save_comparison(app.core.directories.data, pair_is_better(people_of_days=0, surely=False))
    said = open_dialog(qtbot, app, theme).comparison.words.text()
    assert "Beside the model in use that may be chance." in said
    assert said.endswith("So how they look on other days is forecast from other people.")


def test_a_click_measures_and_says_where_people_are_too_few(dialog: ModelsDialog, qtbot: QtBot) -> None:
    assert "was not measured yet" in dialog.comparison.words.text()
    QTest.mouseClick(dialog.comparison.measure_button, LEFT)
    qtbot.waitUntil(lambda: "Fewer than 5 say nothing." in dialog.comparison.words.text())
    assert dialog.comparison.measure_button.isVisible()


def test_a_measurement_that_is_over_before_anybody_looked_is_said(
    qtbot: QtBot, app: KioskApp, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured_at_once(*, actor: Actor) -> None:
        del actor
        app.models.comparing.job = ComparisonJob(running=False, found=pair_is_better())

    monkeypatch.setattr(app.models.comparing, "start", measured_at_once)
    panel = open_dialog(qtbot, app, theme).comparison
    QTest.mouseClick(panel.measure_button, LEFT)
    assert panel.words.text().startswith("FaceNet-128 with SFace errs least")


def test_a_measurement_that_runs_is_shown_and_can_be_stopped(
    qtbot: QtBot, app: KioskApp, theme: Theme
) -> None:
    app.models.comparing.job = ComparisonJob(done=3, of=12)
    dialog = open_dialog(qtbot, app, theme)
    panel = dialog.comparison
    assert panel.words.text() == "Measuring the models: 3 of 12 pictures."
    assert (panel.bar.value(), panel.bar.maximum()) == (3, 12)
    assert not panel.measure_button.isVisible()
    QTest.mouseClick(panel.stop_button, LEFT)
    assert app.models.comparing.is_cancelled()
    app.models.comparing.job = ComparisonJob(running=False, error=ModelError("The model sface is damaged."))
    qtbot.waitUntil(lambda: dialog.banner.text == "The model sface is damaged.")
    assert panel.measure_button.isVisible()


def test_thresholds_of_an_earlier_version_are_named_and_can_be_measured_again(
    qtbot: QtBot, app: KioskApp, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not open_dialog(qtbot, app, theme).earlier.isVisible()
    monkeypatch.setattr(app.faces.calibrating, "is_of_earlier_version", lambda: True)
    dialog = open_dialog(qtbot, app, theme)
    qtbot.waitUntil(dialog.earlier.isVisible)
    with qtbot.waitSignal(dialog.calibrate_wanted):
        QTest.mouseClick(dialog.earlier.measure_button, LEFT)
    assert not dialog.isVisible()
