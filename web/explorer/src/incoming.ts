// Files that come to the page: chosen with the button, or dropped anywhere. One
// script runs statement by statement; everything else goes through the wizard.

import { byId } from "./dom.js";
import { acceptedFiles, ImportWizard } from "./importwizard.js";
import { fail } from "./notices.js";
import type { Runner } from "./runner.js";
import type { Scripts } from "./scripts.js";
import type { Session } from "./session.js";

const isScript = ({ name }: File): boolean => /\.(cypher|cql|cyp)$/i.test(name);

export class Incoming {
  private readonly input = byId<HTMLInputElement>("file");

  constructor(private readonly session: Session, private readonly runner: Runner, private readonly scripts: Scripts, private readonly changed: () => Promise<void>) {
    this.input.accept = acceptedFiles;
    byId("script").addEventListener("click", () => this.choose());
    this.input.addEventListener("change", () => {
      const files = [...(this.input.files ?? [])];
      this.input.value = ""; // so that the same file can be chosen again
      void this.take(files);
    });
    addEventListener("dragover", (event) => (event.preventDefault(), document.body.classList.add("dropping")));
    addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
    addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dropping");
      void this.take([...(event.dataTransfer?.files ?? [])]);
    });
  }

  choose(): void {
    this.input.click();
  }

  private async take(files: File[]): Promise<void> {
    if (files.length === 0 || this.runner.busy) return;
    try {
      this.session.database(); // says so where none is open
      if (files.length === 1 && isScript(files[0])) await this.scripts.file(files[0]);
      else new ImportWizard(this.session, files, this.changed);
    } catch (error) {
      fail(error);
    }
  }
}
