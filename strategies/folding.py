"""The form in which texts are searched: without case, and with one spelling for each letter."""

import unicodedata


def fold(text: str) -> str:
    """
    Return a text as it is searched and looked for.

    Databases differ: SQLite ignores the case of ASCII letters alone, PostgreSQL goes by its locale. Folded here, "ÜBER"
    is found in "Über uns" by both, and "STRASSE" in "Straße".
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
