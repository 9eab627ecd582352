// The package's worker, that can be made to stop as a suspended one does: it
// answers nobody, runs nothing, and keeps its files. A request that the server
// holds back does it without work for the processor.
import "/node_modules/pocketgraph/dist/worker.js";

const { searchParams } = new URL(import.meta.url);
new BroadcastChannel(`freeze:${searchParams.get("tab")}`).onmessage = ({ data }) => {
  const request = new XMLHttpRequest();
  request.open("GET", `/hold?until=${data}`, false);
  request.send();
};
