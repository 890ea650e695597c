"""Bytes under random keys, in a local folder or in S3, by obstore. It knows no names, no owners and no permissions."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

CHUNK = 1024 * 1024


def _store() -> ObjectStore:
    return open_store(current_app.config["FILES_URL"])


@lru_cache
def open_store(url: str) -> ObjectStore:
    """`file:///folder` or `s3://bucket/prefix`; S3 takes AWS_* from the environment (AWS_ENDPOINT_URL for another provider)."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        Path(parts.path).mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(parts.path)
    if parts.scheme != "s3":
        raise ValueError(f"the address of a store must be file:// or s3://, not {parts.scheme}://")
    return S3Store(parts.netloc, prefix=parts.path.strip("/") or None, **_s3_options())


def _s3_options() -> dict[str, Any]:
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    plain = {"client_options": {"allow_http": True}} if endpoint.startswith("http://") else {}
    return {"retry_config": {"max_retries": 3}, **plain}


def put(key: str, data: bytes) -> None:
    """Store `data`; on a local disk by a temporary name and a rename, so that half a file is never found. OSError when the disk is full."""
    try:
        obstore.put(_store(), key, data)
    except BaseError as error:
        raise as_os_error(error) from error


def get(key: str) -> bytes:
    """All of it; FileNotFoundError when it is gone."""
    return bytes(obstore.get(_store(), key).bytes())


def stream(key: str) -> Iterator[bytes]:
    """A megabyte at a time; the first read happens now, so that a missing blob is an error and not a broken download."""
    result = obstore.get(_store(), key)
    return (bytes(chunk) for chunk in result.stream(min_chunk_size=CHUNK))


@dataclass(frozen=True)
class Listed:
    """An object of a store that others write to."""

    path: str
    size: int
    etag: str
    modified: datetime


def listing(url: str, prefix: str) -> Iterator[Listed]:
    """Every object below `prefix` of the store at `url`; the errors of obstore."""
    for chunk in obstore.list(open_store(url), prefix=prefix):
        for meta in chunk:
            yield Listed(
                meta["path"], meta["size"], (meta["e_tag"] or "").strip('"') or meta["last_modified"].isoformat(), meta["last_modified"]
            )


def fetch(url: str, path: str, etag: str) -> bytes | None:
    """The object as it was listed; None when it has changed since."""
    result = obstore.get(open_store(url), path)
    now = (result.meta["e_tag"] or "").strip('"') or result.meta["last_modified"].isoformat()
    return bytes(result.bytes()) if now == etag else None


def delete(keys: list[str]) -> None:
    for key in keys:
        with suppress(FileNotFoundError):
            obstore.delete(_store(), key)


def as_os_error(error: BaseError) -> OSError:
    """obstore says disk errors only in words; the number in them decides between "full" and "our mistake"."""
    text = str(error)
    number = text.rpartition("os error ")[2].split(")")[0]
    return OSError(int(number) if number.isdigit() else 5, "the file store refused the bytes")
