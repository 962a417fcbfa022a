from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzlocal
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kiosk.errors import SettingsError
from kiosk.settings import (
    SETTINGS_FILE,
    CameraSettings,
    CodeSettings,
    KioskSettings,
    LivenessDefault,
    LookSettings,
    Reach,
    RecognitionSettings,
    SchoolRules,
    Theme,
    WebSettings,
    default_data_dir,
    default_models_dir,
    said,
    validated,
)
from kiosk.translation import speaking
from tests.fakes.pseudo_language import PseudoLanguage, outside

CHANGED = KioskSettings(
    camera=CameraSettings(source="rtsp://10.0.0.9/stream", mirror=False),
    recognition=RecognitionSettings(reach=Reach.FAR, frames=5, span_s=0.5, unsure_after_s=2.5),
    code=CodeSettings(rotation_s=30),
    web=WebSettings(port=9000, address="kiosk.school.example"),
    look=LookSettings(theme=Theme.DARK, sounds=False, success_s=2.5),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / SETTINGS_FILE


# -- the kiosk's file


def test_without_a_file_everything_is_at_its_default(path: Path) -> None:
    assert KioskSettings.load(path) == KioskSettings()
    assert not path.exists()


def test_what_is_saved_is_loaded_again(path: Path) -> None:
    CHANGED.save(path)

    assert KioskSettings.load(path) == CHANGED
    assert [entry.name for entry in path.parent.iterdir()] == [SETTINGS_FILE]


def test_saving_keeps_a_persons_comments_and_order(path: Path) -> None:
    path.write_text(
        "# Room A1\n\n[code]\nrotation_s = 10  # agreed with the head\n\n[camera]\nsource = '1' # the good one\n",
        encoding="utf-8",
    )
    loaded = KioskSettings.load(path)

    loaded.model_copy(update={"code": CodeSettings(rotation_s=20)}).save(path)

    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Room A1\n")
    assert "rotation_s = 20  # agreed with the head" in text
    assert "# the good one" in text
    assert text.index("[code]") < text.index("[camera]")
    assert KioskSettings.load(path).camera.source == "1"


def test_a_byte_order_mark_of_windows_editors_means_nothing(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf[web]\nport = 9000\n")

    settings = KioskSettings.load(path)
    settings.save(path)

    assert settings.web.port == 9000
    assert KioskSettings.load(path) == settings


def test_saving_twice_writes_the_same_file(path: Path) -> None:
    CHANGED.save(path)
    first = path.read_bytes()
    CHANGED.save(path)

    assert path.read_bytes() == first


def test_a_file_may_name_a_few_settings_only(path: Path) -> None:
    path.write_text("[look]\ntheme = 'dark'\n", encoding="utf-8")

    loaded = KioskSettings.load(path)

    assert loaded.look.theme is Theme.DARK
    assert loaded.model_copy(update={"look": LookSettings()}) == KioskSettings()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[camera]\nsorce = '1'\n", "camera.sorce"),
        ("[kamera]\nsource = '1'\n", "kamera"),
        ("[code]\nrotation_s = 31\n", "code.rotation_s"),
        ("[code]\nrotation_s = 4\n", "code.rotation_s"),
        ("[code]\nrotation_s = 'soon'\n", "code.rotation_s"),
        ("[web]\nport = 80\n", "web.port"),
        ("[web]\nport = 65536\n", "web.port"),
        ("[recognition]\nframes = 1\n", "recognition.frames"),
        ("[recognition]\nspan_s = nan\n", "recognition.span_s"),
        ("[look]\ntheme = 'pink'\n", "look.theme"),
        ("camera = 3\n", "camera"),
    ],
)
def test_an_unknown_or_wrong_setting_is_named(path: Path, text: str, named: str) -> None:
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as refusal:
        KioskSettings.load(path)
    assert SETTINGS_FILE in refusal.value.user_text
    assert refusal.value.hint.startswith(f"{named}: ")


