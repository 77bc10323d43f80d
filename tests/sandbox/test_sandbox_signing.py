"""Keys, their rotation and their file; right and forged signatures."""

import json
import stat
from pathlib import Path

import jwt
import pytest

from sandbox.errors import StateError
from sandbox.keys import Keys, SigningKey
from sandbox.signing import sign


def verify(token: str, jwks: dict[str, object]) -> dict[str, object]:
    """As a careful tool would, by kid."""
    kid = jwt.get_unverified_header(token)["kid"]
    key = jwt.PyJWKSet.from_dict(jwks)[kid]
    decoded: dict[str, object] = jwt.decode(token, key, algorithms=["RS256"])
    return decoded


def test_an_honest_token_verifies(platform_key: SigningKey) -> None:
    token = sign({"sub": "x"}, platform_key)
    assert verify(token, Keys([platform_key]).jwks()) == {"sub": "x"}


def test_the_jwks_holds_no_private_part(platform_key: SigningKey) -> None:
    (jwk,) = Keys([platform_key]).jwks()["keys"]
    assert set(jwk) == {"kty", "n", "e", "kid", "alg", "use"}


def test_after_a_rotation_two_kids_verify_and_the_third_drops_the_first() -> None:
    keys = Keys()
    first = sign({"n": 1}, keys.current)
    second = sign({"n": 2}, keys.rotate())
    assert len({key["kid"] for key in keys.jwks()["keys"]}) == 2
    assert verify(first, keys.jwks()) == {"n": 1}
    assert verify(second, keys.jwks()) == {"n": 2}
    keys.rotate()
    with pytest.raises(KeyError):
        verify(first, keys.jwks())


def test_header_entries_can_be_replaced_and_left_out(platform_key: SigningKey) -> None:
    token = sign({}, platform_key, headers={"kid": None, "jku": "http://elsewhere.invalid"})
    header = jwt.get_unverified_header(token)
    assert "kid" not in header
    assert header["jku"] == "http://elsewhere.invalid"


@pytest.mark.parametrize("alg", ["RS384", "RS512"])
def test_other_rsa_algorithms(platform_key: SigningKey, alg: str) -> None:
    token = sign({"a": 1}, platform_key, alg=alg)
    assert jwt.decode(token, platform_key.private.public_key(), algorithms=[alg]) == {"a": 1}


def test_alg_none_has_an_empty_signature(platform_key: SigningKey) -> None:
    token = sign({"a": 1}, platform_key, alg="none")
    assert token.endswith(".")
    assert jwt.get_unverified_header(token)["alg"] == "none"


def test_key_confusion_is_signed_with_the_public_pem(platform_key: SigningKey) -> None:
    from hashlib import sha256
    from hmac import new

    token = sign({"a": 1}, platform_key, alg="HS256")
    message, _, signature = token.rpartition(".")
    expected = new(platform_key.public_pem, message.encode(), sha256).digest()
    assert jwt.utils.base64url_decode(signature) == expected


@pytest.mark.parametrize("payload", ['{"sub":"a","sub":"b"}', b"not json", [1, 2], "text"])
def test_payloads_that_are_no_object_are_signed_as_they_stand(
    platform_key: SigningKey, payload: object
) -> None:
    token = sign(payload, platform_key)
    body = jwt.api_jws.decode(token, platform_key.private.public_key(), algorithms=["RS256"])
    if isinstance(payload, list):
        assert json.loads(body) == payload
    else:
        assert body == (payload if isinstance(payload, bytes) else str(payload).encode())


def test_an_unknown_algorithm_is_refused(platform_key: SigningKey) -> None:
    with pytest.raises(ValueError, match="ES256"):
        sign({}, platform_key, alg="ES256")


def test_the_state_file_keeps_the_jwks_over_restarts(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "sandbox.json"
    keys = Keys.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keys.open(path).jwks() == keys.jwks()
    keys.rotate()
    assert Keys.open(path).jwks() == keys.jwks()
    assert [entry.name for entry in path.parent.iterdir()] == ["sandbox.json"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": []}', '{"keys": [{"kid": "a"}]}', "é"])
def test_a_spoilt_state_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sandbox.json"
    path.write_text(text)
    with pytest.raises(StateError, match="remove it"):
        Keys.open(path)


def test_a_state_file_out_of_reach_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot use"):
        Keys.open(tmp_path / "file" / "sandbox.json")
