// What the tests of the page share: vigie serving the sample corpus, with one report that would like to run, and a
// browser that reaches nothing else.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const vigie = process.env.VIGIE_BIN ?? join(root, "target/debug/vigie");

/** Desk and phone, in CSS pixels. */
export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A report whose every part is a script. */
const HOSTILE = {
  id: "hostile\"><script>window.ran=1</script>",
  title: "Embuscade <script>window.ran=2</script> <img src=x onerror=window.ran=3>",
  text:
    "Une embuscade hostile a visé </blockquote><script>window.ran=4</script> un convoi à Mopti.\n\n" +
    "<svg onload=window.ran=5> & \"><a href='javascript:window.ran=6'>lien</a> {{ 7 * 7 }}",
  source: "<b>Agence</b> & Fils",
  url: "javascript:window.ran=7",
  published: "2024-03-05",
};

/** An environment in which nothing of the caller's decides what vigie does. */
function plain() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VIGIE_|LANG$|LC_|CI$)/.test(name));
  return { ...Object.fromEntries(kept), RUST_BACKTRACE: "1" };
}

/** Serves the sample corpus, with other files beside it, and gives the address and what ends it. */
export async function serve(...reports) {
  const dir = mkdtempSync(join(tmpdir(), "vigie-web-"));
  const index = join(dir, "index");
  const others = join(dir, "others.jsonl");
  writeFileSync(others, reports.map((report) => JSON.stringify(report) + "\n").join(""));
  const options = { cwd: root, env: plain() };
  execFileSync(vigie, ["--index", index, "index", "--quiet", "sample_corpus", ...(reports.length ? [others] : [])], options);
  const server = spawn(vigie, ["--index", index, "serve", "--listen", "127.0.0.1:0"], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await new Promise((found, failed) => {
    server.once("exit", (status) => failed(new Error(`vigie serve ended with ${status}`)));
    createInterface({ input: server.stdout }).once("line", found);
  });
  const ended = new Promise((ended) => server.once("exit", ended));
  return {
    address,
    async close() {
      server.kill("SIGTERM");
      const status = await ended;
      rmSync(dir, { recursive: true, force: true });
      return status;
    },
  };
}

/** The browser of the system, which finds nothing but this machine. */
export function browse() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--headless",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-default-apps",
      "--disable-sync",
      "--no-first-run",
      "--no-proxy-server",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/**
 * A page that fails the test with anything that goes wrong in it: errors of scripts, what the policy of the page
 * forbids, answers that are missing.
 */
async function open(browser, address, path = "/", options = {}) {
  const context = await browser.newContext({ viewport: DESK, locale: "fr-FR", ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("requestfailed", (request) => {
    // What the script itself gives up, such as suggestions for what is no longer typed, is no fault.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") page.faults.push(`${request.url()}: ${why}`);
  });
  await page.goto(new URL(path, address).href);
  return page;
}

/**
 * A suite with a server and a browser: `stage.open(path, options)` gives a page, and every page has to be without fault
 * in the end.
 */
export function stage() {
  const stage = {};
  const pages = [];
  before(async () => {
    stage.server = await serve(HOSTILE);
    stage.browser = await browse();
  });
  after(async () => {
    await stage.browser?.close();
    assert.equal(await stage.server?.close(), 0);
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) {
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });
  stage.open = async (path, options) => {
    const page = await open(stage.browser, stage.server.address, path, options);
    pages.push(page);
    return page;
  };
  return stage;
}

/** The number of reports that the page says to have found. */
export async function total(page) {
  const text = await page.locator(".told .total").innerText();
  return numberIn(text);
}

/** The number in a text, as French and English write it; no number where the page says in words that there is none. */
export function numberIn(text) {
  const digits = text.replaceAll(/[\s\u00a0\u202f,]/g, "").match(/\d+/);
  return digits ? Number(digits[0]) : 0;
}

/** What is typed in the address bar, decoded. */
export function state(page) {
  return Object.fromEntries(new URL(page.url()).searchParams);
}
