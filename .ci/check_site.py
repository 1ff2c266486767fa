"""Fails unless every link of the documentation site leads somewhere, every public name has a place
in it, and a browser shows every page, at the width of a phone and of a desk, without a complaint,
with all pictures, and without scrolling sideways:

python check_site.py SITE [SCREENSHOTS [PAGE...]]

It writes screenshots of the pages, by default of all, to the folder SCREENSHOTS."""

import inspect
import sys
import threading
import time
from collections import Counter
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import numpy as np

import gelu_fast

sys.path.insert(0, str(Path(__file__).parent))
from browser import Browser

SIZES = {"phone": (390, 844), "desk": (1280, 900)}
# The widest element that is not inside one which scrolls by itself.
WIDTH = """(() => {
  const limit = document.documentElement.clientWidth;
  const scrolls = new Set(["auto", "scroll", "hidden"]);
  const alone = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (scrolls.has(getComputedStyle(p).overflowX)) return false; return true; };
  const wide = [...document.querySelectorAll("body *")].filter(
      e => { const box = e.getBoundingClientRect();
             return box.width && box.left < limit && box.right > limit + 1 && alone(e); });
  return wide.map(e => `${e.tagName.toLowerCase()}.${e.className}: ` + e.textContent.slice(0, 40));
})()"""
SCROLL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Whether the search shows a result within ten seconds.
FOUND = """new Promise(done => { const start = Date.now(), look = () => {
  const found = document.querySelector("#search-results li a");
  found || Date.now() - start > 10000 ? done(!!found) : setTimeout(look, 50); }; look(); })"""
BROKEN = "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], {""}
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[key] for key in ("id", "name") if found.get(key)}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]


# ---- Links


def check_links(site):
    """(faults, hosts of the links that lead out of the site)."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    faults, hosts = [], Counter()
    for path, page in pages.items():
        here = path.relative_to(site).as_posix()
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if parts.scheme not in ("https", "data", "mailto") or " " in link:
                    faults.append(f"{here}: {link} is no https address")
                hosts[parts.netloc] += 1
                continue
            target = site / unquote(urlsplit(urljoin(f"/{here}", link)).path).lstrip("/")
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                faults.append(f"{here}: {link} leads nowhere")
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                faults.append(f"{here}: {link} leads to no place in the page")
    return faults, hosts


def check_names(site):
    """The public names of the installed package that the site does not have, or not with a picture.
    A module that has all functions has no places of its own for them."""
    pages = [Page(path) for path in site.rglob("*.html")]
    places = set().union(*(page.anchors for page in pages))
    pictures = {Path(link).stem for page in pages for link in page.links if link.endswith(".svg")}
    ufuncs = {name for name in gelu_fast.__all__ if isinstance(getattr(gelu_fast, name), np.ufunc)}
    wanted = set()
    for name in gelu_fast.__all__:
        value = getattr(gelu_fast, name)
        if inspect.ismodule(value):
            own = set(value.__all__) - (ufuncs if ufuncs <= set(value.__all__) else set())
            wanted |= {f"module-gelu_fast.{name}", *(f"gelu_fast.{name}.{each}" for each in own)}
        else:
            wanted.add(f"gelu_fast.{name}")
    faults = [f"{name} is not in the site" for name in sorted(wanted - places)]
    return faults + [f"{name} has no picture" for name in sorted(ufuncs - pictures)]


# ---- A browser


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass


def check_pages(site, screenshots, wanted):
    """What is wrong with the pages in a browser."""
    handler = partial(Quiet, directory=site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    faults = []
    with Browser() as browser:
        for path in sorted(site.rglob("*.html")):
            page = path.relative_to(site).as_posix()
            for name, size in SIZES.items():
                found = browser.open(base + page, *size)
                found += [f"broken picture {each}" for each in browser.evaluate(BROKEN)]
                found += [f"too wide: {each}" for each in browser.evaluate(WIDTH)]
                if browser.evaluate(SCROLL) > 0:
                    found.append("the page scrolls sideways")
                faults += [f"{page}, {name}: {each}" for each in found]
                if screenshots and (not wanted or page in wanted):
                    browser.screenshot(screenshots / f"{page.replace('/', '-')[:-5]}-{name}.png")
        browser.open(f"{base}search.html?q=mish", *SIZES["desk"])
        if not browser.evaluate(FOUND):
            faults.append("the search finds no page")
    server.shutdown()
    return faults


def main(site, screenshots=None, *wanted):
    start = time.monotonic()
    site = Path(site)
    if screenshots:
        screenshots = Path(screenshots)
        screenshots.mkdir(parents=True, exist_ok=True)
    faults, hosts = check_links(site)
    faults += check_names(site)
    faults += check_pages(site, screenshots, wanted)
    print(*faults, sep="\n")
    print(
        "hosts of the links out of the site:", *(f"{host} ({n})" for host, n in hosts.most_common())
    )
    pages = len([*site.rglob("*.html")])
    print(f"{pages} pages, {len(faults)} faults, {time.monotonic() - start:.0f} s")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
