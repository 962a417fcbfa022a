"""How phones reach a kiosk, and the code that they scan. Any thread."""

import ipaddress
import re
from pathlib import Path
from typing import ClassVar, Final

from pydantic import Field, ValidationInfo, field_validator

from kiosk.settings.about import Subject, about
from kiosk.settings.group import SettingsGroup
from kiosk.translation import N_, _


class CodeSettings(SettingsGroup):
    """The rotating QR code."""

    subject: ClassVar[Subject] = Subject.PHONES

    rotation_s: int = Field(
        default=15,
        ge=5,
        le=30,
        title=N_("New code every"),
        description=N_("A code lives for at most twice this time. Shorter is safer against passing it on."),
        json_schema_extra=about(unit=N_("s"), also=N_("QR code rotation scan")),
    )


_NAME: Final = re.compile(r"(?!-)[\w-]{1,63}(?:\.(?!-)[\w-]{1,63})*\.?")
"""A host's name; letters of any script, as international names are typed."""


def _is_host(text: str) -> bool:
    """Whether this is a name or an address and nothing else."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _NAME.fullmatch(text) is not None
    return True


def _networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            raise ValueError(_("{part} is not a network, such as 10.20.0.0/16", part=part)) from None
    return tuple(found)


class WebSettings(SettingsGroup):
    """How phones reach the kiosk."""

    subject: ClassVar[Subject] = Subject.PHONES

    enabled: bool = Field(
        default=True,
        title=N_("Phones may connect"),
        description=N_("Off: the camera and the teacher's list only."),
        json_schema_extra=about(also=N_("on off smartphone mobile")),
    )
    host: str = Field(
        default="0.0.0.0",  # noqa: S104 - phones are on other machines
        title=N_("Listen on"),
        description=N_("Address to listen on; 0.0.0.0 is every adapter."),
        json_schema_extra=about(advanced=True, also=N_("IP interface")),
    )
    port: int = Field(
        default=8080,
        ge=1024,
        le=65535,
        title=N_("Port"),
        description=N_("Port that phones connect to."),
        json_schema_extra=about(advanced=True, also=N_("firewall")),
    )
    address: str = Field(
        default="",
        title=N_("Address shown"),
        description=N_(
            "Name or address in the QR code; empty: the kiosk finds its own address in the network. Up to 37 "
            "characters the code stays large enough to be read from 2 m in the corner, up to 14 from 4 m over the full screen."
        ),
        json_schema_extra=about(also=N_("IP URL name QR code")),
    )
    adapter: str = Field(
        default="",
        max_length=200,
        title=N_("Network"),
        description=N_(
            "Name of the network adapter whose address is shown, such as eth0 or Wi-Fi; empty: the kiosk chooses. "
            "“Test with a phone” lists them."
        ),
        json_schema_extra=about(advanced=True, also=N_("Wi-Fi LAN interface")),
    )
    allowed_subnets: str = Field(
        default="",
        max_length=1000,
        title=N_("Allowed networks"),
        description=N_(
            "Networks that phones may come from, such as 10.20.0.0/16, 192.168.4.0/24; empty: all. More networks let "
            "more phones in. A phone from elsewhere is refused with a sentence, and the teacher sees it."
        ),
        json_schema_extra=about(advanced=True, also=N_("subnet firewall IP")),
    )
    certificate: str = Field(
        default="",
        max_length=1000,
        title=N_("Certificate"),
        description=N_(
            "File (PEM) of the school's certificate for the address shown, with the chain to its issuer. With it "
            "phones connect by HTTPS; empty: by HTTP."
        ),
        json_schema_extra=about(also=N_("HTTPS TLS SSL secure")),
    )
    certificate_key: str = Field(
        default="",
        max_length=1000,
        validate_default=True,
        title=N_("Certificate's key"),
        description=N_(
            "File (PEM) of the private key that belongs to the certificate, without a passphrase. Only the account "
            "that runs the kiosk should be able to read it."
        ),
        json_schema_extra=about(also=N_("HTTPS TLS SSL secure")),
    )

    @field_validator("address")
    @classmethod
    def _is_bare(cls, text: str) -> str:
        text = text.strip()
        if text.startswith("[") and text.endswith("]"):
            text = text[1:-1]  # IPv6 as it stands in an address; whoever shows it adds them
        if text and not _is_host(text):
            raise ValueError(
                _(
                    "Give the name or address alone, such as kiosk.school.example, without http://, port or path"
                )
            )
        return text

    @field_validator("allowed_subnets")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        _networks(text)
        return text

    @field_validator("certificate", "certificate_key")
    @classmethod
    def _is_whole_path(cls, text: str) -> str:
        text = text.strip()
        if text and not Path(text).expanduser().is_absolute():
            raise ValueError(_("Give the whole path of the file, from the root or the drive on"))
        return text

    @field_validator("certificate_key")
    @classmethod
    def _come_together(cls, key: str, info: ValidationInfo) -> str:
        if bool(key) != bool(info.data.get("certificate", "")):
            raise ValueError(_("A certificate and its key belong together: name both files, or none"))
        return key

    @property
    def served(self) -> tuple[bool, str, int, str, str, str]:
        """What the web part is built from: where one of these changes, another one takes its place."""
        return (
            self.enabled,
            self.host,
            self.port,
            self.allowed_subnets,
            self.certificate,
            self.certificate_key,
        )

    def allowed_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """`allowed_subnets` as networks."""
        return _networks(self.allowed_subnets)
