"""A headless Chromium, driven through the DevTools protocol over two pipes."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections import deque

NAMES = ["chromium", "chromium-browser", "google-chrome"]
# Containers have a small /dev/shm, and root has no sandbox.
OPTIONS = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-dev-shm-usage"]
OPTIONS += ["--disable-gpu", "--hide-scrollbars", "--no-first-run"]
PATIENCE = 60


class Browser:
    """One tab of a new browser without a profile."""

    def __init__(self):
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if program is None:
            raise SystemExit(
                f"This needs one of {', '.join(NAMES)} (Debian: apt-get install chromium)."
            )
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = [*OPTIONS, f"--user-data-dir={self.profile.name}", "about:blank"]
        commands, self.commands = os.pipe()
        self.messages, messages = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{commands} 4>&{messages}', "sh", program, *options],
            pass_fds=(commands, messages),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(messages)
        self.events, self.rest, self.count, self.session = deque(), b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.session = session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def call(self, method, **parameters):
        """Calls a method of the protocol and returns its result; events that come before wait."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while (answer := self.message()).get("id") != self.count:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def message(self):
        while b"\0" not in self.rest:
            if not select.select([self.messages], [], [], PATIENCE)[0]:
                raise RuntimeError(f"the browser has said nothing for {PATIENCE} seconds")
            piece = os.read(self.messages, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has ended")
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def event(self):
        return self.events.popleft() if self.events else self.message()

    def open(self, url, width, height, scale=1):
        """Opens a page in a window of this size, and returns what the browser complains about."""
        phone = width < 600
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=phone,
        )  # fmt: skip
        self.events.clear()
        self.call("Page.navigate", url=url)
        complaints = []
        while (event := self.event())["method"] != "Page.loadEventFired":
            complaints += complaint(event)
        self.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        complaints += [each for event in self.events for each in complaint(event)]
        return complaints

    def evaluate(self, expression):
        """The value of an expression in the page; a promise is awaited."""
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def screenshot(self, path):
        """Writes a picture of what the window shows."""
        picture = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(picture))


def complaint(event):
    """What an event of the browser complains about, as a list of at most one sentence."""
    details = event["params"]
    match event["method"]:
        case "Runtime.exceptionThrown":
            return [f"exception: {details['exceptionDetails']['text']}"]
        case "Runtime.consoleAPICalled" if details["type"] in ("error", "warning", "assert"):
            return [f"console: {details['args']}"]
        case "Log.entryAdded" if details["entry"]["level"] in ("error", "warning"):
            return [f"log: {details['entry']['text']} {details['entry'].get('url', '')}"]
        case "Network.loadingFailed" if not details.get("canceled"):
            return [f"not loaded: {details['errorText']}"]
        case "Network.responseReceived" if details["response"]["status"] >= 400:
            return [f"{details['response']['status']}: {details['response']['url']}"]
    return []
