"""@handles in comments: the local part of the e-mail address, and "#id" after it where two colleagues share one. It reads no database."""

import re
from dataclasses import dataclass, replace

HANDLE = re.compile(r"(?<![\w@.])@([A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9])?(?:#[0-9]{1,18})?)")


@dataclass(frozen=True)
class Mention:
    """A colleague as the type-ahead offers them."""

    id: int
    label: str
    handle: str

    def made_unique(self) -> "Mention":
        return replace(self, handle=f"{self.handle}#{self.id}")


def handle_of(email: str) -> str:
    """The handle of an address, in lower case."""
    return email.partition("@")[0].casefold()


def handles_in(text: str) -> list[str]:
    """The handles that `text` names, in order, each once; an e-mail address in the text is none."""
    return list(dict.fromkeys(found.casefold() for found in HANDLE.findall(text)))
