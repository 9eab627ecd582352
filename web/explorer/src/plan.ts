// The text of a plan (EXPLAIN, PROFILE) as a tree. The last operator comes
// first; its source is a level below it, and before that, each behind a bar and
// two levels below, the plans inside it.

export interface Operator {
  name: string;
  /** What stands in its parentheses, and behind them. */
  detail: string;
  /** What PROFILE counted, such as rows. */
  facts: { [name: string]: number };
  inner: Operator[];
  source: Operator | null;
}

interface Plan {
  root: Operator | null;
  /** What the engine remarks, a sentence each. */
  notes: string[];
}

interface Line {
  depth: number;
  /** null for the bar before an inner plan. */
  operator: Operator | null;
}

const indent = 2; // spaces of a level
const deepest = 200; // plans inside plans

export function parsePlan(text: string): Plan {
  const notes: string[] = [];
  const lines: Line[] = [];
  for (let at = 0; at < text.length; ) {
    const end = endOfEntry(text, at);
    const entry = text.slice(at, end);
    at = end + 1;
    const note = /^note: (.*)/s.exec(entry);
    if (note) notes.push(note[1].charAt(0).toUpperCase() + note[1].slice(1));
    else if (entry.trim()) lines.push(line(entry));
  }
  const cursor = { at: 0 };
  return { root: chain(lines, cursor, 0), notes };
}

/** Operators from the one at the cursor down to its first source. */
function chain(lines: readonly Line[], cursor: { at: number }, nesting: number): Operator | null {
  let top: Operator | null = null;
  let above: Operator | null = null;
  const begin = lines[cursor.at]?.depth;
  for (let depth = begin; cursor.at < lines.length && lines[cursor.at].depth === depth; depth++) {
    const { operator } = lines[cursor.at];
    if (!operator) break;
    cursor.at++;
    if (above) above.source = operator;
    top ??= operator;
    above = operator;
    while (nesting < deepest && lines[cursor.at]?.operator === null && lines[cursor.at].depth === depth + 1) {
      cursor.at++;
      const inner = chain(lines, cursor, nesting + 1);
      if (inner) operator.inner.push(inner);
    }
  }
  return top;
}

function line(entry: string): Line {
  const depth = Math.floor(/^ */.exec(entry)![0].length / indent);
  const text = entry.trim();
  if (text === "|") return { depth, operator: null };
  const counted = /(?:\s{2,}[A-Za-z]+=[\d.]+(?: +[A-Za-z]+=[\d.]+)*)$/.exec(text);
  const facts: { [name: string]: number } = {};
  for (const [, key, value] of counted?.[0].matchAll(/([A-Za-z]+)=([\d.]+)/g) ?? []) facts[key] = Number(value);
  const described = counted ? text.slice(0, counted.index) : text;
  const parts = /^(\w+)\((.*)\)(.*)$/s.exec(described);
  return {
    depth,
    operator: { name: parts?.[1] ?? described, detail: ((parts?.[2] ?? "") + (parts?.[3] ?? "")).replace(/\s+/g, " ").trim(), facts, inner: [], source: null },
  };
}

/**
 * Where the entry at `from` ends. An operator quotes the statement, so it may go
 * over several lines: it ends with the line in which its parentheses close.
 * Where they never do (a name may hold one), the line is the entry.
 */
function endOfEntry(text: string, from: number): number {
  const first = text.indexOf("\n", from);
  const plain = first < 0 ? text.length : first;
  const opening = text.indexOf("(", from);
  if (opening < 0 || opening > plain || /^note: /.test(text.slice(from, from + 6))) return plain;
  const tokens = /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|`[^`]*`|[()]/g;
  tokens.lastIndex = opening;
  let open = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    open += token[0] === "(" ? 1 : token[0] === ")" ? -1 : 0;
    if (open > 0) continue;
    const end = text.indexOf("\n", tokens.lastIndex);
    return end < 0 ? text.length : end;
  }
  return plain;
}

/** The operator and its sources in the order they run: the first source first. */
export function upTo(operator: Operator | null): Operator[] {
  const down: Operator[] = [];
  for (let op = operator; op; op = op.source) down.push(op);
  return down.reverse();
}

/** Of all operators, in the order they run: sources and inner plans before the operator they feed. */
export function* running(operator: Operator | null): Generator<Operator> {
  for (const op of upTo(operator)) {
    for (const inner of op.inner) yield* running(inner);
    yield op;
  }
}
