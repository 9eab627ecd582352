// What typedoc does not know: the titles of documents (the first heading), in
// which part of the site they stand, that an entry is called as it is imported,
// and that the package's README, which links to GitHub, is the front page here.

import { Converter, PageEvent, ReflectionKind } from "typedoc";

const parts = {
  Guide: ["documentation", "guide", "recipes", "examples"],
  Reference: ["language", "cypher", "formats", "changes", "tabs", "durability", "errors", "limits", "command", "stdio", "without-the-package", "nornicdb"],
  Internals: ["architecture", "PROTOCOL", "performance", "size", "browser-probes", "executor-spike", "test-long", "releasing", "CHANGELOG"],
};

/** The part of a document, and what is shown as its name. Every document has a part: a new one says where it belongs. */
function place(file, text) {
  const named = { "web/examples/README.md": "examples", "docs/README.md": "documentation" };
  const name = named[Object.keys(named).find((end) => file.endsWith(end))] ?? file.replace(/^.*\//, "").replace(/\.md$/, "");
  const part = Object.keys(parts).find((part) => parts[part].includes(name));
  if (!part) throw new Error(`${file}: say in scripts/docs-plugin.mjs where it stands`);
  return { part, title: /^# (.+)$/m.exec(text)[1] };
}

const onGitHub = /https:\/\/github\.com\/pocketgraph\/pocketgraph\/blob\/main\/([\w/-]+\.md)/g;

export function load(app) {
  const documents = new Map(); // path in the repository → reflection
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const file = document.project.files.getReflectionPath(document);
    const { part, title } = place(file, document.content.map(({ text }) => text).join(""));
    documents.set(file.replace(/^.*?((?:docs|jsbridge|web\/examples)\/[^/]+|[^/]+)$/, "$1"), document);
    document.name = title;
    document.frontmatter.group = part;
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    project.readme[0].text = project.readme[0].text.replace(/^# .+\n/, ""); // the page has a heading of its own
  });
  app.renderer.on(PageEvent.END, (page) => {
    if (page.url !== "index.html") return;
    page.contents = page.contents.replace(onGitHub, (address, path) => (documents.has(path) ? app.renderer.router.getFullUrl(documents.get(path)) : address));
  });
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module)) reflection.name = reflection.name === "index" ? "pocketgraph" : `pocketgraph/${reflection.name}`;
  });
}
