"""The tool's description in the form of a Canvas developer key ("LTI key").

Format: https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_dev_key_config
"""

from typing import Any
from urllib.parse import urlsplit

from lti.addresses import ToolAddresses
from lti.messages import DEEP_LINKING_REQUEST
from lti.registration import DESCRIPTION, HISTORY, SCOPES, TOOL_NAME

PLATFORM = "canvas.instructure.com"
PLACEMENTS = ("link_selection", "assignment_selection")
"""Where Canvas offers the choice of cases: for an item of a module, and for an assignment."""


def developer_key(addresses: ToolAddresses) -> dict[str, Any]:
    """The JSON to paste, or to name the address of, when the key is made.

    ``anonymous`` is Canvas's word for: no name, no e-mail, no picture. The custom fields tell of
    which course a course is a copy, and of which link a link.
    """
    return {
        "title": TOOL_NAME,
        "description": DESCRIPTION,
        "oidc_initiation_url": addresses.login,
        "target_link_uri": addresses.launch,
        "public_jwk_url": addresses.key_set,
        "scopes": list(SCOPES),
        "custom_fields": dict(HISTORY),
        "extensions": [
            {
                "platform": PLATFORM,
                "domain": urlsplit(addresses.launch).netloc,
                "tool_id": "grey-area",
                "privacy_level": "anonymous",
                "settings": {
                    "text": TOOL_NAME,
                    "placements": [
                        {
                            "placement": placement,
                            "message_type": DEEP_LINKING_REQUEST,
                            "target_link_uri": addresses.launch,
                            "text": TOOL_NAME,
                        }
                        for placement in PLACEMENTS
                    ],
                },
            }
        ],
    }
