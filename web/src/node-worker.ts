// The worker as Node and Bun run it.

import "./node-scope.js";
import "./worker.js";
