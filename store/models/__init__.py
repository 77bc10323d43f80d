"""All tables, so that ``Base.metadata`` knows them whatever is imported first."""

from store.models.audit import AuditEvent
from store.models.coding import Code, Coder, Coding, CodingEvent, Memo, SuggestionAnswer
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
from store.models.lines import ReleasedLine
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
from store.models.notes import EducatorNote
from store.models.people import Consent, ConsentText, Grant, Participant, Study
from store.models.policy import CueShown, Pilot, PilotPlace, StatementVersion
from store.models.release import Release
from store.models.services import AccessToken, GradeOutbox, RosterSnapshot, TeacherSeen
from store.models.tally import CountedAttempt, Tally

__all__ = [
    "SuggestionAnswer",
    "Memo",
    "CodingEvent",
    "Coding",
    "Coder",
    "Code",
    "AccessToken",
    "AppSession",
    "Attempt",
    "AuditEvent",
    "Consent",
    "ConsentText",
    "Context",
    "CountedAttempt",
    "CueShown",
    "Deployment",
    "EducatorNote",
    "Event",
    "GradeOutbox",
    "Grant",
    "Institution",
    "LaunchAttempt",
    "LtiUser",
    "MachineReading",
    "OneTimeTicket",
    "PackVersion",
    "Pilot",
    "PilotPlace",
    "Participant",
    "PlatformKey",
    "Registration",
    "RegistrationInvite",
    "Release",
    "ReleasedLine",
    "ResourceLink",
    "Response",
    "RosterSnapshot",
    "StatementVersion",
    "Study",
    "Tally",
    "TeacherSeen",
    "Tombstone",
    "ToolKey",
    "Turn",
    "Utterance",
    "Words",
]
