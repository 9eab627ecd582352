// A package-lock.json as a graph: every installed folder is a package, every
// requirement goes to the folder that Node would find for it.

const kinds = { dependencies: "production", devDependencies: "development", optionalDependencies: "optional", peerDependencies: "peer" };

/**
 * Reads the text of a package-lock.json of npm 7 or later. Returns
 * {packages: [{path, name, version}], requirements: [{from, to, range, kind}],
 * missing}, where missing counts optional requirements that are not installed.
 */
export function readLock(text) {
  let lock;
  try {
    lock = JSON.parse(text);
  } catch ({ message }) {
    throw new Error(`This is not JSON: ${message}`);
  }
  if (!lock?.packages?.[""]) throw new Error("This is not a package-lock.json of npm 7 or later: it has no root package. Run npm install once with a newer npm.");
  const paths = Object.keys(lock.packages);
  // A folder of the project is linked into node_modules, and has its name there.
  const linked = new Map(paths.filter((path) => lock.packages[path].link).map((path) => [lock.packages[path].resolved, nameOf(path)]));
  const packages = [];
  const requirements = [];
  let missing = 0;
  for (const path of paths) {
    const entry = lock.packages[path];
    if (entry.link) continue; // the folder has an entry of its own
    packages.push({ path, name: entry.name ?? linked.get(path) ?? (path ? nameOf(path) : "this project"), version: entry.version ?? "" });
    for (const [field, kind] of Object.entries(kinds)) {
      for (const [name, range] of Object.entries(entry[field] ?? {})) {
        const to = find(lock.packages, path, name);
        if (to === null) missing++;
        // npm lists an optional requirement in both fields.
        else if (!(kind === "production" && entry.optionalDependencies?.[name])) requirements.push({ from: path, to, range, kind });
      }
    }
  }
  return { packages, requirements, missing };
}

const nameOf = (path) => path.split("node_modules/").at(-1);

/** Where Node finds `name` from the folder `path`: in its own node_modules, or the nearest one above. */
function find(packages, path, name) {
  for (let folder = path; ; folder = above(folder)) {
    const found = `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (Object.hasOwn(packages, found)) return packages[found].link ? packages[found].resolved : found;
    if (!folder) return null;
  }
}

/** The folder above: "a/node_modules/b" to "a", a folder of the project to the one it lies in. */
function above(folder) {
  const nested = folder.lastIndexOf("/node_modules/");
  if (nested >= 0) return folder.slice(0, nested);
  return folder.startsWith("node_modules/") ? "" : folder.slice(0, Math.max(0, folder.lastIndexOf("/")));
}
