"""The picture of a fleet, in light and dark, small and large, as a browser makes it."""

import os
import sys
import tempfile
import traceback
from pathlib import Path

from browser import Browser
from fleets import LAB, PLAIN, large, many
from picture import Picture


def everything_is_seen(browser):
    """All texts, no complaint of the browser, and cards that are not empty."""
    page = browser.open(LAB)
    assert page.console == [], page.console
    for text in ("mm1.lab", "ci-mac-2", "macOS, dormant", "12 GiB of 24 GiB", "to be deleted: ", "old-vm", "M4 Pro",
                 "3 macOS, 2 Linux", "sequoia"):
        assert text in page.text, f"{text} in {page.text}"


def bars_are_as_long_as_what_they_show(browser):
    """6 of 8 CPUs are three quarters of the bar, in the colours of two images."""
    page = browser.open(LAB)
    widths = page.bars[0]
    assert [round(width, 3) for width in widths] == [0.5, 0.25], widths


def light_and_dark_differ(browser):
    """Each has its own background, and enough colours to show something."""
    light, dark = (Picture(browser.screenshot(LAB, "lab", dark=dark)) for dark in (False, True))
    assert light.brightness > 200 and dark.brightness < 60, (light.brightness, dark.brightness)
    for picture in (light, dark):
        assert picture.size == (1400, 1000) and picture.colours > 100, (picture.size, picture.colours)
        assert picture.vivid > 0.002, picture.vivid


def one_host_is_enough(browser):
    """A page without images under names, hardware or VMs."""
    page = browser.open(PLAIN)
    assert page.console == [] and "no VMs" in page.text, page.text


def two_hundred_hosts_are_readable(browser):
    """Each has a card, and the page is not wider than a window, be it that of a telephone."""
    for width in (390, 1400):
        page = browser.open(many(200), width=width)
        assert page.cards == 200 and page.console == []
        assert page.width <= width, f"{page.width} at {width}"
    assert Picture(browser.screenshot(many(200), "many", dark=False)).colours > 100


def large_fleets_are_grouped(browser):
    """5,000 hosts of three kinds are three cards, which name them all."""
    page = browser.open(large(5000))
    assert page.cards == 3, page.cards
    assert "and 1666 more" in page.text and "mm-4999" in page.html


def names_cannot_leave_the_text(browser):
    """The file name is all of a spec that may hold such characters."""
    page = browser.open(PLAIN, name='<img src=x onerror="document.title=1">&amp;{{ 7*7 }}.yaml')
    assert page.console == [] and page.images == 0, page.html
    assert page.title.endswith(": the fleet") and "49" not in page.title, page.title


CASES = [everything_is_seen, bars_are_as_long_as_what_they_show, light_and_dark_differ, one_host_is_enough,
         two_hundred_hosts_are_readable, large_fleets_are_grouped, names_cannot_leave_the_text]


def main(words):
    """Runs the cases whose names have one of the words, or all."""
    chosen = [case for case in CASES if not words or any(word in case.__name__ for word in words)]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        kept = os.environ.get("KEEP_SCREENSHOTS")
        browser = Browser(os.environ["TARTGEN_BIN"], Path(folder), Path(kept) if kept else None)
        for case in chosen:
            try:
                case(browser)
                print(f"ok {case.__name__}", flush=True)
            except Exception:  # A case that cannot go on has failed, and the others go on.
                failed += 1
                print(f"FAILED {case.__name__}\n{traceback.format_exc()}", flush=True)
    print(f"graph: {len(chosen) - failed} of {len(chosen)} cases passed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
