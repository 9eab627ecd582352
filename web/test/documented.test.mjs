// Every name that an entry of the package exports has a comment that says
// what it is; so has every member of the page's own classes and interfaces
// that is a function.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { web } from "./fixture.mjs";

const entries = ["index", "neo4j", "react", "vue", "svelte", "graphology", "cytoscape", "esbuild", "rollup", "node"];

test("every exported name is documented", { timeout: 120_000 }, () => {
  const { config } = ts.readConfigFile(join(web, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, web);
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const said = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() || symbol.getJsDocTags(checker).some(({ name }) => ["deprecated", "internal"].includes(name));
  const missing = [];
  let names = 0;
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(join(web, `src/${entry}.ts`)));
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      names++;
      if (!said(symbol) && !said(exported)) missing.push(`${entry}: ${exported.name}`);
      if (entry !== "index") continue;
      for (const member of symbol.members?.values() ?? []) {
        if (member.flags & ts.SymbolFlags.Method && !member.name.startsWith("__") && !said(member)) missing.push(`${entry}: ${symbol.name}.${member.name}`);
      }
    }
  }
  assert.ok(names > 100, `${names}`);
  assert.deepEqual(missing, []);
});
