"""The HTML report in a real browser: it renders, its filters work, nothing goes wrong, nothing is fetched."""

import base64
import json

import pytest
from conftest import SCREENSHOTS
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

SCHEMES = ("light", "dark")
WIDTHS = {"wide": 1400, "phone": 390}


def show(browser, page, scheme="light", width=1400):
    """Open a page as a fresh one, of that width and colour scheme."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get(page.as_uri())


def visible(browser, selector):
    return [element for element in browser.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]


def fetched(browser):
    """The addresses that the page asked for, itself among them."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


def test_the_page_is_all_that_is_fetched_and_the_console_stays_empty(browser, pages):
    for page in (pages.faulty, pages.good):
        show(browser, page)
        assert set(fetched(browser)) == {page.as_uri()}
        assert browser.get_log("browser") == []


def test_the_verdict_stands_at_the_top(browser, pages):
    show(browser, pages.faulty)
    heading = browser.find_element(By.TAG_NAME, "h1")
    assert heading.text.startswith("FAIL")
    assert heading.location["y"] < 200
    show(browser, pages.good)
    assert browser.find_element(By.TAG_NAME, "h1").text.startswith("PASS")
    assert visible(browser, ".finding") == []


def test_a_violation_tells_what_was_found_what_is_wanted_the_fix_and_the_controls(browser, pages):
    show(browser, pages.faulty)
    finding = browser.find_element(By.CSS_SELECTOR, '.finding[data-rule="shared-cmk"]')
    terms = [term.text for term in finding.find_elements(By.TAG_NAME, "dt")]
    assert terms == ["Found", "Wanted", "Fix", "Controls"]
    assert 'kmsKeyId is "alias/aws/elasticache"' in finding.text
    assert "stack/fastcart/cache.py:" in finding.find_element(By.XPATH, "..").text


FILTERS = [
    ("filter-rule", "kinesis-shard-count", lambda f: f["rule"] == "kinesis-shard-count"),
    ("filter-severity", "critical", lambda f: f["severity"] == "critical"),
    ("filter-resource", "ORDERS", lambda f: "orders" in f["name"]),
]


@pytest.mark.parametrize("control,value,wanted", FILTERS, ids=[name for name, _, _ in FILTERS])
def test_a_filter_shows_what_it_names_and_nothing_else(browser, pages, control, value, wanted):
    show(browser, pages.faulty)
    field = browser.find_element(By.ID, control)
    everything = [described(f) for f in browser.find_elements(By.CSS_SELECTOR, ".finding")]
    assert len(visible(browser, ".finding")) == len(everything)
    if field.tag_name == "select":
        Select(field).select_by_visible_text(value)
    else:
        field.send_keys(value)
    shown = [described(f) for f in visible(browser, ".finding")]
    assert shown == [f for f in everything if wanted(f)]
    assert 0 < len(shown) < len(everything)
    assert f"{len(shown)} of {len(everything)} findings shown" in browser.find_element(By.ID, "shown").text
    assert all(group.find_elements(By.CSS_SELECTOR, ".finding:not([hidden])") for group in visible(browser, ".resource"))


def described(finding):
    return {key: finding.get_attribute(f"data-{key}") for key in ("rule", "severity", "name")}


def test_the_filters_narrow_the_coverage_and_showing_all_brings_it_back(browser, pages):
    show(browser, pages.faulty)
    rows, columns = len(visible(browser, ".coverage tbody tr")), len(visible(browser, ".coverage thead th"))
    Select(browser.find_element(By.ID, "filter-rule")).select_by_visible_text("shared-cmk")
    browser.find_element(By.ID, "filter-resource").send_keys("cache")
    assert len(visible(browser, ".coverage thead th")) == 2
    assert 0 < len(visible(browser, ".coverage tbody tr")) < rows
    browser.find_element(By.CSS_SELECTOR, "#filters button").click()
    assert (len(visible(browser, ".coverage tbody tr")), len(visible(browser, ".coverage thead th"))) == (rows, columns)


def test_coverage_has_a_cell_for_every_rule_and_resource(browser, pages):
    show(browser, pages.faulty)
    counts = browser.execute_script(
        "return [...document.querySelectorAll('.coverage tbody tr')].map(row => row.querySelectorAll('td').length)"
    )
    rules = len(browser.find_elements(By.CSS_SELECTOR, ".coverage thead th")) - 1
    assert rules == 20
    assert set(counts) == {rules}
    assert len(counts) == 72, "the 71 resources, and the stack as a whole"


