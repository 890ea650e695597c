"""Rules without a database: passwords, codes, device names, pauses."""

from datetime import timedelta

import pyotp
import pytest

from incubator.accounts import devices, passwords, throttle, totp
from incubator.accounts.forms import EMAIL
from incubator.kernel import clock


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 129,
        "password1234",
        "Password!2024",
        "qwertyuiop12",
        "1qaz2wsx1qaz2wsx",
        "aaaaaaaaaaaa",
        "lin.xiao@company.cn",
        "Lin.Xiao2024!",
    ],
)
def test_weak_passwords_are_refused(password):
    assert passwords.problems(password, "lin.xiao@company.cn")


@pytest.mark.parametrize("password", ["four unrelated words", "忘记了密码也没有关系的十四个字", "xK9$mQ2pL7!w", "monkey sees green chair"])
def test_good_passwords_pass(password):
    assert not passwords.problems(password, "lin.xiao@company.cn")


def test_nobodys_password_never_fits():
    assert not passwords.matches(None, "anything") and not passwords.matches("!", "anything")


def test_codes_of_the_neighbouring_steps_are_taken_and_others_not():
    secret, now = totp.new_secret(), clock.now()
    code = pyotp.TOTP(secret).at
    step = totp.step_of(secret, code(now), now)
    assert totp.step_of(secret, code(now - timedelta(seconds=30)), now) == step - 1
    assert totp.step_of(secret, code(now + timedelta(seconds=30)), now) == step + 1
    assert totp.step_of(secret, code(now + timedelta(minutes=5)), now) is None
    assert totp.step_of(secret, "12345x", now) is None
    spaced = code(now)
    assert totp.step_of(secret, f"{spaced[:3]} {spaced[3:]}", now) == step


def test_recovery_codes_are_strong_and_read_in_any_case():
    codes, digests = totp.new_recovery_codes()
    assert len(set(codes)) == 10 and totp.recovery_digest(codes[0].upper().replace("-", " ")) == digests[0]
    assert totp.looks_like_recovery(codes[0]) and not totp.looks_like_recovery("123456")
    assert totp.picture_of(totp.new_secret(), "a@b.cn").startswith("data:image/svg+xml")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Mobile MicroMessenger/8.0", "WeChat · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
        ("strange thing", "strange thing"),
        ("", ""),
    ],
)
def test_devices_have_names(agent, name):
    assert devices.device_name(agent) == name


def test_pauses_grow_to_a_day():
    assert throttle.pause_after(8) == timedelta(minutes=15) and throttle.pause_after(9) == timedelta(minutes=30)
    assert throttle.pause_after(400) == timedelta(days=1)


@pytest.mark.parametrize("text", ["a@b.cn", "first.last+tag@sub.example.com", "李@公司.cn", "root@intranet"])
def test_addresses(text):
    assert EMAIL.fullmatch(text)


@pytest.mark.parametrize("text", ["a", "a@", "@b", "a b@c.cn", "a@b..cn", "a@b.cn\nBcc: x@y.cn", "<a@b.cn>", "a@b.cn,c@d.cn"])
def test_not_addresses(text):
    assert not EMAIL.fullmatch(text)
