/** One worker's place: what it was sent and has not answered, and what happens when it fails, hangs or is no longer wanted. */
import { AnalyzerError, wordsOf } from "./errors.js";
import type { Body, Reply, WorkerLike } from "./protocol.js";
import { after } from "./watchdog.js";

/** How an operation ended, unless the worker refused it or never started. */
export type Outcome = { ok: unknown } | { crash: string; timedOut: boolean };

/** One operation on its way. */
export interface Job {
  body: Body;
  timeoutMs: number;
  /** Nobody waits for it any more. */
  done: boolean;
  settle(outcome: Outcome): void;
  fail(error: unknown): void;
}

/** A worker answers in order; a few requests ahead keep it from waiting for the host. */
const AHEAD = 4;
const AHEAD_BYTES = 4 * 1024 * 1024;
/** How long an aborted operation may still run before its worker is ended. */
const PATIENCE_MS = 250;
const START_TIMEOUT_MS = 30_000;

interface Sent {
  id: number;
  job: Job;
}

export class Slot {
  readonly #module: WebAssembly.Module;
  readonly #makeWorker: () => WorkerLike;
  /** Takes back what was sent but not begun, and looks for more. */
  readonly #released: (jobs: Job[]) => void;
  #worker: WorkerLike | undefined;
  #sent: Sent[] = [];
  #lastId = 0;
  #stopWatching: () => void = () => {};

  constructor(module: WebAssembly.Module, makeWorker: () => WorkerLike, released: (jobs: Job[]) => void) {
    this.#module = module;
    this.#makeWorker = makeWorker;
    this.#released = released;
  }

  get load(): number {
    return this.#sent.length;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  hasRoomFor(job: Job): boolean {
    if (this.#sent.length === 0) return true;
    const bytes = this.#sent.reduce((sum, sent) => sum + sizeOf(sent.job.body), sizeOf(job.body));
    return this.#sent.length < AHEAD && bytes <= AHEAD_BYTES;
  }

  send(job: Job): void {
    try {
      this.#worker ??= this.#start();
      this.#post(this.#worker, job);
    } catch (thrown) {
      this.stop();
      job.fail(new AnalyzerError("worker-failed", `the analyser's worker could not be started: ${wordsOf(thrown)}`, { cause: thrown }));
    }
  }

  /** The job was aborted: if it is running, the worker gets little time to finish it. */
  abandon(job: Job): void {
    if (this.#sent[0]?.job === job) this.#watch();
  }

  /** Ends the worker; jobs that nobody settled come back. */
  stop(): Job[] {
    this.#stopWatching();
    this.#worker?.terminate();
    this.#worker = undefined;
    const left = this.#sent.map((sent) => sent.job).filter((job) => !job.done && job.body.op !== "start");
    this.#sent = [];
    return left;
  }

  #start(): WorkerLike {
    const worker = this.#makeWorker();
    worker.onReply((reply) => {
      if (worker === this.#worker) this.#receive(reply);
    });
    worker.onFailure((reason) => {
      if (worker === this.#worker) this.#fail(reason);
    });
    const start: Job = { body: { op: "start", wasm: this.#module }, timeoutMs: START_TIMEOUT_MS, done: false, settle: () => {}, fail: () => {} };
    this.#post(worker, start);
    return worker;
  }

  #post(worker: WorkerLike, job: Job): void {
    const id = ++this.#lastId;
    this.#sent.push({ id, job });
    const { body, transfer } = owned(job.body);
    worker.post({ id, ...body }, transfer);
    if (this.#sent.length === 1) {
      worker.busy?.(true);
      this.#watch();
    }
  }

  #receive(reply: Reply): void {
    const head = this.#sent[0];
    if (!head || head.id !== reply.id) return;
    if ("fatal" in reply) {
      this.#fail(reply.fatal);
      return;
    }
    this.#sent.shift();
    if (this.#sent.length === 0) this.#worker?.busy?.(false);
    this.#watch();
    if ("ok" in reply) head.job.settle({ ok: reply.ok });
    else if ("crash" in reply) head.job.settle({ crash: reply.crash, timedOut: false });
    else head.job.fail(new AnalyzerError("invalid-input", reply.error));
    this.#released([]);
  }

  #fail(reason: string): void {
    const starting = this.#sent[0]?.job.body.op === "start";
    if (!starting) {
      this.#lose(`its worker died: ${reason}`, false);
      return;
    }
    for (const job of this.stop()) {
      job.fail(new AnalyzerError("worker-failed", `the analyser's worker did not start: ${reason}`));
    }
    this.#released([]);
  }

  /** Gives up the worker and the operation it was at; the others go back to the queue. */
  #lose(crash: string, timedOut: boolean): void {
    const head = this.#sent.shift();
    const others = this.stop();
    head?.job.settle({ crash, timedOut });
    this.#released(others);
  }

  #watch(): void {
    this.#stopWatching();
    const head = this.#sent[0];
    if (!head) return;
    const { job } = head;
    this.#stopWatching = after(job.done ? PATIENCE_MS : job.timeoutMs, () => {
      if (job.body.op === "start") this.#fail(`no answer within ${START_TIMEOUT_MS / 1000} s`);
      else this.#lose(`no answer within ${job.timeoutMs / 1000} s`, true);
    });
  }
}

function sizeOf(body: Body): number {
  return body.op === "collect" || body.op === "unpack" ? body.bytes.byteLength : 0;
}

/** A copy that can be handed over: a view into a larger buffer would be cloned together with all of that buffer. */
function owned(body: Body): { body: Body; transfer: ArrayBuffer[] } {
  if (body.op !== "collect" && body.op !== "unpack") return { body, transfer: [] };
  const bytes = new Uint8Array(body.bytes);
  return { body: { ...body, bytes }, transfer: [bytes.buffer] };
}
