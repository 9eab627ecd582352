// The owner's side of docs/tabs.md, in its worker: other tabs' frames in, their
// answers out. The page is not in the way, so a page that is busy delays nobody.

import { Op } from "./wire.js";

/** From the owner's page to its worker: serve other tabs from now on, or no longer. */
export interface Serve {
  name: string;
  /** Of this engine; null: no longer. */
  owner: string | null;
  /** The number of the database in this engine. */
  database: number;
  /** The Web Lock that the worker holds while it lives. */
  lock: string;
  durability: string;
  /** "opfs" or "indexeddb". */
  storage: string;
  /** Bytes of memory above which the worker asks to be replaced; 0: none. */
  memoryLimit?: number;
}

/** What an owner says of itself, when it begins and when somebody asks. */
export type Welcome = Serve & { say: "owner" };

/** On the lobby. */
export type LobbyMessage = Welcome | { say: "who" } | Electing | { say: "destroy" } | { say: "migrated"; version: number } | Restarted;

/** The owner's page has the lock and no engine yet. `restart`: on purpose, and it will not be long; nobody need give up. */
export interface Electing {
  say: "electing";
  restart?: boolean;
}

/** The owner's page has a new worker because the one before had grown; bytes of memory, and how long nobody answered. */
export interface Restarted {
  say: "restarted";
  memoryBefore: number;
  memoryAfter: number;
  milliseconds: number;
}

/** From a tab to the owner's worker. Nothing but the names: it is alive. */
export interface ToOwner {
  tab: string;
  /** Of this connection; a new one of the same tab ends the one before. */
  link: string;
  /** When it was sent, as Date.now(). */
  at: number;
  frames?: ArrayBuffer;
}

/** From the owner's worker to a tab. Nothing in it: it is alive. */
export interface ToTab {
  frames?: ArrayBuffer;
  /** It lets go of the database. */
  leaving?: boolean;
}

export const lobbyOf = (name: string) => new BroadcastChannel(`pocketgraph:lobby:${name}`);
export const inboxOf = (owner: string) => new BroadcastChannel(`pocketgraph:owner:${owner}`);
export const outboxOf = (link: string) => new BroadcastChannel(`pocketgraph:link:${link}`);
/** Held by a tab while it has the database open. */
export const tabLock = (tab: string) => `pocketgraph:tab:${tab}`;

/**
 * Milliseconds after which whoever waits gives up: for a sign of life of the
 * owner, or for an owner. Timers of a hidden page come once a second, so that
 * this makes less than 5 s.
 */
export const patience = 3500;

/** A connection to a tab. */
interface Client {
  link: string;
  /** The client number in its frames. */
  number: number;
  out: BroadcastChannel;
  /** Frames that wait until what the connection before had going has ended. */
  held: ArrayBuffer[] | null;
  gone: AbortController;
}

/** Client numbers of tabs; 0 is the page, those above are the worker's own. */
const maxTabs = 0xfff0;
/** The id of the BYEs that the hub itself sends. */
const byeId = 0xffffffff;
const offset = { kind: 4, client: 6, id: 8 };

export class Hub {
  private readonly lobby: BroadcastChannel;
  private readonly inbox: BroadcastChannel;
  private readonly tabs = new Map<string, Client>();
  private readonly numbers = new Map<number, Client>();
  private readonly byes = new Map<number, () => void>();
  private last = 0;

  /** `request` takes frames to the engine, `page` answers to the owner's own page. */
  constructor(
    serve: Serve,
    private readonly request: (frames: ArrayBuffer) => void,
    private readonly page: (frames: ArrayBuffer) => void,
  ) {
    const welcome: Welcome = { ...serve, say: "owner" };
    this.inbox = inboxOf(serve.owner!);
    this.inbox.onmessage = ({ data }) => this.take(data);
    this.lobby = lobbyOf(serve.name);
    this.lobby.onmessage = ({ data }: MessageEvent<LobbyMessage>) => {
      if (data.say === "who") this.lobby.postMessage(welcome);
    };
    this.lobby.postMessage(welcome);
  }

