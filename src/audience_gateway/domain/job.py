"""Long work: what kinds there are, and which piece of it."""

import json
from dataclasses import dataclass
from enum import Enum

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.errors import BadId
from audience_gateway.domain.node_id import NodeId, NodeType


class JobKind(Enum):
    """What kind of long work it is."""

    IMPORT = "IMPORT"


@dataclass(frozen=True, slots=True)
class JobRef:
    """Which job: the audience it works on and, within that, the provider's own identifier of the job."""

    kind: JobKind
    audience: AudienceRef
    native_id: str

    @property
    def node_id(self) -> NodeId:
        """The job as global identifiers name it."""
        parts = [self.kind.value, self.audience.native_id, self.native_id]
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return NodeId(NodeType.JOB, self.audience.provider_key, text)

    @classmethod
    def of(cls, node_id: NodeId) -> "JobRef":
        """Read a job's identifier back; raises BadId for anything :attr:`node_id` has not made."""
        try:
            kind, audience_id, native_id = json.loads(node_id.native_id)
            ref = cls(JobKind(kind), AudienceRef(node_id.provider_key, audience_id), native_id)
        except (TypeError, ValueError, RecursionError) as error:
            raise BadId("This is not an identifier of ours.") from error
        texts = isinstance(audience_id, str) and isinstance(native_id, str)
        if not texts or ref.node_id != node_id:
            raise BadId("This is not an identifier of ours.")
        return ref