def test_the_picture_shows_the_stack_and_its_faults(browser, pages):
    show(browser, pages.faulty)
    texts = [t.get_attribute("textContent") for t in browser.find_elements(By.CSS_SELECTOR, ".picture svg text")]
    for expected in ("Public subnets", "Private subnets", "fastcart-key-dev", "The internet", "fastcart-orders-db-dev"):
        assert expected in texts
    faults = browser.find_elements(By.CSS_SELECTOR, ".picture .node.fault")
    names = " ".join(f.get_attribute("textContent") for f in faults)
    assert "fastcart-cache-dev" in names and "fastcart-orders-dev" in names and "fastcart-key-dev" not in names
    assert browser.find_elements(By.CSS_SELECTOR, ".picture .edge.fault.traffic"), "who may talk, but should not"
    for fault in faults:
        for link in fault.find_elements(By.TAG_NAME, "a"):
            target = link.get_attribute("xlink:href") or link.get_attribute("href")
            assert browser.find_element(By.ID, target.removeprefix("#"))
    show(browser, pages.good)
    assert browser.find_elements(By.CSS_SELECTOR, ".picture .fault") == []


def test_everything_can_be_reached_by_keyboard(browser, pages):
    show(browser, pages.faulty)
    reached = []
    for _ in range(14):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        element = browser.switch_to.active_element
        reached.append(element.get_attribute("id") or element.get_attribute("href") or element.tag_name)
    assert reached[0].endswith("#main"), "the way past the navigation comes first"
    for control in ("filter-rule", "filter-severity", "filter-resource"):
        assert control in reached


CONTRAST = """
const luminance = ([r, g, b]) => {
  const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
};
const colour = (text) => text.match(/[0-9.]+/g).map(Number);
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const c = colour(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c;
  }
  return [255, 255, 255];
};
const poor = new Set();
for (const element of document.body.querySelectorAll(":not(script):not(svg):not(svg *)")) {
  if (![...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
  if (!element.checkVisibility()) continue;
  const [a, b] = [luminance(colour(getComputedStyle(element).color)), luminance(behind(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) poor.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
}
return [...poor];
"""

STRUCTURE = """
const problems = [];
for (const tag of ["header", "main", "nav", "footer"]) if (!document.querySelector(tag)) problems.push(`no ${tag}`);
if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");
let level = 1;
for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
  const next = Number(h.tagName[1]);
  if (next > level + 1) problems.push(`heading level skipped before ${h.textContent}`);
  level = next;
}
for (const field of document.querySelectorAll("input, select"))
  if (!field.labels.length) problems.push(`no label: ${field.id}`);
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push(`id twice: ${id}`);
for (const a of document.querySelectorAll('a[href^="#"]'))
  if (!document.getElementById(a.getAttribute("href").slice(1))) problems.push(`leads nowhere: ${a.getAttribute("href")}`);
for (const e of document.querySelectorAll("[aria-labelledby]"))
  if (!document.getElementById(e.getAttribute("aria-labelledby"))) problems.push(`label missing: ${e.id}`);
return problems;
"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_contrast_enough(browser, pages, scheme):
    for page in (pages.faulty, pages.good):
        show(browser, page, scheme)
        assert browser.execute_script(CONTRAST) == []


def test_the_structure_is_accessible(browser, pages):
    for page in (pages.faulty, pages.good):
        show(browser, page)
        assert browser.execute_script(STRUCTURE) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_of_the_page(browser, pages, scheme, width):
    show(browser, pages.faulty, scheme, WIDTHS[width])
    assert browser.execute_script("return document.documentElement.scrollWidth") <= WIDTHS[width]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
    (SCREENSHOTS / f"report-{scheme}-{width}.png").write_bytes(base64.b64decode(shot["data"]))


def test_it_prints_all_of_the_table(browser, pages):
    show(browser, pages.faulty)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    table = browser.find_element(By.CSS_SELECTOR, ".coverage")
    assert browser.execute_script("return arguments[0].scrollHeight <= arguments[0].clientHeight + 1", table)
    assert visible(browser, "#filters") == []
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"landscape": True})["data"])
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / "report.pdf").write_bytes(pdf)
    assert pdf.startswith(b"%PDF")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
