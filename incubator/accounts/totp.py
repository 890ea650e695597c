"""The second factor: RFC 6238 codes of 30 s, each good once, and recovery codes that are kept only as digests."""

import hashlib
import hmac
import re
from datetime import datetime

import pyotp
import segno

ISSUER = "Incubator"
STEP_SECONDS = 30
TOLERATED_STEPS = (0, -1, 1)  # a phone's clock may be half a minute off
RECOVERY_CODES = 10


def new_secret() -> str:
    """160 random bits in Base32."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """The otpauth: address that authenticator apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture_of(secret: str, email: str) -> str:
    """The QR code as an SVG data address, dark on light in both themes because scanners want it so."""
    return segno.make(address_of(secret, email), error="m").svg_data_uri(scale=5, border=3, dark="#1d1b17", light="#ffffff")


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, or None. The caller refuses steps that were used before."""
    digits = re.sub(r"\s", "", code)
    generator, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    return next((present + o for o in TOLERATED_STEPS if hmac.compare_digest(generator.generate_otp(present + o), digits)), None)


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """(codes to show once, digests to keep): 80 random bits each."""
    codes = ["-".join(re.findall("....", pyotp.random_base32(32)[:16].lower())) for _ in range(RECOVERY_CODES)]
    return codes, [recovery_digest(code) for code in codes]


def recovery_digest(code: str) -> str:
    return hashlib.sha256(re.sub(r"[^a-z2-7]", "", code.casefold()).encode()).hexdigest()


def looks_like_recovery(code: str) -> bool:
    return len(re.sub(r"[^a-z2-7]", "", code.casefold())) == 16


def grouped(secret: str) -> str:
    """The secret in groups of four, to type by hand."""
    return " ".join(re.findall(".{1,4}", secret))
