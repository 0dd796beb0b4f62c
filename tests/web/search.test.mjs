// Searching and narrowing: the box, chips, trees, the timeline, the map; and the address that holds it all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numberIn, stage, state, total } from "./stage.mjs";

const here = stage();

/** Follows a link that tells how many reports it leads to, and checks that it does. */
async function follow(page, link, told) {
  const wanted = told ?? numberIn(await link.innerText());
  const before = page.url();
  await link.click();
  await page.waitForURL((url) => url.href !== before);
  assert.equal(await total(page), wanted, page.url());
}

test("a query is typed, asked and kept in the address", async () => {
  const page = await here.open("/");
  await page.locator("#q").fill("embuscade Bankass");
  await page.locator("#q").press("Enter");
  await page.waitForURL(/q=embuscade\+Bankass/);
  assert.deepEqual(state(page), { q: "embuscade Bankass" }, "what is not chosen is not in the address");
  assert.ok((await total(page)) > 0);
  const marks = await page.locator(".hit mark").allInnerTexts();
  assert.ok(marks.includes("embuscade") && marks.includes("Bankass"), marks.join());
  assert.equal(await page.locator("#q").inputValue(), "embuscade Bankass");
});

test("a chip filters, and is taken away again", async () => {
  const page = await here.open("/?q=embuscade");
  const all = await total(page);
  await page.locator(".hit .chips .group a").first().click();
  await page.waitForURL(/group=/);
  const some = await total(page);
  assert.ok(some > 0 && some <= all);
  assert.equal(await page.locator(".filters li").count(), 1);
  await page.locator(".filters a").click();
  await page.waitForURL((url) => !url.search.includes("group="));
  assert.equal(await total(page), all);
});

test("values of a tree lead to as many reports as they tell, chosen, added and left out", async () => {
  const page = await here.open("/?q=attaque");
  const all = await total(page);
  const regions = page.locator("#by-region");
  await follow(page, regions.locator("a.value").first());
  // Beside a chosen one: instead of it, and in addition to it.
  const other = regions.locator("a.value:not([aria-current])").first();
  await follow(page, other);
  const add = page.locator("#by-region a.add").first();
  await follow(page, add, Number(await add.getAttribute("data-total")));
  assert.equal(await page.locator(".filters li").count(), 2);
  await page.goto(new URL("/?q=attaque", here.server.address).href);
  const value = page.locator("#by-group a.value").first();
  const without = all - numberIn(await value.innerText());
  await follow(page, page.locator("#by-group a.exclude").first(), without);
  assert.equal(await page.locator(".filters .excludes").count(), 1);
});

test("a branch of a tree opens", async () => {
  const page = await here.open("/?q=embuscade");
  const branch = page.locator("#by-region details").first();
  const inner = branch.locator("a.value").first();
  if (await branch.evaluate((details) => details.open)) await branch.locator("summary").first().click();
  assert.equal(await inner.isVisible(), false);
  await branch.locator("summary").first().click();
  await inner.waitFor();
  await follow(page, inner);
});

test("a bar of the timeline leads to its reports", async () => {
  const page = await here.open("/?q=embuscade");
  const bar = page.locator("a.period").last();
  const told = numberIn((await bar.getAttribute("aria-label")).split(":").at(-1));
  const from = await bar.getAttribute("data-from");
  await bar.locator(".reach").click();
  await page.waitForURL(/date=|since=/);
  assert.ok(page.url().includes(from.slice(0, 7)));
  assert.equal(await total(page), told);
});

test("a span is dragged on the timeline", async () => {
  const page = await here.open("/?q=embuscade");
  const periods = page.locator(".period");
  const [first, last] = [periods.nth((await periods.count()) - 14), periods.last()];
  const [from, until] = [await first.getAttribute("data-from"), await last.getAttribute("data-to")];
  const [a, b] = [await first.locator(".reach").boundingBox(), await last.locator(".reach").boundingBox()];
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(b.x - 20, b.y + b.height / 2, { steps: 5 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 2 });
  await page.mouse.up();
  await page.waitForURL(/date=/);
  assert.equal(state(page).date, `${from}..${until}`);
  assert.ok((await total(page)) > 0);
});

test("a circle of the map leads to its reports", async () => {
  const page = await here.open("/?q=embuscade");
  const circle = page.locator(".map-drawing a").first();
  const told = numberIn((await circle.getAttribute("aria-label")).split(":").at(-1));
  await circle.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/region=/);
  assert.equal(await total(page), told);
});

test("an address is the whole view, and back leads back", async () => {
  const page = await here.open("/?q=attaque");
  await page.locator("#by-region a.value").first().click();
  await page.waitForURL(/region=/);
  await page.locator("#by-group a.value").first().click();
  await page.waitForURL(/group=/);
  const shared = await here.open(page.url(), { locale: "fr-FR" });
  assert.equal(await shared.locator("main").innerText(), await page.locator("main").innerText());
  const narrow = await total(page);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("group="));
  assert.ok((await total(page)) >= narrow);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("region="));
});

test("suggestions come while one types, and are taken by keys", async () => {
  const page = await here.open("/");
  await page.locator("#q").pressSequentially("gsi");
  const list = page.getByRole("listbox");
  await list.waitFor();
  const options = await list.getByRole("option").allInnerTexts();
  assert.ok(options.some((option) => option.includes("JNIM")), options.join());
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.locator("#q").getAttribute("aria-activedescendant"));
  await page.keyboard.press("Enter");
  await page.locator("#q").press("Enter");
  await page.waitForURL(/q=/);
  assert.ok((await total(page)) > 0);
  // Escape closes and keeps what was typed.
  await page.locator("#q").fill("");
  await page.locator("#q").pressSequentially("mop");
  await list.waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
  assert.equal(await page.locator("#q").inputValue(), "mop");
});

test("other passages of a report open in their place", async () => {
  const page = await here.open("/?q=attaque");
  const more = page.locator("a.more").first();
  const told = numberIn(await more.innerText());
  await more.click();
  const others = page.locator("ol.others").first();
  await others.waitFor();
  assert.equal(await others.locator("> li").count(), told);
});

test("hits are exported as the command line writes them", async () => {
  const page = await here.open("/?q=embuscade");
  for (const format of ["csv", "jsonl", "html", "markdown"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`a[data-format="${format}"]`).click(),
    ]);
    assert.match(download.suggestedFilename(), /^vigie.*\.[a-z]+$/);
    assert.equal(await download.failure(), null);
  }
});

test("nothing found, a broken query and an unknown page say what to do", async () => {
  const page = await here.open("/?q=zzyzxqj");
  assert.equal(await total(page), 0);
  assert.ok(await page.locator(".nothing li").count());
  await page.goto(new URL("/?q=%22forces+arm%C3%A9es", here.server.address).href);
  assert.equal(await page.locator(".broken .wrong").innerText(), '"');
  assert.ok(await page.locator(".hint").isVisible());
  assert.equal(await page.locator("#q").inputValue(), '"forces armées', "what was typed can be mended");
  await page.goto(new URL("/nowhere", here.server.address).href);
  assert.equal(await page.locator("main").getAttribute("data-status"), "404");
  // The browser tells of answers that are errors.
  page.faults = page.faults.filter((fault) => !/status of 40[04]/.test(fault));
});
