// Cutting a script into statements, by the same rules as the engine's own
// splitter: semicolons count outside strings, backquotes and comments.

export interface Piece {
  text: string;
  /** Of its first character in the script, from 1. */
  line: number;
  /** Where it ends in the script, for the progress. */
  end: number;
}

// What may stand at a place where a semicolon does not end a statement.
const opaque = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:\\[^]|[^'\\])*(?:'|$)|"(?:\\[^]|[^"\\])*(?:"|$)|`[^`]*(?:`|$)|;|[^;'"`/]+|\//g;

export function* splitScript(script: string): Generator<Piece> {
  let start = 0;
  let content = false; // more than white space and comments
  const piece = (end: number): Piece | null => {
    const raw = script.slice(start, end);
    const text = raw.trim();
    if (!content || !text) return null;
    return { text, line: lineOf(script, start + raw.indexOf(text)), end };
  };
  for (const match of script.matchAll(opaque)) {
    if (match[0] === ";") {
      const next = piece(match.index);
      if (next) yield next;
      start = match.index + 1;
      content = false;
    } else if (!/^\/[/*]/.test(match[0]) && match[0].trim()) content = true;
  }
  const last = piece(script.length);
  if (last) yield last;
}

// Counted from the place before, so that a long script is walked once.
let counted = { script: "", offset: 0, line: 1 };
function lineOf(script: string, offset: number): number {
  if (counted.script !== script || counted.offset > offset) counted = { script, offset: 0, line: 1 };
  for (let i = script.indexOf("\n", counted.offset); i >= 0 && i < offset; i = script.indexOf("\n", i + 1)) counted.line++;
  counted.offset = offset;
  return counted.line;
}
