// The query editor: CodeMirror in a shadow root. There it takes constructed
// style sheets; in the document it would add a <style>, which the policy forbids.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { cypher } from "@codemirror/legacy-modes/mode/cypher";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

interface EditorActions {
  run(mode?: "EXPLAIN" | "PROFILE"): void;
  save(): void;
  /** Alt+Up and Alt+Down: an older or newer query, or null. */
  step(by: 1 | -1, current: string): string | null;
}

// Colours are custom properties of the page, which shadow roots inherit: one theme switch serves both.
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", maxHeight: "14rem", minHeight: "4.9rem" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none", paddingLeft: "0.4rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection)" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-wrong": { textDecoration: "underline wavy var(--danger)", textUnderlineOffset: "3px" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
});

const highlighting = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--syn-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--syn-string)" },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: "var(--syn-number)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.standard(tags.name), tags.standard(tags.variableName)], color: "var(--syn-function)" },
  { tag: [tags.operator, tags.bracket], color: "var(--muted)" },
]);

/**
 * Typing over a selection, done by the editor: left to itself Chromium keeps
 * the looks of what it replaces in a style attribute, which the policy blocks
 * and reports.
 */
function typeOver(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== "insertText" || event.isComposing || !event.data || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

const mark = StateEffect.define<number | null>();
const wrong = Decoration.mark({ class: "cm-wrong" });
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(old, transaction) {
    if (transaction.docChanged) old = Decoration.none;
    for (const effect of transaction.effects) {
      if (!effect.is(mark)) continue;
      const length = transaction.state.doc.length;
      const from = Math.min(effect.value ?? 0, length - 1);
      if (effect.value === null || from < 0) old = Decoration.none;
      else {
        const word = /^[\p{L}\p{N}_]+/u.exec(transaction.state.sliceDoc(from, from + 60));
        old = Decoration.set(wrong.range(from, Math.min(length, from + (word?.[0].length ?? 1))));
      }
    }
    return old;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Editor {
  private readonly view: EditorView;

  constructor(host: HTMLElement, actions: EditorActions) {
    const root = host.attachShadow({ mode: "open" });
    const parent = document.createElement("div");
    root.append(parent);
    const recall = (by: 1 | -1) => () => {
      const text = actions.step(by, this.text);
      if (text !== null) this.text = text;
      return true;
    };
    const keys = keymap.of([
      { key: "Mod-Enter", run: () => (actions.run(), true) },
      { key: "Mod-Shift-Enter", run: () => (actions.run("PROFILE"), true) },
      { key: "Alt-Enter", run: () => (actions.run("EXPLAIN"), true) },
      { key: "Mod-s", run: () => (actions.save(), true) },
      { key: "Alt-ArrowUp", run: recall(1) },
      { key: "Alt-ArrowDown", run: recall(-1) },
      // Escape gives the keyboard back to the page; Tab always moves on.
      { key: "Escape", run: (view) => (view.contentDOM.blur(), false) },
    ]);
    this.view = new EditorView({
      root,
      parent,
      state: EditorState.create({
        extensions: [
          keys, history(), keymap.of([...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== "Alt-ArrowUp" && key !== "Alt-ArrowDown")]),
          lineNumbers(), drawSelection(), bracketMatching(), StreamLanguage.define(cypher), syntaxHighlighting(highlighting), look, marks,
          EditorView.lineWrapping, placeholder("MATCH (n) RETURN n LIMIT 25"),
          EditorView.contentAttributes.of({ "aria-label": "Cypher query", spellcheck: "false" }), EditorView.domEventHandlers({ beforeinput: typeOver }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor: text.length } });
  }

  /** Underlines the word at this offset (UTF-16 units); null removes it. */
  mark(offset: number | null): void {
    this.view.dispatch({ effects: mark.of(offset) });
  }

  focus(): void {
    this.view.focus();
  }
}
