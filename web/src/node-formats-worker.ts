// The worker that reads and writes files as Node and Bun run it.

import "./node-scope.js";
import "./formats-worker.js";
