// Every example of README.md, of the guide and of the recipes, run on the page.
// `expression; // → value` is an assertion: the value is JavaScript. Each begins
// without a database, but for those of the guide, which go on with one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, serveApp, session, web } from "./fixture.mjs";

const timeout = 120_000;
const pages = ["README.md", "../docs/guide.md", "../docs/recipes.md"];
const examples = pages.flatMap((page) => {
  let heading = "first";
  return [...readFileSync(join(web, page), "utf8").matchAll(/^## (.*)$|^```js\n([^]*?)^```/gm)].flatMap(([, title, code]) => {
    heading = title ?? heading;
    return title ? [] : [{ page, heading, code }];
  });
});

/** The example as a module with an async function of the package and of `same`. */
function runnable(code) {
  const body = code
    .replace(/^import \{(.*)\} from "pocketgraph";.*$/m, "const {$1} = pg;")
    .replace(/^(?:const (\w+) = )?(.*); \/\/ → (.*)$/gm, (line, name, expression, value) => `${name ? `const ${name} = ` : ""}await same(${expression}, ${value}, ${JSON.stringify(line)});`);
  return `export default async (pg, same) => {${body}\n}`;
}

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

test("there are examples, and they say what they give", () => {
  for (const page of pages) assert.ok(examples.filter((example) => example.page === page).length >= 6, page);
  const assertions = examples.map(({ code }) => (runnable(code).match(/same\(/g) ?? []).length);
  assert.ok(assertions.every((n) => n > 0), `${assertions}`);
});

test("every public name is in an example", () => {
  const types = readFileSync(join(web, "src/types.ts"), "utf8");
  const members = (name) => {
    const [, body] = new RegExp(`export interface ${name}[^{]*\\{([^]*?)\n\\}`).exec(types);
    return [...body.matchAll(/^  (?:readonly )?(\w+)[?(:<]/gm)].map(([, member]) => member);
  };
  const assets = ["wasmURL", "wasmModule", "workerURL", "createWorker"]; // assets.test.mjs has them
  const names = ["open", "create", "recover", "destroy", "list", "version", "PocketGraphError", ...["OpenOptions", "Queryable", "Database", "QueryOptions", "TransactionOptions", "Result", "RecoverOptions", "Holder"].flatMap(members)];
  assert.ok(names.includes("createRelationship") && names.includes("flushInterval") && names.includes("diagnostics"), `${names}`);
  const text = readFileSync(join(web, "README.md"), "utf8");
  const shown = [...text.matchAll(/```js\n([^]*?)```|`[^`\n]+`/g)].map(([all]) => all).join("\n");
  assert.deepEqual([...names, ...assets].filter((name) => !new RegExp(`\\b${name}\\b`).test(shown)), []);
});

for (const browser of browsers) {
  describe(browser, () => {
    let server, here;
    before(async () => {
      const send = (code) => (request, response) => response.writeHead(200, { "content-type": "text/javascript" }).end(runnable(code));
      server = await serveApp(app, { routes: Object.fromEntries(examples.map(({ code }, i) => [`/example-${i}.js`, send(code)])) });
      here = await session(browser, app, { server });
    }, { timeout });
    after(async () => {
      await here?.close();
      await server?.close();
    });
    examples.forEach(({ page, heading, code }, i) => {
      if (browser !== "chromium" && page !== "README.md" && !process.env.POCKETGRAPH_LONG) return; // nothing in them is about a browser
      const goesOn = page.endsWith("guide.md") && examples[i - 1].page === page;
      test(`${page}, ${heading}`, { timeout }, async () => {
        const wrong = await here.page.evaluate(async (example, goesOn) => {
          const { equal } = await import("/assert.js");
          const wrong = [];
          if (!goesOn) for (const { name } of await globalThis.pg.list()) await globalThis.pg.destroy(name);
          const same = async (value, wanted, line) => {
            try {
              equal(await value, wanted);
            } catch (error) {
              wrong.push(`${line}: ${error.message}`);
            }
            return value;
          };
          await (await import(example)).default(globalThis.pg, same).catch((error) => wrong.push(`${error.code ?? ""} ${error.stack ?? error}`));
          return wrong;
        }, `/example-${i}.js`, goesOn);
        assert.deepEqual(wrong, []);
      });
    });
  });
}
