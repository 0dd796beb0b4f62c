// Searching: the box, the hits, the address.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { browse, open, serve } from "./stage.mjs";

let server, browser;
before(async () => {
  server = await serve();
  browser = await browse();
});
after(async () => {
  await browser.close();
  assert.equal(await server.close(), 0);
});

test("a query is typed, asked and kept in the address", async () => {
  const page = await open(browser, server.address);
  await page.locator('input[name="q"]').fill("embuscade");
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?&]q=embuscade/);
  assert.deepEqual(page.faults, []);
});
