"""The page in a real browser: headless Chromium with an empty profile, at the widths of a phone and of a desk.

Run by ``uv run pytest -n 0 -m browser``; needs a Chromium that is installed (Debian's ``chromium``).
"""

from __future__ import annotations

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

import onefold
import onefold.starters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext
    from tests.conftest import MakeTiny

pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, DESK = (390, 844), (1280, 900)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path is not None, "no Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield found
        found.close()


class Seen:
    """What the browser said and asked for while a page was open."""

    def __init__(self, page: Page) -> None:
        self.page, self.said, self.asked = page, list[str](), list[str]()
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def visit(browser: Browser, page: Path) -> Iterator[Callable[..., Seen]]:
    """Opens the page of the sample shop, or another one, from disk."""
    contexts: list[BrowserContext] = []

    def visit_page(size: tuple[int, int] = DESK, scheme: Any = "light", path: Path = page, **more: Any) -> Seen:
        viewport: Any = {"width": size[0], "height": size[1]}
        contexts.append(browser.new_context(viewport=viewport, color_scheme=scheme, **more))
        seen = Seen(contexts[-1].new_page())
        seen.page.goto(path.as_uri())
        return seen

    yield visit_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_quiet_and_alone(visit: Callable[..., Seen], page: Path, size: tuple[int, int], scheme: str) -> None:
    """The browser has nothing to say, and is asked for the file itself and nothing else, even after a scroll through."""
    seen = visit(size, scheme)
    seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    seen.page.mouse.wheel(0, 100_000)
    seen.page.wait_for_timeout(200)

    assert seen.said == []
    assert seen.asked == [page.as_uri()]


