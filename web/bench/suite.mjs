// What is run, in which order. Every function returns figures: for each row the
// values of each peer, one per round. Rounds are interleaved: each goes once
// through all peers, so that what else the machine does meets them all.

export const peers = ["pocketgraph", "sqlite", "kuzu", "graphology", "bare"];

/** How long the bare platform computes before a commit, in microseconds: a flush may take longer where the last one was longer ago. */
export const thinking = 80;
/** How long a thread sleeps before a commit, in microseconds, as it does in a flush: what it runs then is in no cache. */
export const sleeping = 300;

/** Answers kept of each measurement, to be compared. */
const keep = 50;

/** Figures by row and peer: {row: {peer: [one per round]}}. */
export class Figures {
  rows = {};
  add(row, peer, value) {
    ((this.rows[row] ??= {})[peer] ??= []).push(value);
  }
}

const label = ({ kind, nodes }) => (nodes ? `${kind}-${nodes}` : kind);
export const storeOf = (data) => (peer) => `${label(data)}-${peer}`;

/** The first peer's answers are what the others' must be. */
export class Answers {
  first = new Map();
  compared = 0;
  check(what, peer, answers) {
    const known = this.first.get(what);
    if (!known) return void this.first.set(what, { peer, answers });
    const common = Math.min(known.answers.length, answers.length);
    for (let i = 0; i < common; i++) {
      if (known.answers[i] === answers[i]) continue;
      throw new Error(`${what}, answer ${i}: ${peer} says ${answers[i].slice(0, 300)}, ${known.peer} says ${known.answers[i].slice(0, 300)}`);
    }
    this.compared += common;
  }
}

/**
 * How much is run: peers; rounds; milliseconds of each measurement, and `warm`
 * of the same before the first; loads; `writes`, a factor on the calls of the
 * mixed round.
 */
export class Suite {
  answers = new Answers();
  constructor(stage, plan) {
    Object.assign(this, { stage, plan });
  }
  ask(peer, method, ...args) {
    return this.stage.call("ask", peer, method, ...args);
  }
  async each(fn, names = this.plan.peers) {
    for (const peer of names) await fn(peer);
  }
  async rounds(fn) {
    for (let round = 0; round < this.plan.rounds; round++) await fn(round);
  }
  say(text) {
    this.plan.say?.(text);
  }

  // ---- commits, into small stores

  /** graphology is left out: a commit of it is its whole graph again, the row of snapshots. */
  get committing() {
    return this.plan.peers.filter((peer) => peer !== "graphology");
  }
  async commits() {
    const figures = new Figures();
    this.say("commits");
    const commitBytes = await this.startAll();
    this.say(`a commit takes ${commitBytes} bytes`);
    for (const durability of ["strict", "relaxed"]) {
      await this.each((peer) => this.ask(peer, "call", "create", `commits-${durability}-${peer}`, durability), this.committing);
      await this.stage.call("pageOpen", "commits-page", durability, true);
      await this.each((peer) => this.ask(peer, "commits", { from: 9e8, milliseconds: this.plan.warm }), this.committing);
      await this.stage.call("pageCommits", 9e8, this.plan.warm, 1);
      await this.rounds((round) => this.commitRound(figures, durability, round));
      await this.stage.call("pageClose");
      await this.each((peer) => this.ask(peer, "call", "close"), this.committing);
    }
    await this.stopAll(this.committing);
    return { rows: figures.rows, commitBytes };
  }
  async commitRound(figures, durability, round) {
    const { milliseconds } = this.plan;
    const from = round * 1e6;
    await this.each(async (peer) => {
      this.say(`${durability} commits, ${peer}`);
      const { perSecond, ...times } = await this.ask(peer, "commits", { from, milliseconds });
      figures.add(durability, peer, perSecond);
      figures.add(`${durability} times`, peer, times);
    }, this.committing);
    const pause = durability === "strict" ? { thinking: thinking / 1000 } : { sleeping: sleeping / 1000 };
    await this.each(async (peer) => {
      if (peer === "kuzu" || (pause.thinking && peer !== "bare")) return;
      figures.add(`${durability} paused times`, peer, await this.ask(peer, "commits", { from: from + 25e4, milliseconds, ...pause }));
    }, this.committing);
    const page = (flight, at) => this.stage.call("pageCommits", from + at, milliseconds, flight);
    this.say(`${durability} commits, from the page`);
    const { perSecond, ...times } = await page(1, 0);
    figures.add(`${durability} page`, "pocketgraph", perSecond);
    figures.add(`${durability} page times`, "pocketgraph", times);
    figures.add(`${durability} 1000`, "pocketgraph", (await page(1000, 5e5)).perSecond);
  }
  /** Starts all peers without data. The bare platform writes as many bytes as a commit of ours does. */
  async startAll() {
    await this.stage.call("pageOpen", "commits-page", "strict", true);
    await this.stage.call("pageCommits", 0, 50, 1);
    const commitBytes = await this.stage.call("pageCommitBytes");
    await this.stage.call("pageClose");
    await this.each((peer) => this.stage.call("start", peer, { commitBytes }, null), this.committing);
    return commitBytes;
  }
  stopAll(names) {
    return this.each((peer) => this.stage.call("stop", peer), names);
  }

