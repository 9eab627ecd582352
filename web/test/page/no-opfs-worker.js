import "./no-opfs.js";
import "/node_modules/pocketgraph/dist/worker.js";
