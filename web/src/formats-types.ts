// The API of import, export and preview.

/** A form in which a graph is written; docs/formats.md has the rules of each. */
export type Format = "csv" | "jsonl" | "neo4j-json" | "graphology" | "graphml" | "gexf" | "cypher" | "pocketgraph" | "nornicdb";

/** Where a file comes from. Text and bytes are the content itself; an address is a `URL`. */
export type ImportSource =
  | Blob // and File
  | ReadableStream<Uint8Array | string>
  | Response
  | URL
  | string
  | ArrayBuffer
  | ArrayBufferView
  | { name: string; data: Blob | ReadableStream<Uint8Array | string> | Response | URL | string | ArrayBuffer | ArrayBufferView };

/** What the columns of a plain CSV file are. */
export interface Mapping {
  /** The header field that neo4j-admin would have a column have: `{ nr: "id:ID(Person)", born: "born:INT", note: ":IGNORE" }`. */
  columns?: { [column: string]: string };
  /** Of every node of the file. */
  labels?: string[];
  /** Of every relationship of the file. */
  type?: string;
}

/** How far an import or an export is. */
export interface FileProgress {
  /** "download" of the module; "read" of the files, in bytes; "write", in elements. */
  phase: "download" | "read" | "write";
  file?: string;
  done: number;
  /** Where it is known. */
  total?: number;
  /** Nodes and relationships so far. */
  elements?: number;
  /** Bytes of memory that the module for files has; it is given back at the end. */
  memory?: number;
}

/** What reading and writing of files have in common. */
export interface FilesOptions {
  onProgress?: (progress: FileProgress) => void;
  signal?: AbortSignal;
  /** Where the worker and the module for files are. Without them: beside this module. */
  workerURL?: string | URL;
  wasmURL?: string | URL;
}

/** How a file is looked at. */
export interface PreviewOptions extends FilesOptions {
  /** Guessed from the first bytes and the name where it is not given. */
  format?: Format;
  /** The name of a source that has none. */
  name?: string;
  /** Origins, beside the page's own, that a `URL` may be of. Instead of those given to `open`. */
  allowOrigins?: readonly string[];
  /** Of CSV: between fields. Guessed where it is not given. */
  delimiter?: string;
  /** Of CSV: between the items of lists, and between labels; ";" where it is not given. */
  arrayDelimiter?: string;
  /** Of CSV: what an :ID column with a name becomes as a property, "string" (default) or "integer". */
  ids?: "string" | "integer";
  /** Of plain CSV: one for all files, or one for each by its name. */
  mapping?: Mapping | { [file: string]: Mapping };
  /** Keep the identifiers of nodes in JSON, GraphML and GEXF files as this property. */
  idProperty?: string;
  /** Of relationships whose file gives them none: "RELATED_TO" where it is not given. */
  type?: string;
  /** Of a preview: how many rows (default 20). */
  rows?: number;
}

/** How files are read. */
export interface ImportOptions extends PreviewOptions {
  /** Puts the content of the files in the place of what the database holds, in the same transaction. */
  replace?: boolean;
}

/** Something that is not as it was in the file, or not in the file as it was: a kind of thing, how often, and the first. */
export interface Note {
  kind: string;
  count: number;
  detail: string;
}

/** What was read or written, and what was left out. */
export interface FileReport {
  format: Format;
  nodes: number;
  relationships: number;
  properties: number;
  /** Of scripts. */
  statements?: number;
  notes: Note[];
  /** The place in the log of the import's transaction, or of the state that was exported. */
  sequence?: number;
  /** Of NornicDB's files: docs/nornicdb.md. */
  nornicdb?: { [name: string]: unknown };
}

/** How a file is written. */
export interface ExportOptions extends FilesOptions {
  /** Default "pocketgraph". */
  format?: Exclude<Format, "nornicdb">;
  /** JSON as APOC writes it: dates and the like are text, and come back as text. */
  plain?: boolean;
  /** CSV of nodes or of relationships alone, as neo4j-admin reads it. */
  elements?: "nodes" | "relationships";
  /** Told at the end what was written, and what the format cannot hold. */
  onReport?: (report: FileReport) => void;
}

/** What files hold, from their beginnings. */
export interface Preview {
  files: FilePreview[];
}

/** What a file seems to hold. */
export interface FilePreview {
  name: string;
  /** "" where nothing says what the file is. */
  format: Format | "";
  delimiter?: string;
  columns?: { name: string; role: "property" | "id" | "label" | "start" | "end" | "type" | "ignore"; key?: string; type?: string; space?: string }[];
  /** Of CSV: the fields, null where one is empty. */
  rows?: (string | null)[][];
  /** What would be made; properties are JSON of the values. */
  elements?: { kind: "node" | "relationship"; id?: string; labels?: string[]; start?: string; end?: string; type?: string; properties: { [key: string]: string } }[];
  /** Of scripts: the first statements. */
  text?: string;
  /** Why there is no more of it. */
  problem?: string;
}

/** What a database does with files. docs/formats.md has the formats. */
export interface Files {
  /**
   * Reads files into the database, in one transaction: whatever goes wrong
   * leaves the database as it was. Errors in a file are `IMPORT` with its name,
   * `position.line` and `position.column`.
   */
  import(source: ImportSource | readonly ImportSource[], options?: ImportOptions): Promise<FileReport>;
  /** What files hold, from their beginnings: guessed format, columns, first rows. Nothing is written. */
  preview(source: ImportSource | readonly ImportSource[], options?: PreviewOptions): Promise<Preview>;
  /** One committed state as a file, while others read and write. */
  export(options?: ExportOptions): Promise<Blob>;
  /** The same as a stream, for what is not to be in memory. */
  exportStream(options?: ExportOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}