  /** Serves nobody any more: the tabs look for another owner. */
  retire(): void {
    this.lobby.close();
    this.inbox.close();
    for (const client of this.tabs.values()) {
      client.out.postMessage({ leaving: true } satisfies ToTab);
      client.gone.abort();
    }
    this.tabs.clear();
    this.numbers.clear();
  }

  private take({ tab, link, at, frames }: ToOwner): void {
    let client = this.tabs.get(tab);
    if (client?.link !== link) client = this.admit(tab, link, client);
    // This worker was frozen: whoever sent what is so old has given up, or connects anew and asks again.
    const stale = frames !== undefined && Date.now() - at > patience + 1000;
    client.out.postMessage({ leaving: stale } satisfies ToTab);
    if (!frames || stale) return;
    stamp(frames, client.number);
    if (client.held) client.held.push(frames);
    else this.request(frames);
  }

  private admit(tab: string, link: string, before: Client | undefined): Client {
    do this.last = (this.last % maxTabs) + 1;
    while (this.numbers.has(this.last) || this.byes.has(this.last));
    const client: Client = { link, number: this.last, out: outboxOf(link), held: null, gone: new AbortController() };
    if (before) {
      client.held = [];
      this.leave(before, () => {
        const held = client.held!;
        client.held = null;
        held.forEach(this.request);
      });
    }
    this.tabs.set(tab, client);
    this.numbers.set(client.number, client);
    // The tab holds this lock for as long as it is there.
    navigator.locks
      .request(tabLock(tab), { signal: client.gone.signal }, () => {
        if (this.tabs.get(tab) === client) this.tabs.delete(tab);
        this.leave(client, () => {});
      })
      .catch(() => {}); // aborted
    return client;
  }

  /** Ends what a connection has going, transactions among it. */
  private leave(client: Client, then: () => void): void {
    if (client.held) client.held = []; // for nobody
    client.gone.abort();
    client.out.close();
    this.numbers.delete(client.number);
    this.byes.set(client.number, then);
    const bye = new DataView(new ArrayBuffer(24));
    bye.setUint32(0, 24, true);
    bye.setUint8(offset.kind, Op.bye);
    bye.setUint16(offset.client, client.number, true);
    bye.setUint32(offset.id, byeId, true);
    this.request(bye.buffer);
  }

  /** Sends answers to whom they are for. */
  route(frames: ArrayBuffer): void {
    const view = new DataView(frames);
    for (let at = 0, end: number; at < frames.byteLength; at = end) {
      const to = view.getUint16(at + offset.client, true);
      const id = view.getUint32(at + offset.id, true);
      end = at + view.getUint32(at, true);
      // One piece for one receiver; a BYE of the hub's is always a piece of its own.
      while (id !== byeId && end < frames.byteLength && view.getUint16(end + offset.client, true) === to && view.getUint32(end + offset.id, true) !== byeId) end += view.getUint32(end, true);
      const part = at || end < frames.byteLength ? frames.slice(at, end) : frames;
      if (to === 0) this.page(part);
      else if (this.byes.has(to)) {
        if (id === byeId) this.left(to);
      } else this.numbers.get(to)?.out.postMessage({ frames: part } satisfies ToTab);
    }
  }

  private left(number: number): void {
    const then = this.byes.get(number)!;
    this.byes.delete(number);
    queueMicrotask(then); // answers may come inside a call of the engine, which must not be called from there
  }
}

/** Writes the client number into frames that a tab sent; they are checked by the engine. */
function stamp(frames: ArrayBuffer, client: number): void {
  const view = new DataView(frames);
  for (let at = 0; at + 16 <= frames.byteLength; ) {
    view.setUint16(at + offset.client, client, true);
    const length = view.getUint32(at, true);
    if (length < 16) return;
    at += length;
  }
}
