"""Measures the platform beside the floor, in one run, and says what misses its aim: `python -m benchmarks.run --write`.

It stops by itself, uses only 127.0.0.1 and a temporary folder, and ends only the processes that it started.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import report, served
from benchmarks.load import Client, Make, Window, get, post, window
from benchmarks.world import PROGRAMMES, RARE

KINDS = ("sqlite", "postgresql")
MANY = 8
DETAIL = 20  # a product with comments, parties, milestones and a brief of the same number
LIST = "/products?stage=sampling"
SEARCH = f"/search?q={quote(RARE)}"
PAGES = {
    "list, filtered": LIST,
    "list, page 1": "/products",
    "board": "/products/board",
    "search": SEARCH,
    "product": f"/products/{DETAIL}",
    "brief": f"/briefs/{DETAIL}",
    "briefs": "/briefs",
    "home": "/",
}
FLOOR = {"list, filtered": LIST, "search": SEARCH, "product": f"/products/{DETAIL}"}
CREATE = "create"
UNDER_LOAD = ("list, filtered", "product", CREATE)
NEXT = re.compile(r'href="([^"]+)" rel="next"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
COOKIE = re.compile(r"(?im)^set-cookie: (incubator=[^;]+)")


class Bench:
    """One database, with both servers running on it. `best[(side, clients, work)]` keeps the best window of each work."""

    def __init__(self, ours: int, floor: int, cookies: list[str], seconds: float):
        self.ports = {"ours": ours, "floor": floor}
        self.cookies, self.seconds = cookies, seconds
        self.forms = [self._form(cookie, n + 1) for n, cookie in enumerate(cookies[:MANY])]
        self.pages = {**PAGES, "list, page 200": self._walk(199)}
        self.best: dict[tuple[str, int, str], Window] = {}

    def _ask(self, path: str, cookie: str) -> Any:
        answer = Client(self.ports["ours"]).send(get(path, cookie))
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return answer

    def _form(self, cookie: str, owner: int) -> tuple[str, str]:
        """(cookie with the CSRF secret, the posted fields without the name) of one person's form for a new product."""
        answer = self._ask("/products/new", cookie)
        token, renewed = TOKEN.search(answer.body.decode()), COOKIE.search(answer.head)
        if token is None or renewed is None:
            raise SystemExit("the form for a new product carries no token")
        fields = {
            "csrf_token": token[1],
            "type": "hero",
            "programme_id": owner % PROGRAMMES + 1,
            "owner_id": owner,
            "category": "家电",
            "start": "brief",
        }
        return renewed[1], urlencode(fields)

    def _walk(self, steps: int) -> str:
        """The address after `steps` pages of the unfiltered list, by its own links."""
        path = PAGES["list, page 1"]
        for _ in range(steps):
            found = NEXT.search(self._ask(path, self.cookies[0]).body.decode())
            if found is None:
                raise SystemExit("the list ends before page 200")
            path = found[1].replace("&amp;", "&")
        return path

    def makers(self, side: str, work: str, clients: int) -> list[Make]:
        if work == CREATE:
            return [self._creator(*self.forms[n]) for n in range(clients)]
        path = (FLOOR if side == "floor" else self.pages)[work]
        return [lambda _n, request=get(path, self.cookies[n]): request for n in range(clients)]  # type: ignore[misc]

    def _creator(self, cookie: str, fields: str) -> Make:
        return lambda number: post("/products/new", f"{fields}&name={quote(f'加湿器 新款 {number}')}", cookie)

    def measure(self, side: str, work: str, clients: int = 1) -> None:
        """One window, kept when it is the best so far: the machine is not ours alone."""
        seen = window(self.ports[side], self.makers(side, work, clients), self.seconds, 302 if work == CREATE else 200)
        key = (side, clients, work)
        errors = seen.errors + (self.best[key].errors if key in self.best else 0)
        if key not in self.best or seen.at(0.95) < self.best[key].at(0.95):
            self.best[key] = seen
        self.best[key].errors = errors

    def run(self, rounds: int) -> None:
        """Ours and the floor in turns, so that both meet the same neighbours."""
        for _ in range(rounds):
            for work in (*self.pages, CREATE):
                self.measure("ours", work)
                if work in FLOOR or work == CREATE:
                    self.measure("floor", work)
            for work in UNDER_LOAD:
                self.measure("ours", work, MANY)
                self.measure("floor", work, MANY)


def measured(kind: str, rows: int, folder: Path, quick: bool) -> report.Result:
    """Everything about one database of one size."""
    say(f"{kind}, {rows:,} products: filling")
    url = served.empty_database(kind, folder, f"bench{rows}")
    cookies = served.tool("world", served.environment(url, folder), str(rows))["cookies"]
    starts = {
        name: served.cold_start(start, url, folder, 2 if quick else 5) for name, start in (("ours", served.ours), ("floor", served.floor))
    }
    with served.ours(url, folder) as (group, ours), served.floor(url, folder) as (bare, floor):
        say(f"{kind}, {rows:,} products: measuring")
        bench = Bench(ours, floor, cookies, 0.5 if quick else 1.0)
        bench.run(2 if quick else 5)
        memory = {"ours": served.memory(group), "floor": served.memory(bare)}
    say(f"{kind}, {rows:,} products: import and sweep")
    inside = [
        served.tool("inside", served.environment(url, folder), str(n), cookies[0], *bench.pages.values()) for n in range(1 if quick else 2)
    ]
    queries = {work: inside[0]["queries"][path] for work, path in bench.pages.items()}
    best = {name: min(one[name] for one in inside) for name in ("check", "apply", "sweep")}
    return report.Result(kind, rows, bench.best, queries, best, starts, memory)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 products only, two short windows")
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--rows", type=int, nargs="+", default=None, help="default: 10000 100000")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    parser.add_argument("--check", action="store_true", help="exit 1 when an aim is missed")
    asked = parser.parse_args()
    kinds = KINDS if asked.database == "both" else (asked.database,)
    sizes = asked.rows or ([10_000] if asked.quick else [10_000, 100_000])
    with tempfile.TemporaryDirectory(prefix="incubator-bench-") as name:
        results = [measured(kind, rows, Path(name), asked.quick) for rows in sizes for kind in kinds]
    print(report.markdown(results))
    if asked.write:
        report.write(results)
    missed = [line for result in results for line in report.misses(result)]
    print("\n".join(missed) or "Every aim is met.")
    return 1 if asked.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