@pytest.mark.parametrize(
    "wrong",
    [{"span_s": 9}, {"frames": 1}, {"frames": "x"}, {"frames": 2.5}, {"reach": "nowhere"}, {"reech": "near"}],
)
def test_what_is_wrong_is_said_as_pydantic_does_and_in_any_language(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        RecognitionSettings.model_validate(wrong)
    problem = caught.value.errors()[0]
    assert said(problem) == problem["msg"]
    with speaking(PseudoLanguage()):
        assert outside(said(problem)) == ""


def test_all_wrong_settings_are_named_at_once(path: Path) -> None:
    path.write_text("[code]\nrotation_s = 99\n[web]\nport = 1\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"code\.rotation_s: .*web\.port: "):
        KioskSettings.load(path)


@pytest.mark.parametrize("text", ["[camera\n", "camera source 1", "[a]\n[a]\n"])
def test_a_file_that_is_not_toml_says_so(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match="not valid TOML"):
        KioskSettings.load(path)


@pytest.mark.parametrize("content", [b"", b" \t\r\n\n", b"\0" * 4096, b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\0"])
def test_an_emptied_file_is_refused_by_name_and_never_overwritten(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(SettingsError) as refusal:
        KioskSettings.load(path)
    assert refusal.value.user_text == f"The settings file {path} is empty."
    assert "Bring it back from a copy, or delete it" in refusal.value.hint
    with pytest.raises(SettingsError, match="is empty"):
        CHANGED.save(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("left", [1, 100, 512])
def test_a_file_that_was_cut_and_filled_with_zeros_is_refused_by_name(path: Path, left: int) -> None:
    CHANGED.save(path)
    path.write_bytes(path.read_bytes()[:left] + b"\0" * 100)

    with pytest.raises(SettingsError, match=SETTINGS_FILE):
        KioskSettings.load(path)


def test_a_file_of_comments_alone_means_the_defaults(path: Path) -> None:
    path.write_text("# [web]\n# port = 9000\n", encoding="utf-8")

    assert KioskSettings.load(path) == KioskSettings()


def test_the_defaults_as_the_program_writes_them_are_loaded_again(path: Path) -> None:
    KioskSettings().save(path)

    assert KioskSettings.load(path) == KioskSettings()


def test_a_file_that_is_not_text_cannot_be_read(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="cannot be read"):
        KioskSettings.load(path)


def test_a_folder_in_place_of_the_file_cannot_be_read_or_written(path: Path) -> None:
    path.mkdir()

    with pytest.raises(SettingsError, match="cannot be read"):
        KioskSettings.load(path)
    with pytest.raises(SettingsError, match="cannot be"):
        KioskSettings().save(path)


def test_settings_cannot_be_saved_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        KioskSettings().save(tmp_path / "missing" / SETTINGS_FILE)


@pytest.mark.parametrize("text", ["[camera\n", "camera = 3\n"])
def test_a_file_that_someone_broke_meanwhile_is_not_overwritten(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError):
        KioskSettings().save(path)
    assert path.read_text(encoding="utf-8") == text


def test_a_changed_copy_is_checked() -> None:
    assert validated(CodeSettings(), rotation_s=20) == CodeSettings(rotation_s=20)
    with pytest.raises(SettingsError, match="rotation_s: "):
        validated(CodeSettings(), rotation_s=99)
    with pytest.raises(SettingsError, match="rotation: "):
        validated(CodeSettings(), rotation=20)


def test_every_setting_says_what_it_does() -> None:
    groups = [field.annotation for field in KioskSettings.model_fields.values()]
    for group in [*groups, SchoolRules]:
        assert group is not None
        assert issubclass(group, (SchoolRules, *groups))  # type: ignore[arg-type]  # annotations are classes here
        for name, field in group.model_fields.items():
            assert field.title, name
            assert field.description, name


# -- the school's rules


def test_rules_become_texts_and_texts_rules() -> None:
    rules = SchoolRules(school_name="Lycée", time_zone="Asia/Kolkata", late_after_min=0, auto_end_h=0.5)

    assert SchoolRules.from_texts(rules.to_texts()) == rules
    assert rules.to_texts()["rules.time_zone"] == "Asia/Kolkata"


@given(late=st.integers(0, 240), hours=st.floats(0.5, 24), name=st.text(max_size=80))
def test_any_rules_within_bounds_survive_the_database(late: int, hours: float, name: str) -> None:
    rules = SchoolRules(school_name=name, late_after_min=late, auto_end_h=hours)

    assert SchoolRules.from_texts(rules.to_texts()) == rules


def test_no_texts_mean_the_defaults_and_foreign_ones_are_left_alone() -> None:
    assert SchoolRules.from_texts({}) == SchoolRules()
    assert SchoolRules.from_texts({"thresholds.model.accept": "0.5", "rules.future": "1"}) == SchoolRules()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("late_after_min", "-1"),
        ("late_after_min", "241"),
        ("late_after_min", "ten"),
        ("auto_end_h", "0"),
        ("auto_end_h", "25"),
        ("learn_faces_from", "tomorrow"),
        ("learn_faces_from", "2026-13-1"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("school_name", "x" * 81),
    ],
)
def test_a_stored_rule_that_is_wrong_is_named(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: "):
        SchoolRules.from_texts({f"rules.{name}": text})


@pytest.fixture
def _zone_is_read_anew() -> Iterator[None]:
    """tzlocal remembers the zone of the PC for the life of the process."""
    tzlocal.reload_localzone()
    yield
    tzlocal.reload_localzone()


@pytest.mark.usefixtures("_zone_is_read_anew")
def test_the_schools_zone_is_the_one_named_or_that_of_the_pc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    tzlocal.reload_localzone()

    assert SchoolRules(time_zone="Europe/Berlin").zone().key == "Europe/Berlin"
    assert SchoolRules().zone().key == "Pacific/Auckland"


def test_the_day_from_which_faces_are_learned_begins_in_the_zone_and_is_off_by_default() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert SchoolRules().learns_since(berlin) is None
    began = SchoolRules(learn_faces_from="2026-12-01").learns_since(berlin)
    assert began == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


def test_a_pc_with_an_odd_zone_still_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")

    assert SchoolRules().zone().key


# -- where things live


def test_models_are_kept_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(tmp_path))
    assert default_models_dir() == tmp_path
    monkeypatch.setenv("KIOSK_MODELS_DIR", "~/models")
    assert default_models_dir() == Path.home() / "models"


@pytest.mark.parametrize("value", [None, ""])
def test_models_are_kept_in_the_default_data_directory_otherwise(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("KIOSK_MODELS_DIR", raising=False)
    if value is not None:
        monkeypatch.setenv("KIOSK_MODELS_DIR", value)

    assert default_models_dir() == default_data_dir() / "models"


def test_in_a_checkout_data_lies_in_it_and_in_the_frozen_app_with_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checkout = default_data_dir()
    assert checkout == Path(__file__).parents[2] / "data"

    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert default_data_dir().name == "Attendance Kiosk"
    assert checkout.parent not in default_data_dir().parents


# -- liveness


def test_a_face_cannot_be_live_and_a_picture_at_once(path: Path) -> None:
    path.write_text("[liveness]\nlive_from = 40\nattack_below = 60\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="wrong value") as told:
        KioskSettings.load(path)
    assert "attack_below" in told.value.hint


def test_the_schools_rule_of_liveness_is_kept_as_text() -> None:
    rules = SchoolRules(liveness=LivenessDefault.ACTIVE)
    assert rules.to_texts()["rules.liveness"] == "head_turn"
    assert SchoolRules.from_texts(rules.to_texts()) == rules


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("10.20.0.0/16, 10.0.0.0/33", "10.0.0.0/33"), ("school", "school"), ("10.0.0.1/8", "10.0.0.1/8")],
)
def test_a_network_that_is_none_is_named(path: Path, text: str, wrong: str) -> None:
    path.write_text(f'[web]\nallowed_subnets = "{text}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=wrong.replace(".", r"\.")):
        KioskSettings.load(path)


def test_networks_stand_in_one_line() -> None:
    networks = WebSettings(allowed_subnets="10.20.0.0/16, 2001:db8::/32").allowed_networks()
    assert [str(network) for network in networks] == ["10.20.0.0/16", "2001:db8::/32"]
    assert WebSettings().allowed_networks() == ()


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ('certificate = "/a/kiosk.pem"', "belong together"),
        ('certificate_key = "/a/key.pem"', "belong together"),
        ('certificate = "kiosk.pem"\ncertificate_key = "/a/key.pem"', "whole path"),
    ],
)
def test_a_certificate_without_its_key_or_its_place_is_refused(path: Path, lines: str, wrong: str) -> None:
    path.write_text(f"[web]\n{lines}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=wrong):
        KioskSettings.load(path)


@pytest.mark.parametrize(
    "text",
    [
        "http://kiosk.school.example:8080/",
        "kiosk.school.example:8080",
        "kiosk.school.example/answer",
        "kiosk school",
        "anna@kiosk",
        "-kiosk",
        "10.20.4.17:8080",
        "[fd00::1]:8080",
        "k..l",
    ],
)
def test_an_address_with_anything_around_the_name_is_refused(path: Path, text: str) -> None:
    path.write_text(f'[web]\naddress = "{text}"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        KioskSettings.load(path)
    assert "without http://, port or path" in f"{refused.value.hint}"
    assert "address" in f"{refused.value.hint}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        (" kiosk.school.example ", "kiosk.school.example"),
        ("kiosk_2", "kiosk_2"),
        ("schule-müller.example", "schule-müller.example"),
        ("10.20.4.17", "10.20.4.17"),
        ("fd00::1", "fd00::1"),
        ("[fd00::1]", "fd00::1"),
    ],
)
def test_a_name_or_an_address_alone_is_taken(text: str, kept: str) -> None:
    assert WebSettings(address=text).address == kept
