// The little that the examples need beside the database.

export const byId = (id) => document.getElementById(id);

/** Makes an element: h("button", { type: "button", onclick: save }, "Save"). Text is text, never HTML. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), guarded(value));
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

/** A button that looks like a link: it acts on this page and leads to no other. */
export const link = (text, onclick, attributes = {}) => h("button", { type: "button", class: "link", onclick, ...attributes }, text);

/** The function with whatever it throws shown, with its code and what to do about it. */
export const guarded = (work) => async (...given) => {
  try {
    return await work(...given);
  } catch (error) {
    showProblem(error);
  }
};

export function showProblem(error) {
  const box = byId("problem");
  box.replaceChildren(error.code ? h("code", {}, error.code) : "", ` ${error.message}`, error.hint ? ` (${error.hint})` : "");
  box.hidden = false;
}
export const clearProblem = () => (byId("problem").hidden = true);

/** Where the data is, so that nobody is surprised: private windows of some browsers keep nothing. */
export function showStorage({ info }) {
  byId("storage").textContent = info.storage === "opfs" ? "Kept on this device" : `In memory only: ${info.storageReason ?? ""}`;
}

/**
 * Calls `work` once the calls have stopped for some milliseconds, never twice at
 * the same time. `now()` does not wait for that; `done()` resolves when nothing is
 * left to do; `waits()` says whether there is.
 */
export function settled(work, milliseconds = 250) {
  let timer;
  let running = Promise.resolve();
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(later.now, milliseconds);
  };
  later.now = () => {
    clearTimeout(timer);
    timer = undefined;
    return (running = running.then(guarded(work)));
  };
  later.waits = () => timer !== undefined;
  later.done = async () => {
    do await (later.waits() ? later.now() : running);
    while (later.waits());
  };
  return later;
}

export const plural = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
