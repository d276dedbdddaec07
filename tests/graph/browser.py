"""Debian's chromium without a window."""

import html
import json
import re
import subprocess
from dataclasses import dataclass
from html.parser import HTMLParser

# What the page itself may not do, its test does from a frame around it.
PROBE = """<!DOCTYPE html><title>probe</title><body style="margin:0">
<iframe id="f" style="border:0;width:{width}px;height:900px" srcdoc="{page}"></iframe><pre id="r"></pre>
<script>
document.getElementById("f").addEventListener("load", event => {{
  const page = event.target.contentDocument;
  const bars = [...page.querySelectorAll(".card .track")].map(track => {{
    const whole = track.getBoundingClientRect().width;
    return [...track.children].map(part => part.getBoundingClientRect().width / whole);
  }});
  document.getElementById("r").textContent = JSON.stringify({{
    text: page.body.textContent.replace(/\\s+/g, " "), title: page.title, cards: page.querySelectorAll(".card").length,
    images: page.querySelectorAll("img, script").length, width: page.documentElement.scrollWidth, bars,
  }});
}});
</script>"""


@dataclass
class Page:
    """What became of a page."""

    html: str
    text: str
    title: str
    cards: int
    images: int
    width: int
    bars: list
    console: list


class Result(HTMLParser):
    """The text of the element that the probe writes to."""

    def __init__(self, dump):
        super().__init__()
        self.inside, self.text = False, ""
        self.feed(dump)

    def handle_starttag(self, tag, attrs):
        self.inside = (tag, ("id", "r")) == ("pre", attrs[0] if attrs else None)

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.text += data if self.inside else ""


class Browser:
    """Draws specs with tartgen and opens what comes of it."""

    def __init__(self, tartgen, folder, kept):
        self.tartgen, self.folder, self.kept = tartgen, folder, kept

    def draw(self, spec, name="lab.yaml"):
        """The page of a spec."""
        path = self.folder / name
        path.write_text(spec, encoding="utf-8")
        done = subprocess.run([self.tartgen, "graph", name], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open(self, spec, name="lab.yaml", width=1400):
        """The page as the browser understands it, and what the browser complains of."""
        page = self.draw(spec, name)
        (self.folder / "probe.html").write_text(PROBE.format(page=html.escape(page), width=width), encoding="utf-8")
        done = self._chromium("--dump-dom", "--window-size=1400,900", "--enable-logging=stderr", "--v=0",
                              f"file://{self.folder}/probe.html")
        console = re.findall(r"CONSOLE[^\n]*", done.stderr)
        return Page(html=page, console=console, **json.loads(Result(done.stdout).text))

    def screenshot(self, spec, name, dark):
        """A picture of the top of the page."""
        (self.folder / "page.html").write_text(self.draw(spec), encoding="utf-8")
        mode = "dark" if dark else "light"
        picture = (self.kept or self.folder) / f"{name}-{mode}.png"
        # 0 stands for dark, 1 for light.
        self._chromium("--hide-scrollbars", "--window-size=1400,1000", f"--screenshot={picture}",
                       f"--blink-settings=preferredColorScheme={int(not dark)}", f"file://{self.folder}/page.html")
        return picture

    def _chromium(self, *arguments):
        argv = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                f"--user-data-dir={self.folder}/profile", "--virtual-time-budget=5000", *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stderr
        return done
