// Draws a graph with Cytoscape. What can be clicked here can also be reached by
// keyboard in the lists beside it: a canvas has nothing to focus.

import cytoscape from "../lib/cytoscape.js"; // with a bundler: "cytoscape"

const dark = matchMedia("(prefers-color-scheme: dark)");

/** A colour of base.css as the canvas takes it: light-dark() has to be resolved. */
function ink(name) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const styles = () => [
  { selector: "node", style: { "background-color": (node) => ink(`--hue-${node.data("hue") ?? 7}`), width: "data(size)", height: "data(size)", label: "data(label)", color: ink("--ink"), "font-size": 11, "text-margin-y": -3, "text-outline-color": ink("--paper"), "text-outline-width": 2, "text-wrap": "ellipsis", "text-max-width": 130, "min-zoomed-font-size": 7 } },
  { selector: "edge", style: { width: 1.2, "line-color": ink("--edge"), "curve-style": "straight", opacity: 0.75 } },
  { selector: ".faded", style: { opacity: 0.22, "text-opacity": 0.5 } },
  { selector: "edge.way", style: { width: 4, "line-color": ink("--accent"), opacity: 1 } },
  { selector: "node.way, node.chosen", style: { "border-width": 3, "border-color": ink("--ink") } },
];

/**
 * Draws `elements` (of `toCytoscape`) in `container`. `data.hue` of a node is
 * 0 to 7, `data.size` its diameter. `onSelect` gets the data of a node that is
 * clicked. Returns Cytoscape's own object.
 */
export function draw(container, elements, { onSelect = () => {}, layout = {} } = {}) {
  for (const { group, data } of elements) if (group === "nodes") data.size ??= 18;
  const cy = cytoscape({
    container,
    elements,
    style: styles(),
    layout: { name: "cose", animate: false, randomize: true, nodeRepulsion: () => 9000, idealEdgeLength: () => 60, padding: 24, ...layout },
    minZoom: 0.2,
    maxZoom: 3,
  });
  cy.on("resize", () => cy.fit(undefined, 24));
  cy.on("tap", "node", (event) => onSelect(event.target.data()));
  dark.addEventListener("change", () => cy.destroyed() || cy.style(styles()));
  return cy;
}

/** Marks one node and its neighbours; everything else steps back. */
export function attend(cy, id) {
  cy.elements().removeClass("faded way chosen");
  const node = cy.getElementById(id);
  if (node.empty()) return;
  cy.elements().not(node.closedNeighborhood()).addClass("faded");
  node.addClass("chosen");
}

/** Marks a path; everything else steps back. */
export function showWay(cy, { nodes, relationships }) {
  cy.elements().addClass("faded").removeClass("way chosen");
  for (const { id } of [...nodes, ...relationships]) cy.getElementById(id).removeClass("faded").addClass("way");
}
