"""Launches with one claim missing or wrong: bad payloads of certification (N) and worse (S).

Ids are those of the list of negative cases in the LTI research notes.
"""

from typing import Any

import pytest

from lti.claims import (
    AGS_ENDPOINT,
    CONTEXT,
    CUSTOM,
    DEPLOYMENT_ID,
    LAUNCH_PRESENTATION,
    MESSAGE_TYPE,
    NRPS_SERVICE,
    RESOURCE_LINK,
    ROLES,
    TARGET_LINK_URI,
    VERSION,
)
from tests.lti.forge import (
    CLIENT,
    ISSUER,
    MISSING,
    TOOL,
    World,
)

CASES: list[tuple[str, dict[str, Any], str, int]] = [
    ("N03", {VERSION: "11.3"}, "version_unsupported", 400),
    ("N04", {VERSION: MISSING}, "version_unsupported", 400),
    ("N06", {VERSION: MISSING, MESSAGE_TYPE: MISSING, ROLES: MISSING}, "version_unsupported", 400),
    ("N07", {"iat": 11111, "exp": 22222}, "token_time", 400),
    ("N08", {MESSAGE_TYPE: MISSING}, "message_unsupported", 400),
    ("N09", {ROLES: MISSING}, "claims_invalid", 400),
    ("N10", {DEPLOYMENT_ID: MISSING}, "claims_invalid", 400),
    ("N11", {RESOURCE_LINK: {"title": "no id"}}, "claims_invalid", 400),
    ("N12", {"sub": MISSING}, "anonymous_launch", 403),
    ("O01-empty", {"sub": ""}, "anonymous_launch", 403),
    ("O01-null", {"sub": None}, "anonymous_launch", 403),
    ("S05", {"aud": "client-2"}, "audience_mismatch", 400),
    ("S06", {"aud": [CLIENT, "other"]}, "audience_mismatch", 400),
    ("S07", {"aud": ["other", CLIENT], "azp": CLIENT}, "audience_mismatch", 400),
    ("S08", {"azp": "other"}, "audience_mismatch", 400),
    ("S08-null", {"azp": None}, "audience_mismatch", 400),
    ("S10", {"iss": "https://other.example.edu"}, "issuer_mismatch", 400),
    ("S11-slash", {"iss": ISSUER + "/"}, "issuer_mismatch", 400),
    ("S11-case", {"iss": "https://LMS.example.edu"}, "issuer_mismatch", 400),
    ("S11-list", {"iss": [ISSUER]}, "issuer_mismatch", 400),
    ("S14", {"nonce": MISSING}, "claims_invalid", 400),
    ("S14-empty", {"nonce": ""}, "claims_invalid", 400),
    ("S15", {"nonce": "never given out"}, "nonce_mismatch", 400),
    ("S27", {"exp": MISSING}, "token_time", 400),
    ("S28", {"iat": MISSING}, "token_time", 400),
    ("S30-words", {"exp": "soon"}, "token_time", 400),
    ("S30-null", {"iat": None}, "token_time", 400),
    ("S30-list", {"exp": [1]}, "token_time", 400),
    ("S30-true", {"exp": True}, "token_time", 400),
    ("S30-huge", {"exp": 10**400}, "token_time", 400),
    ("S30-negative", {"iat": -1}, "token_time", 400),
    ("S30b-string", {"exp": "4102444800"}, "token_time", 400),
    ("S31", {TARGET_LINK_URI: MISSING}, "claims_invalid", 400),
    ("S32", {TARGET_LINK_URI: "https://evil.example/lti"}, "target_foreign", 400),
    ("S32-port", {TARGET_LINK_URI: "http://127.0.0.1:8081/"}, "target_foreign", 400),
    ("S32-user", {TARGET_LINK_URI: "http://127.0.0.1:8080@evil.example/"}, "target_foreign", 400),
    ("S32-slash", {TARGET_LINK_URI: TOOL + "\\@evil.example/"}, "target_foreign", 400),
    ("S32-script", {TARGET_LINK_URI: "javascript:alert(1)"}, "target_foreign", 400),
    ("S34-null", {RESOURCE_LINK: None}, "claims_invalid", 400),
    ("S34-string", {RESOURCE_LINK: "link-1"}, "claims_invalid", 400),
    ("S34-empty", {RESOURCE_LINK: {}}, "claims_invalid", 400),
    ("S34-no-id", {RESOURCE_LINK: {"id": ""}}, "claims_invalid", 400),
    ("S34-long", {RESOURCE_LINK: {"id": "x" * 300}}, "claims_invalid", 400),
    ("S34-nul", {RESOURCE_LINK: {"id": "a\0b"}}, "claims_invalid", 400),
    ("S34-surrogate", {RESOURCE_LINK: {"id": "a\ud800"}}, "claims_invalid", 400),
    ("S35-string", {ROLES: "Instructor"}, "claims_invalid", 400),
    ("S35-null", {ROLES: None}, "claims_invalid", 400),
    ("S35-number", {ROLES: [1]}, "claims_invalid", 400),
    ("S35-nulls", {ROLES: [None]}, "claims_invalid", 400),
    ("S35b-nonce", {"nonce": ["n"]}, "claims_invalid", 400),
    ("S35b-aud", {"aud": []}, "audience_mismatch", 400),
    ("S35b-context", {CONTEXT: "course"}, "claims_invalid", 400),
    ("S35b-custom", {CUSTOM: ["a"]}, "claims_invalid", 400),
    ("S35b-ags", {AGS_ENDPOINT: "https://lms"}, "claims_invalid", 400),
    ("S35b-nrps", {NRPS_SERVICE: {"context_memberships_url": 3}}, "claims_invalid", 400),
    ("S35b-presentation", {LAUNCH_PRESENTATION: []}, "claims_invalid", 400),
    ("S36", {MESSAGE_TYPE: "LtiTeapotRequest"}, "message_unsupported", 400),
    ("S36-list", {MESSAGE_TYPE: ["LtiResourceLinkRequest"]}, "message_unsupported", 400),
    ("S37-short", {VERSION: "1.3"}, "version_unsupported", 400),
    ("S37-later", {VERSION: "1.3.1"}, "version_unsupported", 400),
    ("S40-sub", {"sub": "x" * 256}, "claims_invalid", 400),
    ("S40-deployment", {DEPLOYMENT_ID: "x" * 256}, "claims_invalid", 400),
    ("S40-context", {CONTEXT: {"id": "x" * 256}}, "claims_invalid", 400),
    ("S40-token", {"padding": "x" * 64 * 1024}, "token_too_large", 413),
    ("plain-names", {ROLES: MISSING, "roles": ["Instructor"]}, "claims_invalid", 400),
]


@pytest.mark.parametrize(
    ("changes", "code", "status"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_claims_refused(world: World, changes: dict[str, Any], code: str, status: int) -> None:
    world.assert_refused(world.run(changes), code, status)
