from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter
from pytestqt.qtbot import QtBot

from kiosk.gui.widgets.lists.pictures import KEPT, SmallPictures


def png(colour: QColor, width: int = 80, height: int = 60) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def test_a_picture_fills_its_square_and_is_decoded_once(qtbot: QtBot) -> None:
    pictures, data = SmallPictures(40), png(QColor(Qt.GlobalColor.red))
    drawn = pictures.drawn(data)
    assert (drawn.width(), drawn.height()) == (40, 40)
    assert drawn.toImage().pixelColor(1, 1) == QColor(Qt.GlobalColor.red)
    assert pictures.drawn(data).cacheKey() == drawn.cacheKey()


def test_bytes_that_are_no_picture_leave_an_empty_square(qtbot: QtBot) -> None:
    drawn = SmallPictures(40).drawn(b"none")
    assert (drawn.width(), drawn.toImage().pixelColor(1, 1).alpha()) == (40, 0)


def test_the_newest_are_kept_and_no_more(qtbot: QtBot) -> None:
    pictures = SmallPictures(8)
    first = pictures.drawn(b"0").cacheKey()
    for number in range(1, KEPT + 1):
        pictures.drawn(str(number).encode())
    assert pictures.drawn(b"0").cacheKey() != first
