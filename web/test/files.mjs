// What formats.test.mjs asks of a page, and node.test.mjs of Node and Bun.

/** The notes of an export of everything, and whether bytes and vectors can be in it. */
export const formats = {
  pocketgraph: { binary: true, schema: true, notes: [] },
  csv: { binary: true, notes: ["own-types", "schema"] },
  jsonl: { binary: true, notes: ["schema"] },
  "neo4j-json": { binary: true, notes: ["schema"] },
  graphology: { binary: true, notes: ["schema"] },
  graphml: { binary: true, notes: ["own-types", "schema"] },
  gexf: { binary: true, notes: ["own-types", "schema"] },
  cypher: { binary: false, schema: true, notes: [] },
};

/** Malformed files: the whole error, and where it is. */
export const malformed = {
  "an integer that is none": ["a.csv", ":ID,n:INT\n1,2\n2,x\n", 'a.csv, line 3, column 2: expected an integer of 64 bits, found "x"', 3, 2],
  "an end that is no node": ["a.csv", ":ID,:START_ID,:END_ID,:TYPE\n1,,,\n,1,7,T\n", 'a.csv, line 3, column 3: no node has the identifier "7"', 3, 3],
  "a table without roles": ["a.csv", "name,born\nAda,1815\n", "a.csv, line 1: the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships); a mapping can say what the columns are", 1, 0],
  "JSON cut short": ["a.jsonl", '{"type":"node","id":"1"}\n{"type":"node",', "a.jsonl, line 2, column 16: the file ends inside of a JSON value", 2, 16],
  "JSON with a slip": ["a.jsonl", '{"type":"node","id":"1"}\n{"type":"node" "id":"2"}', "a.jsonl, line 2, column 16: invalid character '\"' after object key:value pair", 2, 16],
  "a node without identifier": ["a.json", '{"nodes":[{"labels":["A"]}],"relationships":[]}', 'a.json, line 1, column 11: expected a node with "id", or with "key" in graphology\'s form', 1, 11],
  "XML cut short": ["a.graphml", '<graphml>\n<graph edgedefault="directed">\n<node id="1"/>\n', "a.graphml, line 4, column 1: unexpected EOF", 4, 1],
  "an edge to nowhere": ["a.gexf", '<gexf><graph><nodes><node id="1"/></nodes>\n<edges><edge source="1" target="2"/></edges></graph></gexf>', 'a.gexf, line 2, column 37: no node has the identifier "2"', 2, 37],
  "another root": ["a.graphml", "<html></html>", "a.graphml, line 1, column 7: expected <graphml>", 1, 7],
  "a script with a slip": ["a.cypher", "CREATE (:B);\n\nMATCH (a)\nRETURN b;", "a.cypher, line 4, statement 2: the variable b is not defined", 4, 8],
  "nothing known": ["a.bin", "what is this", "a.bin, line 1: what the file holds cannot be told from its name and its beginning; say the format", 1, 0],
};
