"""The domain's enums as enums of the schema, every value described."""

from enum import Enum

import strawberry

from audience_gateway.domain.audience import AudienceKind, AudienceStatus, GroupKind, JobState, SizeBasis
from audience_gateway.domain.capability import Operation, Support
from audience_gateway.domain.catalogue import AudienceSortField, SortDirection
from audience_gateway.domain.errors import ErrorCode
from audience_gateway.domain.health import HealthState
from audience_gateway.domain.identity import IdentifierKind
from audience_gateway.domain.job import JobKind
from audience_gateway.domain.rule import RuleOperator, TimeUnit
from audience_gateway.domain.rule_fields import FieldType
from audience_gateway.services.sources import SourceState


def _describe(enum: type[Enum], description: str, *, name: str | None = None, **values: str) -> None:
    """Put ``enum`` into the schema, under its own name or ``name``; raises KeyError for a value without description."""
    strawberry.enum(enum, name=name, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by the line above
        value.description = values[value.name]


_describe(
    AudienceKind,
    "How an audience gets its members.",
    STATIC="By hand or from a file.",
    DYNAMIC="By a rule.",
    SYNCED="From a list that lives elsewhere.",
    UNKNOWN="In a way the gateway has no word for.",
)
_describe(
    AudienceStatus,
    "Whether an audience is in use.",
    ACTIVE="In use.",
    ARCHIVED="Put away; still readable where the provider allows it.",
)
_describe(
    SizeBasis,
    "What a size is worth.",
    LIVE="True now.",
    CACHED="Counted some time ago, and remembered by the provider.",
    MATERIALIZED="Counted from stored membership, which may lag behind the definition.",
    UNKNOWN="Not known; the value is null.",
)
_describe(
    JobState,
    "Where long work stands.",
    PENDING="It has not begun.",
    RUNNING="It is under way.",
    SUCCEEDED="It is done.",
    FAILED="It has failed.",
    UNKNOWN="The provider has a word for it that the gateway does not know, or none.",
)
_describe(
    JobKind,
    "What kind of long work it is.",
    IMPORT="Putting the people of a file into an audience.",
)
_describe(
    GroupKind,
    "What holds a group of audiences together.",
    LOYALTY_TIERS="They are the steps of a loyalty ladder.",
    RFM="They are cut by how recently, how often and how much people buy.",
    OTHER="Something the gateway has no word for.",
)
_describe(
    AudienceSortField,
    "What audiences are ordered by. Those without it come last, in either direction.",
    NAME="By name without case, of which the first 200 characters count.",
    CREATED_AT="By the moment they were made.",
    UPDATED_AT="By the moment they were last changed.",
    SIZE="By the last known number of people.",
    PROVIDER="By the key of the provider.",
)
_describe(
    SortDirection,
    "Which end comes first.",
    ASC="The least, oldest or first in the alphabet.",
    DESC="The greatest, newest or last in the alphabet.",
)
_describe(
    SourceState,
    "What a provider contributed to a list.",
    FRESH="What it said recently.",
    STALE="What it said longer ago, at `asOf`: it is being asked again, or cannot be.",
    WARMING="Nothing yet: it is being read for the first time.",
    UNAVAILABLE="Nothing: it has never been read, and cannot be.",
    EXCLUDED="Nothing, because it was not asked.",
)
_describe(
    HealthState,
    "How a provider has been doing lately.",
    UP="The last call worked.",
    DEGRADED="The last call failed; some before it worked.",
    DOWN="Nothing has worked lately, or it does not accept our key.",
    UNKNOWN="It has not been asked yet.",
)
_describe(
    Support,
    "How an operation is supported.",
    NATIVE="The provider does it itself.",
    EMULATED="The gateway makes up for it, at the price stated in the note.",
    UNSUPPORTED="It cannot be done; asking is refused before any call is made.",
)
_describe(
    Operation,
    "Everything that may be asked of a provider.",
    LIST="List all audiences.",
    GET="Read one audience.",
    READ_SIZE="Read how many people are in an audience, without a recount at the provider.",
    LIST_MEMBERS="List the people in an audience.",
    SEARCH_MEMBERS="Search the people in an audience by name, e-mail or phone.",
    GET_MEMBER="Read one person.",
    LIST_CANDIDATES="List the people who are not in an audience but could be.",
    READ_MATERIALIZATION="Read how far stored membership follows an audience's definition.",
    READ_GROUPS="Read groups of audiences, their loyalty tiers and their people.",
    LIST_SOURCE_LISTS="List the sending lists that can scope an audience.",
)
_describe(
    IdentifierKind,
    "What a person is known by outside of any one provider.",
    EMAIL="An e-mail address, without case.",
    PHONE="A phone number in E.164 form.",
    EXTERNAL_ID="The identifier your own systems gave the person.",
)
_describe(
    TimeUnit,
    "The unit of a relative time.",
    MINUTES="Minutes of 60 seconds.",
    HOURS="Hours of 60 minutes.",
    DAYS="Days of 24 hours.",
)
_describe(
    FieldType,
    "What kind of value a field of rules holds.",
    name="RuleFieldType",
    STRING="Text; the letters A to Z are compared without case.",
    NUMBER="A number.",
    MONEY="An amount in major units, compared in hundredths.",
    BOOLEAN="True or false.",
    DATETIME="A moment, written as RFC 3339 text with its offset.",
    ANY="Text, a number, or true or false, each compared with its like only.",
)
_describe(
    RuleOperator,
    "How a field is compared. Relative times are judged at the moment of evaluation.",
    EQ="Equal; text without case.",
    NEQ="Not equal.",
    GT="More than.",
    GTE="At least.",
    LT="Less than.",
    LTE="At most.",
    BETWEEN="From the first to the second value, both included.",
    CONTAINS="Holds the text, without case.",
    NOT_CONTAINS="Does not hold the text.",
    STARTS_WITH="Begins with the text, without case.",
    IN="Equal to one of the values.",
    NOT_IN="Equal to none of the values.",
    EXISTS="Is known.",
    NOT_EXISTS="Is not known.",
    WITHIN_LAST="In the last so many units.",
    NOT_WITHIN_LAST="Not in the last so many units, or never.",
    OLDER_THAN="Longer ago than so many units.",
    NEWER_THAN="Less long ago than so many units.",
    BEFORE="Before the moment.",
    AFTER="After the moment.",
)
_describe(
    ErrorCode,
    "What went wrong, by what the caller can do about it. The list is closed.",
    BAD_INPUT="The request makes no sense; change it.",
    BAD_ID="An identifier is not one of ours.",
    BAD_CURSOR="A cursor is damaged, outdated, belongs to another query, or has lost its place: start over.",
    RULE_TOO_COMPLEX="A rule is too deep or too large; simplify it.",
    COST_EXCEEDED="The request asks for too much at once; ask for less.",
    NOT_FOUND="There is no such thing.",
    UNSUPPORTED_OPERATION="The provider cannot do this, ever.",
    UNSUPPORTED_RULE="A condition of the rule cannot be judged or held there; change it, or ask another provider.",
    WRONG_KIND="The audience cannot do this, because of its kind.",
    UPSTREAM_UNAVAILABLE="The provider cannot be reached or is out of order; try again.",
    UPSTREAM_TIMEOUT="The provider did not answer in time; try again.",
    UPSTREAM_RATE_LIMITED="The provider wants us to slow down; try again after the stated time.",
    UPSTREAM_AUTH="The provider does not accept the configured key; the operator must act.",
    UPSTREAM_REJECTED="The provider refuses this request; change it.",
    UPSTREAM_BAD_RESPONSE="The provider answered something unreadable.",
    UPSTREAM_TOO_LARGE="The provider answered more than the gateway accepts.",
    DEADLINE_EXCEEDED="The request ran out of its own time; ask for less, or again.",
    STORE_BUSY="The gateway's own store is locked or away; try again.",
    INTERNAL="A fault of the gateway's own.",
)
