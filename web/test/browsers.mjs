// The distribution's own browsers, driven by puppeteer-core: Chromium over the
// DevTools protocol, Firefox over WebDriver BiDi.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import puppeteer from "puppeteer-core";

const found = (...paths) => paths.find((path) => path && existsSync(path));

export const executables = {
  chromium: found(process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"),
  firefox: found(process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"),
};

/** The browsers to test in: POCKETGRAPH_BROWSERS (say "chromium"), or both. */
export const browsers = (process.env.POCKETGRAPH_BROWSERS ?? "chromium,firefox").split(",");

/**
 * Waits until the Firefox before has its preferences back: puppeteer puts the
 * copies it made in their place some time after the process has ended, and a
 * launch that comes meanwhile finds a file one moment and not the next.
 */
async function preferencesRestored(profile) {
  for (let i = 0; i < 500 && ["user.js", "prefs.js"].some((file) => existsSync(join(profile, `${file}.puppeteer`))); i++) await sleep(10);
}

/**
 * Launches a browser; `profile` is a folder that outlives it, `extension` the folder of one (in Chromium).
 * Without `network` nobody watches what is loaded: whoever does has the browser keep a copy of it all.
 */
export async function launch(name, { profile, args = [], prefs = {}, extension, network = true } = {}) {
  if (!executables[name]) throw new Error(`${name} is not installed: make browsers`);
  if (name === "firefox" && profile) await preferencesRestored(profile);
  const chromium = name === "chromium";
  return puppeteer.launch({
    browser: chromium ? "chrome" : "firefox",
    executablePath: executables[name],
    headless: true,
    userDataDir: profile,
    // Chromium has no sandbox for root, which is who runs in a container.
    args: [...(chromium ? ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] : []), ...args],
    extraPrefsFirefox: prefs,
    networkEnabled: network,
    ...(extension ? { enableExtensions: [extension], pipe: true } : {}),
    protocolTimeout: 300_000,
  });
}
