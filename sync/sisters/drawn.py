"""Draw a link that holds a letter as a QR code; the home of segno among the hub's pages."""

import io

import segno

BORDER = 4
"""Modules of quiet around it.  Source: ISO/IEC 18004, section 6.3.8."""


def draw(address: str) -> str:
    """Return an address as an SVG picture for the inside of a page, black on white in the dark too."""
    picture = io.BytesIO()
    made = segno.make_qr(address, error="l", boost_error=False)
    made.save(picture, kind="svg", xmldecl=False, svgns=True, border=BORDER, light="#fff", omitsize=True)
    return picture.getvalue().decode()
