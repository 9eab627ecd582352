import "./memory.js";
import "/node_modules/pocketgraph/dist/worker.js";
