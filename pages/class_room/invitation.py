"""How students get in: the address of this server that phones can reach, and its QR code."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from pages.parts.qr_code import qr_svg

LOCAL = "This address works on this machine alone: start the server for the room, as pages/README.md says."


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where students go; ``warning``: why their phones may not get there."""

    address: str
    warning: str = ""


def invitation(code: str, opened: str, listens: str, network: str | None) -> Invitation:
    """The address for students, from the one that the teacher has ``opened``.

    ``listens``: the address that the server listens on; empty: on all. ``network``: its own one in the local network.
    """
    parts = urlsplit(opened)
    host, port = parts.hostname or "localhost", f":{parts.port}" if parts.port else ""
    warning = ""
    if is_loopback(host):
        if network and not is_loopback(listens or network):
            host = network
        else:
            warning = LOCAL
    shown = f"[{host}]" if ":" in host else host
    return Invitation(f"{parts.scheme or 'http'}://{shown}{port}/class?{urlencode({'room': code})}", warning)


def is_loopback(host: str) -> bool:
    """Whether an address leads back to the machine that asks for it.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("192.168.1.20"), is_loopback("lab.edu")
    (True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_network_address() -> str | None:
    """The address of this machine in its network; None where it has none. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that nobody has: the system only chooses the way there
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if is_loopback(found) else found


def card_svg(address: str, code: str) -> str:
    """The QR code of an address over the code to type, dark on light in both themes: phones read nothing else."""
    side, lettering = 400, 76
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side + lettering}">'
        f'<rect width="100%" height="100%" rx="12" fill="#fff"/><svg width="{side}" height="{side}">'
        f"{qr_svg(address)}</svg>"
        f'<text x="{side / 2}" y="{side + 42}" text-anchor="middle" font-family="monospace" font-size="58" '
        f'font-weight="700" fill="#111">{code}</text></svg>'
    )
