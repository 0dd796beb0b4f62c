// For everyone: with the keyboard alone, without script, on a phone, in the dark, in two languages, read aloud, printed.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { PHONE, stage, state, total } from "./stage.mjs";

const here = stage();
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** A page of each kind. */
const PAGES = [
  "/",
  "/?q=embuscade&region=Mali",
  "/?q=embuscade&group=JNIM&group=!FAMa&since=2023",
  "/?q=zzyzxqj",
  "/?q=%22forces",
  "/facets/region?q=attaque",
  "/nowhere",
];

/** The address of the report of the first hit, and of what is like it. */
async function further(page) {
  const report = await page.locator(".hit h2 a").first().getAttribute("href");
  const similar = await page.locator('.acts a[href^="/similar/"]').first().getAttribute("href");
  return [report, similar];
}

/** Errors as such are no fault of a page that shows them. */
function forgive(page) {
  page.faults = page.faults.filter((fault) => !/status of 40[04]/.test(fault));
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing serious in the ${colorScheme}`, async () => {
    const page = await here.open("/?q=embuscade", { colorScheme });
    for (const path of [...PAGES, ...(await further(page))]) {
      await page.goto(new URL(path, here.server.address).href);
      // What is folded counts too.
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      // The policy of the page lets no script in but by the protocol of the browser.
      await page.evaluate((await import("node:fs")).readFileSync(AXE, "utf8"));
      const { violations } = await page.evaluate(() => window.axe.run());
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const told = grave.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
      assert.deepEqual(told, [], path);
    }
    forgive(page);
  });
}

test("a phone shows all without going sideways", async () => {
  const page = await here.open("/?q=embuscade", { viewport: PHONE, hasTouch: true, isMobile: true });
  for (const path of ["/?q=embuscade", ...PAGES, ...(await further(page))]) {
    await page.goto(new URL(path, here.server.address).href);
    const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= seen, `${path}: ${wide} of ${seen} pixels`);
  }
  forgive(page);
});

test("the keyboard is enough", async () => {
  const page = await here.open("/");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type("embuscade");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=embuscade/);
  // The first stop leads to the content.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#main");
  await page.keyboard.press("Enter");
  await page.keyboard.press("j");
  const hit = await page.evaluate(() => document.activeElement.closest(".hit")?.id);
  assert.equal(hit, "hit-1");
  // Whatever has the focus shows it.
  const focus = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  assert.ok(focus, "the focus is to be seen");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/report\//);
});

test("without script all of it works", async () => {
  const page = await here.open("/", { javaScriptEnabled: false });
  await page.locator("#q").fill("attaque");
  await page.locator('form[role="search"] button').first().click();
  await page.waitForURL(/q=attaque/);
  const all = await total(page);
  await page.locator("#by-group a.value").first().click();
  await page.waitForURL(/group=/);
  assert.ok((await total(page)) <= all);
  await page.locator(".filters a").first().click();
  await page.locator("a.more").first().click();
  await page.locator("ol.others > li").first().waitFor();
  await page.locator("a.period .reach").last().click();
  await page.waitForURL(/date=|since=/);
  await page.locator(".map-drawing a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/region=/);
  await page.locator(".hit h2 a").first().click();
  await page.waitForURL(/\/report\//);
  assert.equal(await page.locator(".copy:visible").count(), 0, "no button that does nothing");
  await page.locator(".cite summary").first().click();
  assert.match(await page.locator(".cite .citation").first().innerText(), /octets/);
});

test("the page speaks the language of the browser, and the other by a switch", async () => {
  const french = await here.open("/?q=embuscade&region=Mali", { locale: "fr-FR" });
  assert.equal(await french.locator("html").getAttribute("lang"), "fr");
  assert.match(await french.locator(".total").innerText(), /rapports?$/);
  const english = await here.open("/?q=embuscade&region=Mali", { locale: "en-GB" });
  assert.equal(await english.locator("html").getAttribute("lang"), "en");
  assert.match(await english.locator(".total").innerText(), /reports?$/);
  await french.locator('.switches a[hreflang="en"]').click();
  await french.locator('html[lang="en"]').waitFor();
  assert.deepEqual(state(french), { q: "embuscade", region: "Mali" }, "the address says nothing of the language");
  await french.reload();
  assert.equal(await french.locator("html").getAttribute("lang"), "en", "the choice stays");
});

test("nothing of a French page is left in English", async () => {
  const page = await here.open("/?q=embuscade&group=JNIM");
  for (const path of [...PAGES, ...(await further(page))]) {
    await page.goto(new URL(path, here.server.address).href);
    const texts = await page.evaluate(() => {
      document.querySelectorAll("[lang='fr'] , bdi, code").forEach((other) => other !== document.documentElement && other.remove());
      const told = ["aria-label", "title", "placeholder", "data-copied", "data-failed", "data-of", "data-span"];
      const labels = [...document.querySelectorAll("*")].flatMap((element) => told.map((name) => element.getAttribute(name) ?? ""));
      return [document.body.innerText, ...labels].join("\n");
    });
    const english = texts.match(/\b(?:the|of|and|with|without|report|reports|hits|search|bytes|from|until|all|cite|whole|next|previous)\b/gi);
    assert.deepEqual([...new Set(english ?? [])], [], path);
  }
  forgive(page);
});

test("the light is that of the system, and another by a switch", async () => {
  const paper = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await here.open("/?q=embuscade", { colorScheme: "light" });
  const dark = await here.open("/?q=embuscade", { colorScheme: "dark" });
  assert.notEqual(await paper(light), await paper(dark));
  await light.locator(".lights a").last().click();
  await light.locator('html[data-theme="dark"]').waitFor();
  assert.equal(await paper(light), await paper(dark));
});

test("a page is printed without what can only be clicked", async () => {
  const page = await here.open("/?q=embuscade");
  await page.emulateMedia({ media: "print" });
  for (const part of [".search", ".switches", "#facets", ".copy", ".pages"]) {
    assert.equal(await page.locator(`${part}:visible`).count(), 0, part);
  }
  assert.ok(await page.locator(".hit blockquote").first().isVisible());
  assert.ok(await page.locator(".hit .citation").first().isVisible(), "who prints has to cite");
});

test("a drawing is one stop of the tab key, and arrows go through it", async () => {
  const page = await here.open("/?q=embuscade");
  for (const drawing of [".map-drawing", ".histogram-drawing"]) {
    assert.equal(await page.locator(`${drawing} a[href]:not([tabindex="-1"])`).count(), 1, drawing);
    await page.locator(`${drawing} a[tabindex="0"]`).focus();
    const label = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
    const first = await label();
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await label(), first, drawing);
    await page.keyboard.press("Home");
    assert.equal(await label(), first, drawing);
    await page.keyboard.press("Tab");
    assert.ok(!(await page.evaluate((name) => document.activeElement.closest(name), drawing)), "the next stop is outside");
  }
});

test("a second link leads to the hits, where there are any", async () => {
  const page = await here.open("/?q=embuscade");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "hits");
  await page.goto(new URL("/?q=zzyzxqj", here.server.address).href);
  assert.equal(await page.locator('.skip[href="#hits"]').count(), 0);
});

test("a span taken by keys is told in words", async () => {
  const page = await here.open("/?q=embuscade", { locale: "fr-FR" });
  const told = page.locator(".drawn-label");
  const room = (await told.boundingBox()).height;
  await page.locator('.histogram-drawing a[tabindex="0"]').focus();
  await page.keyboard.press("Shift+ArrowRight");
  assert.match(await told.innerText(), /^du 1er \p{L}+ \d{4} au \d{1,2} \p{L}+ \d{4}$/u);
  assert.equal((await told.boundingBox()).height, room, "nothing jumps");
});

test("a finger draws a span over the timeline", async () => {
  const page = await here.open("/?q=embuscade", { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.locator(".histogram-drawing").scrollIntoViewIfNeeded();
  const box = await page.locator(".histogram-drawing").boundingBox();
  const finger = await page.context().newCDPSession(page);
  const touch = (type, share) =>
    finger.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x: box.x + box.width * share, y: box.y + box.height / 2 }],
    });
  await touch("touchStart", 0.3);
  for (const share of [0.4, 0.5, 0.6, 0.7, 0.8]) await touch("touchMove", share);
  await touch("touchEnd");
  await page.waitForURL(/date=/);
  assert.match(state(page).date, /^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/);
});

test("the question mark opens the help at its top, all of it", async () => {
  const page = await here.open("/?q=embuscade");
  await page.evaluate(() => scrollTo(0, 900));
  await page.keyboard.press("?");
  const sheet = page.locator(".sheet");
  await page.waitForFunction(() => document.querySelector("details.help").getBoundingClientRect().top >= 0);
  const [inner, outer] = await sheet.evaluate((sheet) => [sheet.scrollHeight, sheet.clientHeight]);
  assert.ok(inner <= outer + 1, `${inner} of ${outer} pixels`);
  assert.match(await sheet.locator("h2").first().innerText(), /Filtres|Filters/);
  const bare = await sheet.locator("dd").evaluateAll((told) => told.filter((dd) => !dd.textContent).length);
  assert.equal(bare, 0, "every example is explained");
});

test("a phone has room for a finger", async () => {
  const page = await here.open("/?q=embuscade", { viewport: PHONE, hasTouch: true, isMobile: true });
  const low = (selector) =>
    page.locator(selector).evaluateAll((all) => {
      const heights = all.map((one) => one.getBoundingClientRect().height).filter((height) => height > 0);
      return Math.min(...heights);
    });
  for (const selector of [".hit .acts > a", "#facets .value", ".map-drawing .reach"]) {
    assert.ok((await low(selector)) >= 23.9, `${selector}: ${await low(selector)}`);
  }
  const report = await page.locator(".hit h2 a").first().getAttribute("href");
  await page.goto(new URL(report, here.server.address).href);
  assert.ok((await page.locator(".marks").boundingBox()).height < 50, "one line");
  assert.ok(await low(".marks a") >= 24);
});

test("under a filter, numbers of a tree say what they are, and what is left out stands there", async () => {
  const page = await here.open("/?q=attaque");
  assert.equal(await page.locator(".signs").count(), 0);
  const all = await total(page);
  await page.locator("#by-group a.exclude").first().click();
  await page.waitForURL(/group=%21|group=!/);
  assert.ok(await page.locator("#by-group .signs").isVisible());
  const excluded = page.locator("#by-group .excluded");
  assert.equal(await excluded.locator("s").count(), 1);
  await excluded.locator("a").click();
  await page.waitForURL((url) => !url.search.includes("group="));
  assert.equal(await total(page), all);
});

test("a long list of names is sifted", async () => {
  const page = await here.open("/facets/region?q=attaque");
  const names = page.locator(".tree.all li:visible");
  const all = await names.count();
  await page.locator(".sift input").fill("menaka");
  assert.ok((await names.count()) < all);
  assert.ok((await names.allInnerTexts()).some((text) => text.includes("Ménaka")));
});
