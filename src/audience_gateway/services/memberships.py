"""The audiences that one person is in, where their provider tells."""

from audience_gateway.config import LOCAL_KEY
from audience_gateway.domain.capability import Capabilities
from audience_gateway.domain.catalogue import AudienceQuery, MemberScope
from audience_gateway.domain.errors import UnsupportedOperation
from audience_gateway.domain.member import Member


def audiences_with(member: Member, capabilities: Capabilities) -> AudienceQuery:
    """The active audiences that ``member`` is in, as a list to be paged.

    Raises UnsupportedOperation for a provider that does not tell, or did not tell along with this member.
    """
    key = member.provider_key
    if not capabilities.memberships:
        raise UnsupportedOperation(f"{key} does not tell which audiences a person is in.", provider_key=key)
    if key != LOCAL_KEY and member.audience_ids is None:
        raise UnsupportedOperation(
            f"{key} tells which audiences a person is in only in lists of an audience's members.", provider_key=key
        )
    return AudienceQuery(member=MemberScope(member.ref, member.audience_ids))
