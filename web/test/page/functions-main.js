import * as pg from "/node_modules/pocketgraph/dist/index.js";
import { cases } from "./functions.js";
import { setUp } from "./harness.js";

setUp(pg, cases);
