"""Global identifiers of things in the sandbox, for tests that know them by the vendor's own."""

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.job import JobKind, JobRef
from audience_gateway.domain.node_id import NodeId, NodeType


def audience_id(vendor: str, native_id: str) -> str:
    """The identifier of an audience."""
    return NodeId(NodeType.AUDIENCE, vendor, native_id).encode()


def group_id(vendor: str, native_id: str) -> str:
    """The identifier of a group."""
    return NodeId(NodeType.GROUP, vendor, native_id).encode()


def member_id(vendor: str, native_id: str) -> str:
    """The identifier of a person."""
    return NodeId(NodeType.MEMBER, vendor, native_id).encode()


def import_id(vendor: str, audience: str, native_id: str) -> str:
    """The identifier of an import."""
    return JobRef(JobKind.IMPORT, AudienceRef(vendor, audience), native_id).node_id.encode()
