"""The table of contents: every promise of :class:`audience_gateway.ports.Provider`, and what it takes to be bound."""

from collections.abc import Awaitable, Callable

from audience_gateway.domain.capability import Operation
from tests.contract.harness import Harness
from tests.contract.lists import (
    KnownList,
    Lists,
    audience_lists,
    candidate_lists,
    found_member_lists,
    group_member_lists,
    member_lists,
)
from tests.contract.promises import audiences, members, memberships, paging, refusals, restrictions
from tests.contract.promises.promise import Keep, Promise, promise

LISTS: tuple[tuple[str, Lists, tuple[Operation, ...]], ...] = (
    ("audiences", audience_lists, (Operation.LIST,)),
    ("members", member_lists, (Operation.LIST_MEMBERS,)),
    ("found_members", found_member_lists, (Operation.SEARCH_MEMBERS, Operation.LIST_MEMBERS)),
    ("candidates", candidate_lists, (Operation.LIST_CANDIDATES,)),
    ("group_members", group_member_lists, (Operation.READ_GROUPS,)),
)
"""The kinds of lists there are, and what must be claimed for each."""
OF_EVERY_LIST = (
    paging.has_every_row_once,
    paging.has_full_pages,
    paging.says_where_it_ends,
    paging.resumes_at_every_cursor,
    paging.refuses_foreign_cursors,
)
"""What is promised of each of them."""


def _of_each(lists: Lists, keep: Callable[[Harness, KnownList], Awaitable[None]]) -> Keep:
    async def keep_all(harness: Harness) -> None:
        for known in lists(harness):
            await keep(harness, known)

    return keep_all


PROMISES = (
    promise(audiences.says_who_it_is),
    promise(refusals.does_what_it_claims),
    promise(refusals.refuses_what_it_does_not_claim),
    promise(restrictions.restricts_what_does_not_work),
    promise(refusals.lists_no_status_it_does_not_claim, Operation.LIST),
    promise(paging.refuses_cursors_of_other_lists, Operation.LIST),
    promise(audiences.lists_audiences_truly, Operation.LIST),
    promise(audiences.gets_what_it_lists, Operation.GET, Operation.LIST),
    promise(audiences.gets_every_audience, Operation.GET),
    promise(audiences.tells_true_imports, Operation.GET),
    promise(audiences.knows_no_unknown_audience, Operation.GET),
    promise(audiences.gets_many_as_it_gets_one, Operation.GET, batch=True),
    promise(audiences.knows_true_sizes, Operation.READ_SIZE),
    promise(audiences.sizes_audiences_as_it_reads_sizes, Operation.READ_SIZE, Operation.GET),
    promise(audiences.sizes_no_unknown_audience, Operation.READ_SIZE),
    promise(audiences.knows_true_materializations, Operation.READ_MATERIALIZATION),
    promise(audiences.lists_true_source_lists, Operation.LIST_SOURCE_LISTS),
    promise(members.lists_members_truly, Operation.LIST_MEMBERS),
    promise(members.lists_members_of_no_unknown_audience, Operation.LIST_MEMBERS),
    promise(members.searches_no_unknown_audience, Operation.SEARCH_MEMBERS, Operation.LIST_MEMBERS),
    promise(members.lists_members_of_many_as_of_one, Operation.LIST_MEMBERS, batch=True),
    promise(memberships.tells_who_is_in_an_audience, identifiers=True),
    promise(memberships.tells_of_no_unknown_audience, identifiers=True),
    promise(members.gets_everybody, Operation.GET_MEMBER),
    promise(members.lists_candidates_truly, Operation.LIST_CANDIDATES),
    promise(members.knows_groups, Operation.READ_GROUPS),
    promise(members.lists_group_members_truly, Operation.READ_GROUPS),
    promise(members.knows_no_unknown_group, Operation.READ_GROUPS),
    *(
        Promise(f"list_of_{name}_{keep.__name__}", _of_each(lists, keep), operations)
        for name, lists, operations in LISTS
        for keep in OF_EVERY_LIST
    ),
)