def test_served_it_asks_for_nothing_else(browser: Browser, page: Path) -> None:
    """Also from a web server the page loads nothing more, not even an icon."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(page.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        tab = browser.new_page()
        tab.goto(f"http://127.0.0.1:{server.server_port}/{page.name}")
        tab.wait_for_timeout(300)
        tab.close()
    finally:
        server.shutdown()
        server.server_close()

    assert asked == [f"/{page.name}"]


@pytest.mark.parametrize("size", [(320, 640), PHONE, (768, 1024), DESK])
def test_no_scrolling_sideways(visit: Callable[..., Seen], size: tuple[int, int]) -> None:
    """The page is as wide as the screen, folded and unfolded; what is wider scrolls in a frame of its own."""
    tab = visit(size).page

    for _ in range(2):
        assert tab.evaluate("document.documentElement.scrollWidth") == size[0]
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def test_headings_in_order(visit: Callable[..., Seen]) -> None:
    """There is one heading of the first level, and no level is skipped on the way down."""
    levels = visit().page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => +h.tagName[1])")

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_no_known_barrier(visit: Callable[..., Seen], size: tuple[int, int], scheme: str) -> None:
    """axe-core finds nothing: landmarks, names, contrast, tables, with everything unfolded."""
    tab = visit(size, scheme).page
    tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    tab.wait_for_timeout(200)

    found = Axe().run(tab)

    assert found.violations_count == 0, found.generate_report()


def test_dark_differs(visit: Callable[..., Seen]) -> None:
    """Who prefers a dark page gets light words on a dark ground."""

    def brightness(tab: Page, what: str) -> float:
        colour = tab.evaluate(f"getComputedStyle(document.body).{what}")
        return sum(float(part) for part in colour[4:-1].split(",")[:3]) / 3

    light, dark = visit().page, visit(scheme="dark").page

    assert brightness(light, "backgroundColor") > 230
    assert brightness(light, "color") < 100
    assert brightness(dark, "backgroundColor") < 50
    assert brightness(dark, "color") > 200


def test_paper_is_light(visit: Callable[..., Seen]) -> None:
    """On paper the page is dark on white even for who prefers a dark screen, and what only a screen needs is gone."""
    tab = visit(scheme="dark").page
    tab.emulate_media(media="print")

    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not tab.locator("nav.contents").is_visible()
    assert not tab.locator(".copy").first.is_visible()
    assert tab.locator(".chart").first.is_visible()


def test_paper_is_not_endless(visit: Callable[..., Seen]) -> None:
    """The report of the sample shop prints on a dozen pages, nothing cut off at the right."""
    tab = visit().page

    pdf = tab.pdf(prefer_css_page_size=True)

    assert 3 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 14


def test_without_a_script(visit: Callable[..., Seen]) -> None:
    """Without JavaScript all is there: text, charts, pictures, folded tables that open."""
    tab = visit(java_script_enabled=False).page

    assert tab.locator("h2").first.is_visible()
    assert tab.locator("svg.graph[role=img]").count() == 6
    assert tab.locator("button").count() == 0
    tab.locator("summary").first.click()
    assert tab.locator("details[open] table").first.is_visible()


def test_the_first_tab_stop_skips(visit: Callable[..., Seen]) -> None:
    """The first stop of the keyboard is a link that shows itself and leads past everything to the verdict."""
    tab = visit().page
    tab.keyboard.press("Tab")
    link = tab.locator(":focus")

    assert link.inner_text() == "Skip to the verdict"
    assert (link.bounding_box() or {"y": -1})["y"] >= 0
    link.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "verdict"


def test_focus_is_seen(visit: Callable[..., Seen]) -> None:
    """Every kind of thing that takes the focus shows it with an outline."""
    tab = visit().page
    kinds = {"a": 0, "button": 0, "summary": 0}
    for _ in range(60):
        tab.keyboard.press("Tab")
        name, width = tab.evaluate(
            "(() => { const e = document.activeElement; return [e.tagName.toLowerCase(),"
            " parseFloat(getComputedStyle(e).outlineWidth)]; })()"
        )
        if name in kinds:
            kinds[name] += 1
            assert width >= 2, name

    assert all(kinds.values())


def test_pictures_are_whole_on_a_phone(visit: Callable[..., Seen]) -> None:
    """On a phone every picture is as wide as the screen leaves room for, and none is cut."""
    tab = visit(PHONE).page

    cut = tab.evaluate(
        "[...document.querySelectorAll('.picture figure .scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert cut == 0
    assert tab.locator(".picture.wide .drawing").first.is_visible()


@pytest.mark.parametrize("selector", [".graph[role=img]", ".chart"])
def test_words_of_charts_do_not_overlap(visit: Callable[..., Seen], selector: str) -> None:
    """In every chart and picture, no word lies on another one, and none leaves the drawing."""
    found = visit().page.evaluate(
        """(selector) => {
          const bad = [];
          for (const svg of document.querySelectorAll(selector)) {
            const frame = svg.getBoundingClientRect();
            const boxes = [...svg.querySelectorAll('text')].map((t) => [t.textContent, t.getBoundingClientRect()]);
            boxes.forEach(([text, a], n) => {
              if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1) bad.push(text);
              for (const [other, b] of boxes.slice(n + 1)) {
                const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (w > 1 && h > 3) bad.push(`${text} / ${other}`);
              }
            });
          }
          return bad;
        }""",
        selector,
    )

    assert found == []


def test_words_of_charts_can_be_read(visit: Callable[..., Seen]) -> None:
    """On a phone the words of charts are at least 10 pixels high."""
    heights = visit(PHONE).page.evaluate(
        """[...document.querySelectorAll('.chart')].map(
          (svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
            * parseFloat(getComputedStyle(svg).fontSize))"""
    )

    assert heights
    assert min(heights) >= 10


@pytest.fixture(scope="module")
def kiosk_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the minimal project, with a kiosk that 64 people used."""
    folder = tmp_path_factory.mktemp("kiosk") / "shop"
    onefold.starters.start("minimal", folder)
    own = [f"user-{n},device-{n},2026-01-05 09:00:00" for n in range(200)]
    shared = [f"user-{n},kiosk-1,2026-02-05 09:00:00" for n in range(64)]
    logins = "\n".join(["user_id,anonymous_id,logged_in_at", *own, *shared])
    (folder / "data/shop/web/logins.csv").write_text(logins + "\n", encoding="utf-8")
    onefold.load(folder).run(end_time="2026-10-31")
    path = folder / "kiosk.html"
    onefold.load(folder).report().write(path)
    return path


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_page_of_a_kiosk_is_short_and_fits(
    visit: Callable[..., Seen], kiosk_page: Path, size: tuple[int, int]
) -> None:
    """Nothing is wider than the screen, the page ends after a dozen screens, and what changes nothing has no chart."""
    tab = visit(size, path=kiosk_page).page

    width, height = tab.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert width == size[0]
    assert height < 12_000
    assert tab.locator("#thresholds .sweep").count() == 2
    assert tab.locator("#thresholds .charts").count() == 1


def test_tables_fit_a_desk(visit: Callable[..., Seen]) -> None:
    """At 1280 pixels no table that is open is cut, that of the features among them."""
    cut = visit(DESK).page.evaluate(
        """[...document.querySelectorAll('.scroll')]
          .filter((e) => !e.closest('details:not([open])') && e.scrollWidth > e.clientWidth + 1)
          .map((e) => e.getAttribute('aria-label'))"""
    )

    assert cut == []


def test_what_would_help_is_no_order(visit: Callable[..., Seen], kiosk_page: Path) -> None:
    """Alternatives are not numbered, the culprit comes first, and each says what it would give."""
    tried = visit(path=kiosk_page).page.locator("#verdict .tried")

    assert "kiosk-1" in tried.first.inner_text()
    assert all("→" in text for text in tried.locator(".outcome").all_inner_texts())
    assert tried.first.evaluate("(li) => [li.parentElement.tagName, getComputedStyle(li, '::before').content]") == [
        "UL",
        "none",
    ]


def test_verdicts_are_words_and_shapes(visit: Callable[..., Seen]) -> None:
    """No verdict is told by colour alone: each mark has a word beside it, and marks differ in shape."""
    tab = visit().page

    assert tab.evaluate(
        "[...document.querySelectorAll('.verdict')].every((v) => ['pass', 'warn', 'fail'].includes(v.innerText.trim()))"
    )
    shapes = {name: tab.locator(f".mark.{name}").first.inner_html() for name in ("pass", "warn")}
    assert shapes["pass"] != shapes["warn"]


def test_tables_sort(visit: Callable[..., Seen]) -> None:
    """A click on a heading of numbers sorts the largest first, another one the smallest; it says which."""
    tab = visit().page
    table = tab.locator("#bridges table")
    head = table.locator("thead th").nth(3)

    def values() -> list[int]:
        return [int(text.replace(",", "")) for text in table.locator("tbody td:nth-child(4)").all_inner_texts()]

    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert values() == sorted(values(), reverse=True)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert values() == sorted(values())


def test_commands_can_be_copied(visit: Callable[..., Seen]) -> None:
    """The button beside a command puts just that command on the clipboard, and says that it did."""
    tab = visit(permissions=["clipboard-read", "clipboard-write"]).page
    box = tab.locator(".command").first

    box.get_by_role("button").click()

    assert tab.evaluate("navigator.clipboard.readText()") == box.locator("code").inner_text()
    assert box.get_by_role("button").inner_text() == "Copied"


def test_hostile_ids_do_nothing(
    visit: Callable[..., Seen], tiny: MakeTiny, hostile_rows: str, hostile_files: dict[str, str], tmp_path: Path
) -> None:
    """Ids that are scripts and tags stand on the page as text; nothing of them runs or loads."""
    shop = tiny(hostile_rows, hostile_files)
    shop.run()
    path = tmp_path / "hostile.html"
    onefold.load(shop.folder).report(mask="none").write(path)
    seen = visit(path=path)
    seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")

    assert "owned" not in seen.page.title()
    assert seen.said == []
    assert seen.asked == [path.as_uri()]
    assert seen.page.get_by_text("<script>document.title='owned'</script>").first.is_visible()


def test_the_policy_holds(visit: Callable[..., Seen]) -> None:
    """Should a script or an address get into the page all the same, the page's policy keeps it from running."""
    tab = visit().page

    tab.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = "document.title = 'owned'";
          document.body.append(script);
          document.body.insertAdjacentHTML('beforeend', '<img src="https://example.invalid/x" onerror="document.title=1">');
        }"""
    )
    tab.wait_for_timeout(200)

    assert tab.title() not in {"owned", "1"}


def test_a_giant_profile_says_what_is_missing(
    visit: Callable[..., Seen], raised_threshold: onefold.Project, tmp_path: Path
) -> None:
    """The picture of a giant profile says above it how many of its ids it shows."""
    path = tmp_path / "giant.html"
    raised_threshold.report(thresholds=False).write(path)
    tab = visit(path=path).page

    assert " ids are drawn" in tab.locator(".sampled").first.inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") == DESK[0]
