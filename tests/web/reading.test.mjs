// Reading a report whole, citing it, and what is like it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numberIn, stage, total } from "./stage.mjs";

const here = stage();

/** Opens the first hit of a query. */
async function first(query, options) {
  const page = await here.open(`/?q=${encodeURIComponent(query)}`, options);
  await page.locator(".hit h2 a").first().click();
  await page.waitForURL(/\/report\//);
  return page;
}

test("a report is shown whole with its marks, and keys go from mark to mark", async () => {
  const page = await first("embuscade");
  assert.ok((await page.locator(".passages > li").count()) > 0);
  const marks = await page.locator(".passages mark").count();
  assert.ok(marks > 0);
  assert.match(await page.locator(".passages .bytes").first().innerText(), /0–\d+/);
  const where = page.locator(".marks .where");
  await page.keyboard.press("n");
  assert.match(await where.innerText(), /^1\D+\d+$/);
  await page.keyboard.press("p");
  const current = numberIn(await where.innerText());
  assert.ok(current >= 1 && current <= marks);
  await page.locator(".back a").click();
  await page.waitForURL(/[?&]q=embuscade/);
});

test("a citation is copied with one click", async () => {
  const options = { permissions: ["clipboard-read", "clipboard-write"] };
  const page = await here.open("/?q=embuscade", options);
  const copy = page.locator(".hit .copy").first();
  await copy.click();
  await page.waitForFunction((wanted) => navigator.clipboard.readText().then((text) => text === wanted), [
    await copy.getAttribute("data-copy"),
  ].at(0));
  assert.match(await copy.getAttribute("data-copy"), /octets \d+-\d+, b3:[0-9a-f]{12}$/);
});

test("a report is exported in the formats of vigie show", async () => {
  const page = await first("Bankass");
  const links = page.locator("aside a[download]");
  assert.ok((await links.count()) >= 3);
  for (let at = 0; at < (await links.count()); at++) {
    const [download] = await Promise.all([page.waitForEvent("download"), links.nth(at).click()]);
    assert.equal(await download.failure(), null);
  }
});

test("what is like a passage does not hold its report", async () => {
  const page = await here.open("/?q=embuscade+Bankass");
  const title = await page.locator(".hit h2 a").first().innerText();
  await page.locator('.hit .acts a[href^="/similar/"]').first().click();
  await page.waitForURL(/\/similar\//);
  assert.ok((await total(page)) > 0);
  const titles = await page.locator(".hit h2 a").allInnerTexts();
  assert.ok(!titles.includes(title), title);
});

test("a report that would like to run is shown, not run", async () => {
  for (const path of ["/?q=hostile", "/?q=hostile&collapse=none", "/?source=%3Cb%3EAgence%3C%2Fb%3E+%26+Fils", "/facets/source"]) {
    const page = await here.open(path);
    // In the path of a facet, a slash within a name is another one.
    const text = (await page.locator("body").innerText()).replaceAll("∕", "/");
    assert.ok(text.includes("<b>Agence</b> & Fils"), path);
    assert.equal(await page.evaluate(() => window.ran), undefined, path);
    assert.equal(await page.locator("main script, main img, main iframe, [href^='javascript:']").count(), 0, path);
  }
  const page = await first("hostile");
  assert.ok((await page.locator("h1").innerText()).includes("<script>window.ran=2</script>"));
  assert.ok((await page.locator(".passages").innerText()).includes("{{ 7 * 7 }}"));
  assert.equal(await page.evaluate(() => window.ran), undefined);
  assert.equal(await page.locator("main script, main img, [href^='javascript:']").count(), 0);
});
