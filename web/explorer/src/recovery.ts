// What opening a store found, in plain words.

import type { RecoveryReport } from "pocketgraph";
import { bytes, plural } from "./dom.js";

const number = (report: RecoveryReport, key: string): number => (typeof report[key] === "number" || typeof report[key] === "bigint" ? Number(report[key]) : 0);

/** Sentences about the report, the most important first. */
export function explain(report: RecoveryReport): string[] {
  if (report.created === true) return ["A new, empty store was made."];
  const n = (key: string) => number(report, key);
  const salvage = report.salvage as { [key: string]: unknown } | undefined;
  return [
    report.clean === true ? "The store had been closed cleanly." : "The store had not been closed; that is what a kill or a crash looks like.",
    n("snapshotSequence")
      ? `Read the snapshot of commit ${n("snapshotSequence")} (${bytes(n("snapshotBytes"))}) and replayed ${plural(n("records"), "commit")} behind it (${bytes(n("logBytes"))}).`
      : `Replayed ${plural(n("records"), "commit")} from the log (${bytes(n("logBytes"))}); there was no snapshot yet.`,
    `The newest commit is ${n("sequence")}.`,
    n("droppedBytes")
      ? `Dropped ${bytes(n("droppedBytes"))} at the end of the log that belonged to no acknowledged commit${n("droppedRecords") ? ` (${plural(n("droppedRecords"), "whole commit")} among them)` : ""}.`
      : "Nothing had to be dropped.",
    report.fallback === true && `The newest snapshot was bad (${report.fallbackReason ?? "unreadable"}); the older one and the log gave the same state.`,
    report.metaDamaged === true && "One of the two meta slots was damaged; the other one counts.",
    salvage && `Salvaged: ${salvage.reason}. The damaged files were kept aside.`,
  ].filter((sentence): sentence is string => typeof sentence === "string");
}

/** One line for the header of the report. */
export function headline(report: RecoveryReport): string {
  if (report.created === true) return "New store";
  if (report.salvage) return "Salvaged what was whole";
  return report.clean === true ? "Opened cleanly" : "Recovered";
}
