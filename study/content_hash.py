"""The identity of a data file's content, whatever its layout."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel


def hash_of(content: BaseModel | dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits.

    Canonical: keys sorted, no spaces, UTF-8. A model's absent optional fields are
    left out, so that a field added to a format later keeps the hashes of older files.
    """
    if isinstance(content, BaseModel):
        content = content.model_dump(mode="json", exclude_none=True)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
