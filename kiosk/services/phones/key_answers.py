"""What phones are asked and what they answer with their keys, by the library `webauthn`, which is loaded when first needed.

Safe to call from any thread. Nothing here remembers a challenge; `kiosk.services.phones.phone_keys` sees to it that each is good
once. No attestation is asked for: which maker built a phone is nobody's business here.
"""

import secrets
from typing import Final

from kiosk.domain.phones.phone_key import PhoneKey, Site

WITHIN_MS: Final = 60_000
"""So long a browser lets its user think."""

MOST_ID: Final = 1023
"""Bytes of a credential's name, by WebAuthn 2."""


def to_make(site: Site, challenge: bytes) -> str:
    """Ask a phone to make a key of its own hardware, as JSON; the name that it stores with the key is random, nobody's number."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AttestationConveyancePreference,
        AuthenticatorAttachment,
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    asked = generate_registration_options(
        rp_id=site.name,
        rp_name=site.name,
        user_id=secrets.token_bytes(32),
        user_name=site.name,
        user_display_name=site.name,
        challenge=challenge,
        timeout=WITHIN_MS,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            authenticator_attachment=AuthenticatorAttachment.PLATFORM,
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.DISCOURAGED,
        ),
    )
    return options_to_json(asked)


def to_show(site: Site, challenge: bytes, key: PhoneKey) -> str:
    """Ask a phone to sign with its key, as JSON."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorTransport,
        PublicKeyCredentialDescriptor,
        UserVerificationRequirement,
    )

    asked = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        timeout=WITHIN_MS,
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=key.credential_id, transports=[AuthenticatorTransport.INTERNAL])
        ],
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return options_to_json(asked)


def made(answer: str, site: Site, challenge: bytes) -> PhoneKey | None:
    """The key that a phone made; None for an answer that is not to this challenge of this site, or is none."""
    from webauthn import verify_registration_response

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
        )
    except _failures():
        return None
    if not 0 < len(found.credential_id) <= MOST_ID:
        return None
    return PhoneKey(found.credential_id, found.credential_public_key, found.sign_count)


def shown(answer: str, site: Site, challenge: bytes, key: PhoneKey) -> int | None:
    """How often the phone signed by now; None where it is not this key that signed this challenge for this site, or a copy of it."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    try:
        told = parse_authentication_credential_json(answer)
        if told.raw_id != key.credential_id:
            return None
        found = verify_authentication_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except _failures():
        return None
    return found.new_sign_count


def _failures() -> tuple[type[Exception], ...]:
    """What the library raises for an answer that is wrong, or that nobody's browser wrote."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    return (
        WebAuthnException,
        UnsupportedAlgorithm,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    )
