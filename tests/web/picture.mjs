// Takes the picture of README.md: `node picture.mjs`, after a build.

import { fileURLToPath } from "node:url";

import { browse, serve } from "./stage.mjs";

const server = await serve();
const browser = await browse();
const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, locale: "fr-FR", colorScheme: "light" });
await page.goto(new URL("/?q=attaque&region=Mali", server.address).href);
await page.screenshot({ path: fileURLToPath(new URL("page.png", import.meta.url)) });
await browser.close();
await server.close();
