"""OliAI's data in memory and the questions its API asks of it."""

from dataclasses import dataclass

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.identifiers import Identifiers
from audience_gateway.sandbox.oliai.objects import Audience, AudienceRecord, Campaign, Contact, newest_first


@dataclass(slots=True)
class State:
    """Everything OliAI knows, of every organisation; dictionaries are by id.

    ``clock`` and ``identifiers`` stamp and name what gets written. ``memberships`` holds contact ids by audience id,
    one entry for every record, perhaps empty.
    """

    clock: Clock
    identifiers: Identifiers
    records: dict[str, AudienceRecord]
    contacts: dict[str, Contact]
    memberships: dict[str, set[str]]
    campaigns: dict[str, Campaign]

    @property
    def audiences(self) -> dict[str, Audience]:
        """Every audience by id, newest first, with its count as of now."""
        return {record["id"]: self._sent(record) for record in newest_first(self.records.values())}

    def audiences_of(self, organization: str) -> list[Audience]:
        """The organisation's audiences, newest first."""
        return [audience for audience in self.audiences.values() if audience["organizationId"] == organization]

    def audience(self, organization: str, audience_id: str) -> Audience | None:
        """One audience; None when absent or another organisation's."""
        record = self.records.get(audience_id)
        return self._sent(record) if record and record["organizationId"] == organization else None

    def contacts_of(self, organization: str) -> list[Contact]:
        """The organisation's contacts, newest first."""
        return newest_first(found for found in self.contacts.values() if found["organizationId"] == organization)

    def contact(self, organization: str, contact_id: str) -> Contact | None:
        """One contact; None when absent or another organisation's."""
        found = self.contacts.get(contact_id)
        return found if found and found["organizationId"] == organization else None

    def members_of(self, audience_id: str) -> list[Contact]:
        """The audience's contacts, newest first; KeyError when there is no such audience."""
        return newest_first(self.contacts[contact_id] for contact_id in self.memberships[audience_id])

    def candidates_for(self, audience_id: str) -> list[Contact]:
        """The organisation's contacts that are not in the audience yet, newest first."""
        inside = self.memberships[audience_id]
        organization = self.records[audience_id]["organizationId"]
        return [found for found in self.contacts_of(organization) if found["id"] not in inside]

    def _sent(self, record: AudienceRecord) -> Audience:
        return Audience(
            id=record["id"],
            name=record["name"],
            description=record["description"],
            organizationId=record["organizationId"],
            contactCount=len(self.memberships[record["id"]]),
            createdAt=record["createdAt"],
            updatedAt=record["updatedAt"],
        )
