"""Codes that a class is joined by, and the random texts by which its teacher and its seats are known again.

A code is read aloud and typed on phones: eight characters without look-alikes, 8.5e11 codes. What proves a right is
longer, 192 bits, and only its SHA-256 is stored; a random text of that length needs no slower hash.
"""

import hashlib
import hmac
import re
import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
_TYPED_LONGEST = 40


def new_code() -> str:
    """A code that nobody can foresee."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def read_code(typed: str) -> str | None:
    """The code that someone typed, however they grouped it; None where it cannot be one.

    >>> read_code(" kxq7-m4pt "), read_code("KXQ7 M4P0"), read_code("")
    ('KXQ7M4PT', None, None)
    """
    code = re.sub(r"[\s-]", "", typed[:_TYPED_LONGEST]).upper()
    return code if len(code) == _LENGTH and set(code) <= set(_LETTERS) else None


def spoken(code: str) -> str:
    """A code as it is shown, in two groups.

    >>> spoken("KXQ7M4PT")
    'KXQ7 M4PT'
    """
    return f"{code[: _LENGTH // 2]} {code[_LENGTH // 2 :]}"


def new_token() -> str:
    """A random text that proves a right: to drive a class, or to a seat in it."""
    return secrets.token_urlsafe(24)


def is_token(text: str) -> bool:
    """Whether a text could be a token: nothing else is looked for in the database."""
    return bool(_TOKEN.fullmatch(text))


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def proves(token: str, stored: str) -> bool:
    """Whether a token is the one whose digest was stored, in a time that tells nothing of either."""
    return is_token(token) and hmac.compare_digest(digest(token), stored)
