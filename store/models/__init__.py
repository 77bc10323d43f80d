"""All tables, so that ``Base.metadata`` knows them whatever is imported first."""

from store.models.interview import (
    Attempt,
    Event,
    MachineReading,
    PackVersion,
    Response,
    Tombstone,
    Turn,
    Utterance,
    Words,
)
from store.models.lti import (
    AppSession,
    Context,
    Deployment,
    Institution,
    LaunchAttempt,
    LtiUser,
    OneTimeTicket,
    PlatformKey,
    Registration,
    RegistrationInvite,
    ResourceLink,
    ToolKey,
)
from store.models.people import Consent, ConsentText, Grant, Participant, Study
from store.models.release import Release

__all__ = [
    "AppSession",
    "Attempt",
    "Consent",
    "ConsentText",
    "Context",
    "Deployment",
    "Event",
    "Grant",
    "Institution",
    "LaunchAttempt",
    "LtiUser",
    "MachineReading",
    "OneTimeTicket",
    "PackVersion",
    "Participant",
    "PlatformKey",
    "Registration",
    "RegistrationInvite",
    "Release",
    "ResourceLink",
    "Response",
    "Study",
    "Tombstone",
    "ToolKey",
    "Turn",
    "Utterance",
    "Words",
]
