"""Where the sandbox takes its identifiers from: a seeded source, so that two runs name things alike."""

import random

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Identifiers:
    """Makes identifiers in the vendors' styles.

    :param seed: equal seeds give equal sequences.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def hexadecimal(self, length: int = 24) -> str:
        """``length`` lower-case hexadecimal characters, as Trackly names audiences."""
        return "".join(self._random.choices("0123456789abcdef", k=length))

    def short(self, prefix: str, length: int = 12) -> str:
        """``prefix`` and ``length`` lower-case letters and digits, as OliAI names things."""
        return prefix + "".join(self._random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))

    def ulid(self, prefix: str) -> str:
        """``prefix`` and 26 characters of the ULID alphabet starting ``01J``, as Fanfare names things."""
        return prefix + "01J" + "".join(self._random.choices(_CROCKFORD, k=23))
