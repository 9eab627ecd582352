"use client";
import { useEffect, useState } from "react";
import { visit } from "../../visit.js";

let begun; // React runs an effect twice in development

export default function Page() {
  const [visited, setVisited] = useState("…");
  useEffect(() => {
    begun ??= visit().catch(({ code, message, hint }) => ({ code, message, hint }));
    begun.then((result) => setVisited(JSON.stringify((globalThis.visited = result))));
  }, []);
  return <p>{visited}</p>;
}
