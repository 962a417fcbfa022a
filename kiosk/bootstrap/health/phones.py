"""Looks at what phones need: the code, the screen that shows it, the address and the certificate. Any thread."""

from typing import Final

from kiosk.bootstrap.display import has_display
from kiosk.bootstrap.health.place import Place, settings_of
from kiosk.bootstrap.screen import this_screen
from kiosk.bootstrap.settings import SettingsFile, school_certificate
from kiosk.bootstrap.sources import open_code_reader
from kiosk.domain.phones.codes import SCANNED
from kiosk.domain.phones.reading_distance import DESK_SCREEN, LEAST_MM, LONGEST_HOST, corner_size, full_size
from kiosk.services.attendance.running_class import SCAN_PATH
from kiosk.services.ports.clock import SystemClock
from kiosk.services.ports.health import Check, CheckState, Remedy
from kiosk.translation import N_, _
from kiosk.wording.dates import numeric_day

CODE_SIZE: Final = {
    True: N_(
        "This screen of {inches:.0f} inches and {width_px}×{height_px} pixels shows modules of "
        "{module_mm:.1f} mm in the corner, readable from {distance_m:.1f} m, and of {full_module_mm:.1f} mm "
        "over the full screen (F2), readable from {full_distance_m:.1f} m."
    ),
    False: N_(
        "This screen tells no size; one of {inches:.0f} inches and {width_px}×{height_px} pixels shows modules of "
        "{module_mm:.1f} mm in the corner, readable from {distance_m:.1f} m, and of {full_module_mm:.1f} mm "
        "over the full screen (F2), readable from {full_distance_m:.1f} m."
    ),
}
"""Whether the screen told its size."""


def look_at_codes() -> Check:
    """Whether codes are drawn and read."""
    from kiosk.codes.draw import QrCodeDrawer

    reader = open_code_reader()
    try:
        texts = reader.read(QrCodeDrawer().picture("kiosk doctor"))
    finally:
        reader.close()
    if texts != ["kiosk doctor"]:
        return Check(
            "codes",
            CheckState.FAULT,
            _("QR codes cannot be read."),
            _("Install the zbar library (libzbar0)."),
        )
    return Check("codes", CheckState.GOOD, _("QR codes are drawn and read."))


def look_at_display(place: Place) -> Check:
    """Whether a window can be shown."""
    if place.is_shown or has_display():
        return Check("display", CheckState.GOOD, _("There is a display for the window."))
    return Check(
        "display",
        CheckState.FAULT,
        _("There is no display."),
        _("Start the kiosk from the desktop, not over a remote shell."),
    )


def look_at_address(place: Place) -> Check:
    """Where phones would find this PC."""
    from kiosk.web.http.lan import shown_host

    web = settings_of(place).web
    address = shown_host(web)
    if address.startswith("127."):
        return Check(
            "address",
            CheckState.FAULT,
            _("This PC is in no network."),
            _("Connect it, so that phones can reach it."),
            Remedy.NETWORK,
        )
    shown = f"{'https' if web.certificate else 'http'}://{address}:{web.port}"
    return Check("address", CheckState.GOOD, _("Phones would reach this PC at {address}.", address=shown))


def look_at_code_size(place: Place) -> Check:
    """From how far the code can be read."""
    from kiosk.codes.draw import QrCodeDrawer
    from kiosk.web.http.lan import shown_host

    web = settings_of(place).web
    host = shown_host(web)
    scheme = "https" if web.certificate else "http"
    text = f"{scheme}://{host}:{web.port}{SCAN_PATH}{'A' * SCANNED.length}".upper()
    modules = QrCodeDrawer().modules(text).shape[0]
    measured = this_screen() if has_display() else None
    screen = measured or DESK_SCREEN
    corner, full = corner_size(modules, screen), full_size(modules, screen)
    said = _(
        CODE_SIZE[measured is not None],
        inches=screen.inches,
        width_px=screen.width_px,
        height_px=screen.height_px,
        module_mm=corner.module_mm,
        distance_m=corner.distance_m,
        full_module_mm=full.module_mm,
        full_distance_m=full.distance_m,
    )
    if corner.module_mm >= LEAST_MM:
        return Check("code size", CheckState.GOOD, said)
    hint = _(
        "That is under {least_mm:.0f} mm: fill the screen with the code (F2), or let students come nearer.",
        least_mm=LEAST_MM,
    )
    if len(host) > LONGEST_HOST:
        shorter = _(
            "A name of at most {longest_host} characters as the address shown makes it larger.",
            longest_host=LONGEST_HOST,
        )
        hint = f"{hint} {shorter}"
    return Check("code size", CheckState.FAULT, said, hint, Remedy.NETWORK)


def look_at_certificate(place: Place) -> Check:
    """Whether phones would take it."""
    certificate = school_certificate(SettingsFile(place.data_dir), SystemClock())
    facts = certificate.check(settings_of(place).web)
    if facts is None:
        return Check(
            "certificate", CheckState.GOOD, _("None is set: phones connect by HTTP, to check in and no more.")
        )
    problem = certificate.problem()
    if problem is not None:
        return Check("certificate", CheckState.FAULT, problem.user_text, problem.hint, Remedy.CERTIFICATE)
    text = _(
        "Phones connect by HTTPS as {names}, until {not_after}.",
        names=", ".join(facts.names),
        not_after=numeric_day(facts.not_after),
    )
    return Check("certificate", CheckState.GOOD, text)