  // ---- a dataset: load, query, write, reopen

  /** `works`: those of the dataset in page/works.js; one with `mixed` calls is also run with writes in between. */
  async dataset(data, works) {
    const figures = new Figures();
    const store = storeOf(data);
    this.say(`${label(data)}: load`);
    await this.load(figures, data, store);
    if (this.plan.calm) await this.ask("pocketgraph", "call", "snapshot");
    await this.warmUp(Object.keys(works));
    await this.rounds((round) => this.queryRound(figures, data, Object.keys(works), round));
    const mixed = Object.entries(works).filter(([, work]) => work.mixed);
    if (mixed.length) await this.mixedRounds(figures, data, store, mixed);
    await this.rest(figures);
    return figures.rows;
  }

  /** Each load in a fresh worker, so that memory is that of one. Ours is also loaded by rows, into a store of its own. */
  async load(figures, data, store) {
    for (let i = 0; i < this.plan.loads; i++) {
      if (i) await this.stopAll();
      const own = "pocketgraph";
      await this.stage.call("start", own, {}, data);
      await this.ask(own, "call", "create", `${store(own)}-rows`, "strict");
      figures.add("load rows", own, await this.ask(own, "load", "loadRows"));
      await this.ask(own, "call", "close");
      await this.stage.call("stop", own);
      await this.each(async (peer) => {
        await this.stage.call("start", peer, {}, data);
        await this.ask(peer, "call", "create", store(peer), "strict");
        figures.add("load", peer, await this.ask(peer, "load"));
        if (i < this.plan.loads - 1) await this.ask(peer, "call", "close");
      });
    }
  }

  async queryRound(figures, data, works, round) {
    for (const name of works) {
      this.say(`${name}, round ${round + 1}`);
      await this.each(async (peer) => {
        const { perSecond, answers } = await this.measure(peer, name, round);
        figures.add(name, peer, perSecond);
        this.answers.check(`${label(data)}: ${name}, round ${round}`, peer, answers);
      });
    }
  }

  /**
   * Every peer does every work once before the first is measured. Browsers
   * compile what is called often again, in the background, and all rows of a peer
   * share most of what that is: without this, the first rows are of another engine
   * than the last. One call that takes longer than a measurement is kept as that.
   */
  async warmUp(works) {
    const { milliseconds, warm } = this.plan;
    this.long = {};
    await this.each(async (peer) => {
      for (const name of works) {
        this.say(`${name}, ${peer}, to warm up`);
        const first = await this.ask(peer, "measure", name, { from: 0, milliseconds: warm, keep });
        if (first.milliseconds > milliseconds) this.long[`${peer} ${name}`] = first;
      }
    });
  }

  /** Parameters of a round are not those of the last. */
  async measure(peer, name, round) {
    const from = round * 100_000;
    if (round === 0 && this.long[`${peer} ${name}`]) return this.long[`${peer} ${name}`];
    return this.ask(peer, "measure", name, { from, milliseconds: this.plan.milliseconds, keep });
  }

