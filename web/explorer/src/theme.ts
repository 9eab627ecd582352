// Light and dark: the system's choice until the button says otherwise.

const key = "pocketgraph.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const isDark = (): boolean => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

export const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function theme(button: HTMLElement, changed: () => void): void {
  const stored = read();
  if (stored) document.documentElement.dataset.theme = stored;
  const show = () => {
    const label = isDark() ? "Switch to the light theme" : "Switch to the dark theme";
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  show();
  dark.addEventListener("change", () => (show(), changed()));
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(key, document.documentElement.dataset.theme);
    } catch {
      // then it holds until the page is left
    }
    show();
    changed();
  });
}

function read(): "dark" | "light" | null {
  try {
    const stored = localStorage.getItem(key);
    return stored === "dark" || stored === "light" ? stored : null;
  } catch {
    return null;
  }
}
