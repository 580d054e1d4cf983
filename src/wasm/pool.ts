/** Hands operations to workers: started when needed, ended when idle, replaced when lost. */
import { AnalyzerError } from "./errors.js";
import type { Body, WorkerLike } from "./protocol.js";
import { Slot, type Job, type Outcome } from "./slot.js";

export interface PoolOptions {
  module: WebAssembly.Module;
  worker: () => WorkerLike;
  workers: number;
  /** Workers that have had nothing to do for so long are ended; 0 keeps them. */
  idleMs: number;
}

export class Pool {
  readonly #slots: Slot[];
  readonly #idleMs: number;
  #queue: Job[] = [];
  #idle: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(options: PoolOptions) {
    this.#idleMs = options.idleMs;
    const released = (jobs: Job[]): void => {
      this.#queue.unshift(...jobs);
      this.#pump();
    };
    this.#slots = Array.from({ length: options.workers }, () => new Slot(options.module, options.worker, released));
  }

  /** Runs one operation; an aborted signal rejects at once with its reason. */
  run(body: Body, timeoutMs: number, signal: AbortSignal | undefined): Promise<Outcome> {
    if (this.#disposed) return Promise.reject(disposed());
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const finish = (): boolean => {
        if (job.done) return false;
        job.done = true;
        signal?.removeEventListener("abort", abort);
        return true;
      };
      const job: Job = {
        body,
        timeoutMs,
        done: false,
        settle: (outcome) => void (finish() && resolve(outcome)),
        fail: (error) => void (finish() && reject(error)),
      };
      const abort = (): void => {
        job.fail(signal?.reason);
        this.#queue = this.#queue.filter((queued) => queued !== job);
        for (const slot of this.#slots) slot.abandon(job);
      };
      signal?.addEventListener("abort", abort);
      this.#queue.push(job);
      this.#pump();
    });
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#idle);
    const left = [...this.#slots.flatMap((slot) => slot.stop()), ...this.#queue];
    this.#queue = [];
    for (const job of left) job.fail(disposed());
  }

  #pump(): void {
    clearTimeout(this.#idle);
    for (let job = this.#queue[0]; job; job = this.#queue[0]) {
      const slot = this.#slotFor(job);
      if (!slot) return;
      this.#queue.shift();
      slot.send(job);
    }
    if (this.#idleMs === 0 || this.#slots.some((slot) => slot.load > 0)) return;
    this.#idle = setTimeout(() => this.#slots.forEach((slot) => slot.stop()), this.#idleMs);
    // In Node, waiting for idleness must not keep the process alive.
    (this.#idle as { unref?: () => void }).unref?.();
  }

  /** The least busy of the workers, one that runs already before a new one. */
  #slotFor(job: Job): Slot | undefined {
    return this.#slots
      .filter((slot) => slot.hasRoomFor(job))
      .sort((a, b) => a.load - b.load || Number(b.running) - Number(a.running))[0];
  }
}

function disposed(): AnalyzerError {
  return new AnalyzerError("disposed", "the analyser was disposed of");
}
