"""QR codes, dark on light in both themes: phones read nothing else."""

import io

import segno

_ERROR = "m"  # corrects 15 % of what a camera misreads; so a code holds 2,331 characters
LONGEST = 2_331


def qr_svg(text: str, border: int = 3) -> str:
    """The QR code of a text of at most ``LONGEST`` characters (ISO 8859-1), as SVG without a size of its own."""
    drawn = io.BytesIO()
    segno.make(text, error=_ERROR, micro=False).save(
        drawn, kind="svg", border=border, light="#fff", xmldecl=False, omitsize=True
    )
    return drawn.getvalue().decode()
