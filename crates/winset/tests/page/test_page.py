"""The page in a real browser: every room opened and used, in both languages, wide and narrow."""

import os
import re
import subprocess
import tomllib

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import open_page

ROOMS = {
    "situation": ("Situation", "現状"),
    "goods": ("Goods", "品目"),
    "chips": ("Demands and chips", "要求と交渉材料"),
    "table": ("The table", "交渉テーブル"),
    "frontier": ("Frontier", "フロンティア"),
    "wants": ("What they want", "相手の狙い"),
    "others": ("Everyone else", "第三国"),
    "log": ("Log", "記録"),
    "brief": ("Brief", "説明資料"),
}


def number(text):
    return float(text.replace("−", "-").replace("\u202f", "").replace(",", ""))


def chosen(server, page):
    """The package on the table as issues and options of the dossier."""
    code = re.search(r"[?&]p=([0-9a-z]+)", page.url).group(1)
    issues = tomllib.loads((server.dossier / "issues.toml").read_text())["issue"]
    places = [int(c, 36) for c in code]
    return [(i["id"], i["option"][o]["id"]) for i, o in zip(issues, places) if o]


def solved(page):
    page.wait_for_selector("#numbers[data-exact=true]")


def put(page, issue, option):
    """Moves one issue to one option, and waits for the exact solve of that package."""
    before = page.get_attribute("#numbers", "data-code")
    page.click(f"label:has(input[name=o{issue}][value='{option}'])")
    page.wait_for_function("(old) => document.getElementById('numbers').dataset.code !== old", arg=before)
    solved(page)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_room_opens(browser, server, lang, width):
    page = open_page(browser, server, lang, width)
    for room, titles in ROOMS.items():
        page.goto(f"{server.root}/{room}")
        page.wait_for_load_state("networkidle")
        assert page.inner_text("h1") == titles[lang == "ja"]
        assert page.get_attribute("html", "lang") == lang
        assert page.locator("main").inner_text().strip() != titles[lang == "ja"], f"{room} is empty"
        assert page.locator(".failed").count() == 0, page.locator(".failed").first.inner_text()
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{room} is {overflow} px too wide"
        found = Axe().run(page)
        serious = [
            (v["id"], v["nodes"][0]["html"][:200])
            for v in found.response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{room}: {serious}"
        if folder := os.environ.get("WINSET_SHOTS"):
            page.screenshot(path=f"{folder}/{room}-{lang}-{width}.png")
    assert not page.complaints, page.complaints
    page.context.close()


def test_numbers_are_those_of_the_command_line(server, page):
    page.goto(f"{server.root}/table")
    solved(page)
    put(page, 0, "2")
    put(page, 3, "1")
    told = server.why(chosen(server, page))["package"]
    shown = [number(text) for text in page.locator(".gain b").all_inner_texts()]
    assert shown == [round(told["ours"]["objective"], 2), round(told["theirs"]["objective"], 2)]
    incomes = [number(text.split()[-1]) for text in page.locator(".gain .sub").all_inner_texts()]
    assert incomes == [round(told["ours"]["ev"], 2), round(told["theirs"]["ev"], 2)]
    no = page.locator(".votes li.no > span").all_inner_texts()
    assert {text.split("\n")[0] for text in no} >= set() and len(no) == len({b["ratifier"] for b in told["blocked_by"]})


def test_undo_and_reload_keep_the_package(server, page):
    page.goto(f"{server.root}/table")
    solved(page)
    first = page.get_attribute("#numbers", "data-code")
    put(page, 1, "2")
    second = page.get_attribute("#numbers", "data-code")
    page.reload()
    solved(page)
    assert page.get_attribute("#numbers", "data-code") == second
    page.keyboard.press("u")
    page.wait_for_function("(code) => document.getElementById('numbers')?.dataset.code === code", arg=first)
    assert not page.complaints, page.complaints


def test_a_package_is_saved_and_found_in_the_text(server, page):
    page.goto(f"{server.root}/table")
    solved(page)
    put(page, 2, "1")
    page.fill("form.save input[name=name]", "from the page")
    page.click("form.save button")
    page.wait_for_selector("#saved .done")
    saved = tomllib.loads((server.dossier / "packages.toml").read_text())["package"]
    options = next(p["options"] for p in saved if p["name"] == "from the page")
    assert sorted(options.items()) == sorted(chosen(server, page))
    page.reload()
    assert page.locator("ul.saved a", has_text="from the page").count() == 1


def test_two_windows_do_not_overwrite_one_another(browser, server):
    first, second = open_page(browser, server), open_page(browser, server)
    for window in (first, second):
        window.goto(f"{server.root}/table")
        solved(window)
    first.fill("form.save input[name=name]", "window one")
    first.click("form.save button")
    first.wait_for_selector("#saved .done")
    second.fill("form.save input[name=name]", "window two")
    second.click("form.save button")
    second.wait_for_selector("#saved .failed")
    assert second.locator("ul.saved a", has_text="window one").count() == 1
    text = (server.dossier / "packages.toml").read_text()
    assert "window one" in text and "window two" not in text
    second.fill("form.save input[name=name]", "window two")
    second.click("form.save button")
    second.wait_for_selector("#saved .done")
    text = (server.dossier / "packages.toml").read_text()
    assert "window one" in text and "window two" in text
    for window in (first, second):
        window.context.close()


def test_the_keyboard_is_enough(server, page):
    page.goto(f"{server.root}/situation")
    page.keyboard.press("4")
    page.wait_for_selector("#options")
    solved(page)
    first = page.get_attribute("#numbers", "data-code")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name === 'o1'"):
            break
    assert page.evaluate("document.activeElement.name") == "o1"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(old) => document.getElementById('numbers').dataset.code !== old", arg=first)
    solved(page)
    page.keyboard.press("a")
    page.wait_for_selector("#compare table")
    page.keyboard.press("2")
    page.wait_for_selector("#search")
    page.keyboard.press("/")
    page.keyboard.type("8703")
    page.wait_for_function("() => document.querySelectorAll('#lines details').length > 0 && [...document.querySelectorAll('#lines code')].every((c) => c.textContent.startsWith('8703'))")


def test_a_line_opens_its_trace(server, page):
    page.goto(f"{server.root}/goods")
    page.wait_for_selector("#lines details")
    page.locator("#lines details summary").first.click()
    page.wait_for_selector("#lines .trace table")
    trace = page.locator("#lines .trace").first.inner_text()
    assert "us-232-cars" in trace and "25%" in trace


def test_the_sliders_show_the_law_as_it_was_known(server, page):
    page.goto(f"{server.root}/situation")
    page.wait_for_selector("#day b")
    page.fill("input[type=date][name=on]", "2025-07-10")
    page.wait_for_function("() => document.querySelector('#day caption').textContent.includes('10 July 2025')")
    cliff = number(page.locator("#day b").first.inner_text().split()[0])
    page.fill("input[type=date][name=known]", "2025-07-31")
    page.wait_for_function("() => document.querySelector('#day caption').textContent.includes('31 July 2025')")
    later = number(page.locator("#day b").first.inner_text().split()[0])
    # The suspension was prolonged on 7 July: who knows that pays less on 10 July.
    assert later < cliff - 3


def test_the_frontier_leads_to_the_table(server, page):
    page.goto(f"{server.root}/frontier")
    # Points lie close; the last lies on top.
    point = page.locator("svg.chart a").last
    to = point.get_attribute("href")
    point.click()
    page.wait_for_selector("#options")
    assert to in page.url
    page.goto(f"{server.root}/frontier")
    before = page.locator("svg.chart a").count()
    page.click("label:has(input[value=farm])")
    page.wait_for_url(re.compile("account=farm"))
    assert page.locator("input[name=account][value=farm]").is_checked()
    assert page.locator("svg.chart a").count() != before or page.locator("svg.chart").count() == 1


def test_every_format_downloads(server, page, tmp_path):
    page.goto(f"{server.root}/brief")
    links = page.locator(".downloads a")
    assert links.count() == 16
    starts = {"pdf": b"%PDF", "xlsx": b"PK", "zip": b"PK", "json": b"{", "html": b"<!DOCTYPE html>"}
    for place in range(16):
        # Chromium holds back the eleventh download of one visit where the clicks come faster than a hand's.
        page.goto(f"{server.root}/brief")
        with page.expect_download() as download:
            links.nth(place).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        kind = path.suffix.lstrip(".")
        assert path.read_bytes().startswith(starts[kind]), path.name
    text = subprocess.run(
        ["pdftotext", str(tmp_path / "brief.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "our goods pay" in text
    shared = subprocess.run(
        ["pdftotext", str(tmp_path / "shareable-brief.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "House of Councillors" in text and "House of Councillors" not in shared
    preview = page.frame_locator("iframe.preview")
    assert preview.locator("h1").inner_text()


def test_an_offer_of_theirs_moves_the_belief(browser, tmp_path):
    # A dossier of its own: the others' numbers stay as they are.
    from conftest import Server

    server = Server(tmp_path)
    page = open_page(browser, server)
    page.goto(f"{server.root}/wants")
    page.wait_for_selector("#belief")
    cells = "#belief [data-belief]"
    before = page.locator(cells).all_inner_texts()
    page.select_option("#offer select[name=o3]", index=3)
    page.select_option("#offer select[name=o5]", index=2)
    page.fill("#offer input[name=note]", "across the table")
    page.click("#offer button")
    page.wait_for_selector("#recorded .done")
    page.wait_for_selector("#recorded .done", state="detached", timeout=60_000)
    page.wait_for_selector("#belief", timeout=60_000)
    assert page.locator(cells).all_inner_texts() != before
    assert page.locator("#belief thead th").count() == 5, "the belief before their offers is shown beside"
    lines = (server.dossier / "log.jsonl").read_text().splitlines()
    assert len(lines) == 1 and "across the table" in lines[0]
    page.goto(f"{server.root}/log")
    assert "across the table" in page.locator("#entries").inner_text()
    # An offer that names nothing is refused, and nothing is written.
    page.goto(f"{server.root}/wants")
    page.click("#offer button")
    page.wait_for_selector("#recorded .failed")
    assert (server.dossier / "log.jsonl").read_text().splitlines() == lines
    page.context.close()
    server.close()
