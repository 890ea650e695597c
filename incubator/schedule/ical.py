"""Writes iCalendar (RFC 5545) text: all-day events, folded at 75 octets without cutting a character, CRLF. It reads nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LONGEST_LINE = 75  # octets, RFC 5545 section 3.1
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Event:
    """An all-day event; `changed` is when it was last edited, `sequence` how often."""

    uid: str
    on: date
    summary: str
    description: str
    url: str
    changed: datetime
    sequence: int


def calendar(name: str, language: str, events: Iterable[Event]) -> bytes:
    """The whole calendar as UTF-8. The same events give the same bytes: nothing in it tells when it was asked for."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Incubator//Milestones//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME;LANGUAGE={language}:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for event in events:
        lines += _event(event, language)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _event(event: Event, language: str) -> list[str]:
    stamp = event.changed.strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY;LANGUAGE={language}:{escaped(event.summary)}",
        f"URL:{event.url}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "STATUS:CONFIRMED",
    ]
    if event.description:
        lines.append(f"DESCRIPTION;LANGUAGE={language}:{escaped(event.description)}")
    return [*lines, "END:VEVENT"]


def escaped(text: str) -> str:
    """`text` as a value of type TEXT (section 3.3.11), without control characters; line breaks become \\n."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most 75 octets, all but the first begun by a space; no character is cut."""
    piece, room = b"", LONGEST_LINE
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b" ", LONGEST_LINE
        piece += octets
    yield piece
