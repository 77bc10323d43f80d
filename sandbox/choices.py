"""What a tool sends back of a choice of activities: Deep Linking 2.0, as Moodle 4.5 takes it."""

from collections.abc import Mapping
from typing import Any

from sandbox.claims import LTI
from sandbox.courses import Item, LineItem
from sandbox.errors import ToolJwtError
from sandbox.scores import number
from sandbox.site import Site
from sandbox.tool_jwt import ToolJwts

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


def read_choice(jwts: ToolJwts, token: str) -> tuple[Site, list[Item], str]:
    """The tool's site, the activities to be made, and a message for the person.

    An empty list means that nothing was chosen.

    Raises:
        ToolJwtError: the answer is not the tool's, not for us, used before or malformed.
    """
    site, claims = jwts.read(token, lambda site: [site.issuer], once="nonce")
    expected = {
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": site.deployment_id,
    }
    for name, value in expected.items():
        if claims.get(name) != value:
            raise ToolJwtError(f"{name.rpartition('/')[2]} is not {value}")
    if f"{DL}data" in claims:
        raise ToolJwtError("data was not sent and comes back")
    listed = claims.get(f"{DL}content_items", [])
    if not isinstance(listed, list):
        raise ToolJwtError("content_items is no list")
    message = claims.get(f"{DL}msg") or claims.get(f"{DL}errormsg") or ""
    return site, [_item(entry) for entry in listed], str(message)


def settings(return_url: str, title: str) -> dict[str, Any]:
    """The claim with which a choice begins; Moodle sends neither data nor accept_lineitem."""
    return {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "deep_link_return_url": return_url,
        "title": title,
        "text": "",
    }


def _item(entry: Any) -> Item:
    if not isinstance(entry, Mapping) or entry.get("type") != "ltiResourceLink":
        raise ToolJwtError("an item is no resource link")
    title, custom = entry.get("title"), entry.get("custom", {})
    if not isinstance(title, str) or not title:
        raise ToolJwtError("an item has no title")
    if not isinstance(custom, Mapping) or not all(isinstance(v, str) for v in custom.values()):
        raise ToolJwtError("custom parameters are texts")
    return Item(title, str(entry.get("text", "")), dict(custom), _line_item(entry, title))


def _line_item(entry: Mapping[str, Any], title: str) -> LineItem | None:
    sent = entry.get("lineItem")
    if sent is None:
        return None
    maximum = number(sent.get("scoreMaximum")) if isinstance(sent, Mapping) else None
    if maximum is None or maximum <= 0:
        raise ToolJwtError("a line item has no maximum")
    return LineItem(
        str(sent.get("label") or title),
        maximum,
        str(sent.get("resourceId") or ""),
        str(sent.get("tag") or ""),
    )
