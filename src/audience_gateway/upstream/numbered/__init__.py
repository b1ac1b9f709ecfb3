"""Lists that come in numbered pages, turned into lists with a cursor for every row, while rows come and go.

A row can be counted on by its identifier only, never by its number. A cursor therefore remembers rows: its own, the
three in front of it and one for each doubling of the distance, as fingerprints. Reading goes on behind the last of them
that is found, and two pages are put together only by a row that stands in both. As rows keep their order, nothing that
stays in the list can stand unseen between two rows that are neighbours in one page: **no row is missed that is in the
list during the whole walk**, wherever others are added or removed, and between the calls of one page too.

What it costs: one call a page where one page of at most 100 rows holds the wanted rows and the one in front, in a walk
with one page size always up to 50 rows; two calls above. When rows moved, more: they are looked for around the place
where the announced length puts them. When all remembered rows are gone and the length leaves at most 100 rows in front,
reading goes on at the very start, else it is BadCursor. Rows are repeated only when so many were removed in one place.

It rests on this: rows keep their order, identifiers are unique, and one reply is of one moment. Only where 50 rows and
more on end cannot be read is there nothing to hold on to, and numbers are believed.
"""

from audience_gateway.upstream.numbered.pages import FetchPage, NumberedPage
from audience_gateway.upstream.numbered.reader import read_numbered

__all__ = ["FetchPage", "NumberedPage", "read_numbered"]
