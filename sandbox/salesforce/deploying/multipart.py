"""A multipart/form-data body taken apart."""

import re


def parts_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """The parts by name; one that has none is left out."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if found is None:
        return {}
    pieces = body.split(b"--" + found[1].encode())[1:-1]
    named = (_part(piece) for piece in pieces)
    return {name: content for name, content in named if name}


def _part(piece: bytes) -> tuple[str, bytes]:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    name = re.search(rb'\bname="([^"]*)"', head)
    return name[1].decode() if name else "", content.removesuffix(b"\r\n")
