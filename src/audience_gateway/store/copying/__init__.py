"""Copying everything a store holds into an empty one, of the same or the other kind, in one transaction. Blocks.

What is copied is one moment of the source, which stays readable and writable all the while. The target shows
nothing until every table has been read back and found equal; a copy that is broken off leaves nothing, so there is
nothing to resume: it is started again.
"""

from audience_gateway.store.copying.copies import CopiedTable, ToldProgress, copy_store
from audience_gateway.store.copying.sides import SOURCE, TARGET, at

__all__ = ["SOURCE", "TARGET", "CopiedTable", "ToldProgress", "at", "copy_store"]
