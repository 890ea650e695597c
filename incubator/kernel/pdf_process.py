"""The child that turns HTML into PDF. Run by `isolated`; it reaches no network, no file but our static folder, and attaches nothing.

It reads a JSON line (assets folder, lengths of the stored files), then the HTML, then the files; it writes the PDF.
"""

import json
import mimetypes
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

CPU_SECONDS = 120


class OwnFetcher(URLFetcher):
    """`asset:` is our static folder, `stored:` what the caller passed along, `data:` is itself; every other address is refused."""

    def __init__(self, assets: Path, stored: dict[str, bytes]):
        super().__init__(timeout=1, allowed_protocols=("data",), allow_redirects=False)
        self.assets, self.stored = assets, stored

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        name = unquote(name).lstrip("/")
        if scheme == "stored" and name in self.stored:
            return URLFetcherResponse(url, self.stored[name], {"Content-Type": _type_of(name)})
        if scheme == "asset":
            path = (self.assets / name).resolve()
            if path.is_relative_to(self.assets) and path.is_file():
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _type_of(name)})
        if scheme != "data":
            raise ValueError("this address is not fetched")
        return super().fetch(url, headers)


def _type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def without_attachments(document: HTML) -> HTML:
    """`rel=attachment` would embed what it points to."""
    for element in document.etree_element.iter():
        if "attachment" in str(element.get("rel", "")).lower():
            del element.attrib["rel"]
    return document


def limit(megabytes: int) -> None:
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    stdin = sys.stdin.buffer
    head = json.loads(stdin.readline())
    html = stdin.read(head["html"]).decode()
    stored = {name: stdin.read(length) for name, length in head["stored"].items()}
    fetcher = OwnFetcher(Path(head["assets"]).resolve(), stored)
    document = without_attachments(HTML(string=html, url_fetcher=fetcher, base_url="about:blank"))
    # Photos come at the size they have on the paper: 150 dots per inch print well and keep the file mailable.
    sys.stdout.buffer.write(document.write_pdf(font_config=FontConfiguration(), optimize_images=True, jpeg_quality=85, dpi=150))


if __name__ == "__main__":
    limit(int(sys.argv[1]))
    main()
