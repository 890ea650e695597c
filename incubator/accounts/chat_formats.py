"""What a chat robot or another system wants to be asked, and what its answer means. Pure: no network, no database.

DingTalk   markdown; with a key, `timestamp` (ms) and `sign` in the address: base64(HMAC-SHA256(key, timestamp + "\\n" + key)), URL-encoded
WeCom      markdown; the key stands in the address
Feishu     a card; with a key, `timestamp` (s) and `sign` in the body: base64(HMAC-SHA256(timestamp + "\\n" + key, ""))
generic    JSON; with a key, `X-Incubator-Signature: t=<s>,v1=<hex HMAC-SHA256(key, t + "." + body)>`; `X-Incubator-Delivery` stays the same
           when a message is repeated

Sources: the robots' own documentation (open.dingtalk.com, developer.work.weixin.qq.com, open.feishu.cn). They answer 200 with a code that
is not 0 when they refuse, so a status alone says nothing.
"""

import base64
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlsplit

HOSTS = {"dingtalk": ("oapi.dingtalk.com",), "wecom": ("qyapi.weixin.qq.com",), "feishu": ("open.feishu.cn", "open.larksuite.com")}
PER_MINUTE = {"dingtalk": 18, "wecom": 18, "feishu": 90, "generic": 120}  # a little below what the robots allow: 20, 20 and 100
FOR_GOOD = {"310000", "300001", "300005", "400013", "400101", "400102", "400106", "93000", "93008", "19001", "19021", "19022", "19024"}
PASSING = (408, 425, 429)
PHRASES = {status.value: status.phrase for status in HTTPStatus}
MARKS = str.maketrans(
    {"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "ˋ", "#": "＃", "@": "＠", "|": "｜", "\n": " ", "\r": " "}
)
LONGEST = 900  # characters of a sentence; WeCom takes 4,096 bytes in all


@dataclass(frozen=True)
class Message:
    """What is told: a title, a sentence, and a link with its words. `key` is the same each time the message is tried."""

    key: str
    event: str
    title: str
    text: str
    url: str
    verb: str
    at: datetime


@dataclass(frozen=True)
class Ask:
    """A POST: address, body and headers."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """Why it did not arrive, in the other side's words; `is_final` when asking again would change nothing."""

    code: str
    said: str
    is_final: bool


def plain(text: str) -> str:
    """What people typed, so that no robot reads a mark, a link or a call for everybody in it, and nothing that is not seen turns the line round."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) != "Cf")
    return shown.translate(MARKS)[:LONGEST]


def ask(kind: str, url: str, secret: str, message: Message, now: datetime) -> Ask:
    """The request for one message."""
    return FORMATS[kind](url, secret, message, now)


def _post(url: str, body: Any, **headers: str) -> Ask:
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Ask(url, data, {"Content-Type": "application/json; charset=utf-8", **headers})


def _signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _dingtalk(url: str, secret: str, message: Message, now: datetime) -> Ask:
    if secret:
        moment = str(int(now.timestamp() * 1000))
        sign = quote_plus(_signed(secret, f"{moment}\n{secret}"))
        url += f"{'&' if urlsplit(url).query else '?'}timestamp={moment}&sign={sign}"
    text = f"#### {plain(message.title)}\n\n{plain(message.text)}\n\n[{message.verb}]({message.url})"
    return _post(url, {"msgtype": "markdown", "markdown": {"title": plain(message.title), "text": text}})


def _wecom(url: str, _secret: str, message: Message, _now: datetime) -> Ask:
    text = f"**{plain(message.title)[:120]}**\n{plain(message.text)}\n[{message.verb}]({message.url})"
    return _post(url, {"msgtype": "markdown", "markdown": {"content": text}})


def _feishu(url: str, secret: str, message: Message, now: datetime) -> Ask:
    button = {"tag": "button", "text": {"tag": "plain_text", "content": message.verb}, "type": "primary", "url": message.url}
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"title": {"tag": "plain_text", "content": plain(message.title)}, "template": "green"},
        "elements": [
            {"tag": "div", "text": {"tag": "plain_text", "content": plain(message.text)}},
            {"tag": "action", "actions": [button]},
        ],
    }
    body: dict[str, Any] = {"msg_type": "interactive", "card": card}
    if secret:
        moment = str(int(now.timestamp()))
        body = {"timestamp": moment, "sign": _signed(f"{moment}\n{secret}", ""), **body}
    return _post(url, body)


def _generic(url: str, secret: str, message: Message, now: datetime) -> Ask:
    body = {
        "id": message.key, "event": message.event, "title": message.title, "text": message.text, "url": message.url,
        "at": message.at.isoformat(),
    }  # fmt: skip
    made = _post(url, body, **{"X-Incubator-Delivery": message.key, "X-Incubator-Event": message.event})
    if secret:
        moment = str(int(now.timestamp()))
        signature = hmac.new(secret.encode(), moment.encode() + b"." + made.body, hashlib.sha256).hexdigest()
        made.headers["X-Incubator-Signature"] = f"t={moment},v1={signature}"
    return made


FORMATS: dict[str, Callable[[str, str, Message, datetime], Ask]] = {
    "dingtalk": _dingtalk, "wecom": _wecom, "feishu": _feishu, "generic": _generic,
}  # fmt: skip


def refusal(kind: str, status: int, body: bytes) -> Refusal | None:
    """What an answer means; None when the message has arrived."""
    if not 200 <= status < 300:
        return Refusal(str(status), PHRASES.get(status, "HTTP"), 400 <= status < 500 and status not in PASSING)
    if kind == "generic":
        return None
    try:
        said = json.loads(body)
        code = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
        words = str(said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "")
    except (ValueError, TypeError, AttributeError, StopIteration):
        return Refusal("?", "not the answer of a chat robot", is_final=False)
    return None if str(code) == "0" else Refusal(str(code), words[:200], str(code) in FOR_GOOD)


def masked(url: str) -> str:
    """An address as a page may show it: the host, and the last four characters of what is secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}/…{url[-4:]}" if parts.hostname else "…"
