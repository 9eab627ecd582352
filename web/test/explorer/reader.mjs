// A reader of the explorer, for its tests.

// Chromium says so about drawing without a graphics card; it is no fault of the page.
const harmless = /software WebGL|GPU stall/;

/** The explorer at this address in a new tab: {page, complaints}, and what a reader does with it. */
export async function visit(browser, url) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error.message)));
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && !harmless.test(message.text()) && complaints.push(message.text()));
  await page.evaluateOnNewDocument(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber} ${event.sample}`));
  });
  if (process.env.POCKETGRAPH_VERBOSE) page.on("console", (message) => console.error(message.text()));
  await page.goto(url);
  await page.waitForFunction("document.documentElement.dataset.ready === 'true'", { timeout: 60_000 });
  const reader = {
    page,
    complaints,
    text: (selector) => page.$eval(selector, (element) => element.textContent),
    waitFor: (what, ...args) => page.waitForFunction(what, { timeout: 60_000 }, ...args),
    /** Types a query over what is in the editor and runs it, by keyboard alone. */
    async ask(query) {
      await page.evaluate(() => {
        document.getElementById("summary").textContent = "";
        document.getElementById("notices").replaceChildren();
        document.getElementById("editor").shadowRoot.querySelector(".cm-content").focus();
      });
      await chord(page, "a");
      await page.keyboard.type(query);
      await chord(page, "Enter");
      await reader.waitFor(() => !document.body.classList.contains("busy") && (document.getElementById("summary").textContent || document.querySelector(".problem")));
    },
    /** Runs a query without typing it. */
    async run(query, button = "run") {
      await page.evaluate((query, button) => {
        document.getElementById("summary").textContent = "";
        document.getElementById("notices").replaceChildren();
        const { view } = document.getElementById("editor").shadowRoot.querySelector(".cm-content").cmTile;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: query } });
        document.getElementById(button).click();
      }, query, button);
      await reader.waitFor(() => !document.body.classList.contains("busy") && (document.getElementById("summary").textContent || document.querySelector(".problem")));
    },
    /** What is written in the editor. */
    written: () => page.evaluate(() => document.getElementById("editor").shadowRoot.querySelector(".cm-content").cmTile.view.state.doc.toString()),
    /** Until the drawn graph rests. */
    rest: () => reader.waitFor(() => document.getElementById("canvas").dataset.settled === "true"),
    /** Whole cells of the result's table. */
    rows: () => page.$$eval("#table tbody tr", (rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent))),
  };
  return reader;
}

export async function chord(page, key) {
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}