  /** One write in ten. Relaxed: with a flush for each it would be the flush that is measured. */
  async mixedRounds(figures, data, store, mixed) {
    await this.each(async (peer) => {
      figures.add("memory", peer, await this.ask(peer, "wasmMemory"));
      await this.ask(peer, "call", "snapshot");
      await this.ask(peer, "call", "close");
      await this.stage.call("stop", peer);
      await this.stage.call("start", peer, {}, data);
      await this.ask(peer, "call", "open", store(peer), "relaxed");
    });
    await this.rounds(async (round) => {
      for (const [name, work] of mixed) {
        this.say(`${name} with writes, round ${round + 1}`);
        const count = Math.max(10, Math.round(work.mixed * this.plan.writes));
        await this.each(async (peer) => {
          const { perSecond, answers } = await this.ask(peer, "mixed", name, { from: 1e6 + round * 100_000, count, keep });
          figures.add(`${name} mixed`, peer, perSecond);
          this.answers.check(`${label(data)}: ${name} with writes, round ${round}`, peer, answers);
        });
      }
    });
  }

  /** A snapshot (of the peers: what moves their log into the database), closed, and the bytes counted. */
  async rest(figures) {
    await this.each(async (peer) => {
      figures.add("memory", peer, await this.ask(peer, "wasmMemory"));
      figures.add("snapshot", peer, (await this.ask(peer, "call", "snapshot")).milliseconds);
      await this.ask(peer, "call", "close");
      figures.add("bytes", peer, (await this.ask(peer, "call", "storedBytes")).answer);
    });
    await this.stopAll();
  }

  // ---- a social graph that is at rest: reopened, and asked from the page

  async reopen(data) {
    const figures = new Figures();
    const store = storeOf(data);
    const id = 10 + 3 * 17;
    await this.rounds((round) =>
      this.each(async (peer) => {
        await this.stage.reload();
        const own = peer === "pocketgraph"; // it brings its worker itself
        const { milliseconds, answer } = own
          ? await this.stage.call("pageFirstAnswer", store(peer), "strict", id)
          : await this.stage.call("firstAnswer", peer, {}, store(peer), "strict", id);
        figures.add("reopen", peer, milliseconds);
        this.answers.check(`${label(data)}: reopen, round ${round}`, peer, [JSON.stringify(answer)]);
        await (own ? this.stage.call("pageClose") : this.ask(peer, "call", "close"));
      }),
    );
    await this.stage.reload();
    return figures.rows;
  }

  async fromThePage(data) {
    const figures = new Figures();
    const { call } = this.stage;
    const { milliseconds } = this.plan;
    const store = storeOf(data);
    const others = this.plan.peers.filter((peer) => peer !== "pocketgraph");
    await call("pageData", data);
    await call("pageOpen", store("pocketgraph"), "strict", false);
    await this.each(async (peer) => {
      await call("start", peer, {}, data);
      await this.ask(peer, "call", "open", store(peer), "strict");
    }, others);
    await this.rounds(async (round) => {
      this.say(`from the page, round ${round + 1}`);
      for (const flight of [1, 100]) {
        const row = flight === 1 ? "page" : "page 100";
        figures.add(row, "pocketgraph", await call("pageLookups", milliseconds, flight));
        figures.add(row, "message", await call("echo", milliseconds, flight));
        await this.each(async (peer) => figures.add(row, peer, await call("remoteLookups", peer, milliseconds, flight)), others);
      }
      const ours = await call("pageRows");
      figures.add("rows", "pocketgraph", ours.perSecond);
      await this.each(async (peer) => {
        const { perSecond, rows, sum } = await call("remoteRows", peer);
        figures.add("rows", peer, perSecond);
        const same = rows === ours.rows && Math.abs(sum - ours.sum) < 1e-9 * ours.sum;
        if (!same) throw new Error(`rows: ${peer} gave ${rows} with the sum ${sum}, PocketGraph ${ours.rows} with ${ours.sum}`);
      }, others);
    });
    const stalls = [];
    await this.rounds(async (round) => stalls.push(await call("stalls", round * 1e7)));
    const problems = await call("pageCheck");
    if (problems.length) throw new Error(`after the run the store is broken: ${problems.join("; ")}`);
    await call("pageClose");
    await this.each((peer) => call("stop", peer), others);
    return { rows: figures.rows, stalls };
  }
}
