"""A dossier, a server and a browser for the tests of the page.

WINSET            the binary under test
WINSET_CHROMIUM   the browser, /usr/bin/chromium unless named
WINSET_SHOTS      a folder for screenshots; none are taken without it
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile

import pytest
from playwright.sync_api import sync_playwright

WINSET = os.environ["WINSET"]
CHROMIUM = os.environ.get("WINSET_CHROMIUM", "/usr/bin/chromium")


class Server:
    """`winset serve` on a fresh dossier."""

    def __init__(self, folder):
        self.dossier = folder / "talks"
        subprocess.run([WINSET, "init", str(self.dossier)], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [WINSET, "serve", str(self.dossier), "--json"], stdout=subprocess.PIPE, text=True
        )
        line = ""
        while "http" not in line:
            line = self.process.stdout.readline()
            assert line, "no link was printed"
        self.link = re.search(r"http://[^\"\s]+", line).group(0)
        self.root = self.link.split("/?")[0]

    def why(self, chosen):
        """What the command line says of a package."""
        pairs = ",".join(f"{issue}={option}" for issue, option in chosen)
        told = subprocess.run(
            [WINSET, "why", pairs, str(self.dossier), "--json"], check=True, capture_output=True, text=True
        )
        return json.loads(told.stdout)

    def close(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(pathlib.Path(folder))
        yield server
        server.close()


def open_page(browser, server, lang="en", width=1440):
    """A window of its own, in a language, with everything it complains of kept."""
    context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: page.complaints.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith((server.root, "data:", "about:", "blob:")) else page.complaints.append(f"asked for {r.url}"))
    page.goto(server.link)
    page.goto(f"{server.root}/table?lang={lang}")
    page.wait_for_selector("#options", timeout=120_000)
    return page


@pytest.fixture
def page(browser, server):
    page = open_page(browser, server)
    yield page
    page.context.close()
