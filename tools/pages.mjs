// Looks at the pages in a real browser: nothing asked of another host, no errors, WCAG A and AA, small screens,
// the keyboard. Screenshots are left in build/pages. Exit code 1 with what is wrong, one line each.

import { mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const service = process.env.VERWIJSROUTE_URL;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = [
  { name: "start", path: "/", title: "Verwijsroute", ready: "h1", stops: 4 },
  { name: "docs", path: "/docs", title: "Verwijsroute: documentatie van de API", ready: "h1", stops: 20 },
];
// 640 by 512 is what is left of 1280 by 1024 at a zoom of 200 %.
const screens = [
  { name: "wide", width: 1280, height: 1024 },
  { name: "zoomed", width: 640, height: 512, zoom: 2 },
  { name: "narrow", width: 320, height: 640 },
];
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const faults = [];
const images = join("build", "pages");
await mkdir(images, { recursive: true });
const profile = join(tmpdir(), `vr-browser-${process.pid}`);
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  for (const page of pages) for (const screen of screens) await look(page, screen);
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages on ${screens.length} screens: ${faults.length} faults; screenshots in ${images}`);
process.exitCode = faults.length ? 1 : 0;

async function look({ name, path, title, ready, stops }, screen) {
  const wrong = (what) => faults.push(`${name}, ${screen.name}: ${what}`);
  const tab = await browser.newPage();
  await tab.setViewportSize({ width: screen.width, height: screen.height });
  tab.on("request", (request) => {
    const url = request.url();
    if (![`${service}/`, "data:", "blob:"].some((own) => url.startsWith(own))) wrong(`asks for ${url}`);
  });
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong(message.text()));
  tab.on("pageerror", (error) => wrong(error.message));
  const answer = await tab.goto(service + path, { waitUntil: "networkidle" });
  if (answer.status() !== 200) wrong(`answered ${answer.status()}`);
  await tab.waitForSelector(ready);
  if ((await tab.title()) !== title) wrong(`title "${await tab.title()}"`);
  if ((await tab.getAttribute("html", "lang")) !== "nl") wrong("is not marked as Dutch");
  const spare = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (spare > 0) wrong(`is ${spare} pixels too wide`);
  await tab.screenshot({ path: join(images, `${name}-${screen.name}.png`) });
  await walk(tab, stops, wrong);
  await tab.evaluate(axe);
  const found = await tab.evaluate((tags) => axe.run(document, { runOnly: tags }), WCAG);
  for (const { id, help, nodes } of found.violations) wrong(`${id}: ${help} (${nodes.length} times, as ${nodes[0].target})`);
  await tab.close();
}

// Presses Tab until every stop was made; each must be visible, and show that it has the focus.
async function walk(tab, stops, wrong) {
  const seen = new Set();
  for (let step = 0; step < stops; step += 1) {
    await tab.keyboard.press("Tab");
    const stop = await tab.evaluate(() => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      const shown = style.outlineStyle !== "none" || style.boxShadow !== "none";
      const box = at.getBoundingClientRect();
      return { what: `${at.tagName} ${at.textContent.trim().slice(0, 40)}`, at: `${at.tagName}${box.x},${box.y + scrollY}`, shown, big: box.width * box.height };
    });
    if (stop.what.startsWith("BODY")) wrong(`the keyboard reaches ${step} of ${stops} places`);
    if (stop.what.startsWith("BODY")) return;
    if (!stop.shown) wrong(`the focus does not show on ${stop.what}`);
    if (!stop.big) wrong(`the focus goes to what cannot be seen: ${stop.what}`);
    seen.add(stop.at);
  }
  if (seen.size < stops) wrong(`the keyboard is caught: ${seen.size} places in ${stops} steps`);
}
