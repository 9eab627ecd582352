// The app of the tests: the installed package, and a way to run the cases.
import * as pg from "/node_modules/pocketgraph/dist/index.js";
import { setUp } from "./harness.js";

setUp(pg);
