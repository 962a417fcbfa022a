"""Cameras by name, as Linux tells them, and by number elsewhere."""

from pathlib import Path

import pytest

from kiosk.camera.factory import open_source
from kiosk.camera.listing import find_cameras
from kiosk.errors import SourceError
from kiosk.services.ports.cameras import FoundCamera


def node(system: Path, number: int, name: str, *, index: int = 0) -> None:
    folder = system / f"video{number}"
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "index").write_text(f"{index}\n")


def test_each_camera_is_listed_once_by_the_name_of_its_maker(tmp_path: Path) -> None:
    system = tmp_path / "class"
    node(system, 10, "Desk camera")
    node(system, 11, "Desk camera", index=1)
    node(system, 0, "Built-in camera")
    found = find_cameras(system, tmp_path / "none", platform="linux")
    assert found == [FoundCamera("0", "Built-in camera"), FoundCamera("10", "Desk camera")]


def test_a_camera_keeps_its_source_when_it_is_plugged_in_elsewhere(tmp_path: Path) -> None:
    system, by_id, devices = tmp_path / "class", tmp_path / "by-id", tmp_path / "dev"
    by_id.mkdir()
    devices.mkdir()
    (devices / "video2").touch()
    link = by_id / "usb-Maker_Desk_1234-video-index0"
    link.symlink_to(devices / "video2")
    node(system, 2, "Desk camera")
    assert find_cameras(system, by_id, platform="linux") == [FoundCamera(str(link), "Desk camera")]


def test_two_of_a_kind_are_told_apart(tmp_path: Path) -> None:
    system = tmp_path / "class"
    node(system, 0, "HD camera")
    node(system, 2, "HD camera")
    names = [one.name for one in find_cameras(system, tmp_path, platform="linux")]
    assert names == ["HD camera (1)", "HD camera (2)"]


def test_a_pc_without_cameras_has_none(tmp_path: Path) -> None:
    assert find_cameras(tmp_path / "class", tmp_path / "by-id", platform="linux") == []


def test_where_the_system_says_no_names_the_first_numbers_are_tried() -> None:
    found = find_cameras(platform="win32", gives_pictures=lambda index: index == 1)
    assert found == [FoundCamera("1", "Camera 1")]


def test_one_that_was_unplugged_is_said_by_its_name() -> None:
    source = open_source("/dev/v4l/by-id/usb-Desk_99-video-index0")
    with pytest.raises(SourceError, match="usb-Desk_99-video-index0 is not plugged in"):
        source.open()
