import { show } from "../visit.js";

show();
