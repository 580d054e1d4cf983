/** A worker by script: what a real one does with each file is said beforehand. */
import type { Reply, Request, WorkerLike } from "importguard-wasm";

export type Behaviour = "answer" | "hang" | "trap" | "die" | "refuse";

export interface FakeWorkers {
  make: () => WorkerLike;
  /** How many were started and how many ended. */
  started: number;
  ended: number;
  /** Files in the order in which they were begun. */
  begun: string[];
}

/** Makes workers that treat each file as told; the facts of a file are its path. */
export function fakeWorkers(behave: (path: string) => Behaviour, start: "answer" | "fail" | "hang" = "answer"): FakeWorkers {
  const workers: FakeWorkers = { make, started: 0, ended: 0, begun: [] };
  function make(): WorkerLike {
    workers.started += 1;
    let onReply: (reply: Reply) => void = () => {};
    let onFailure: (reason: string) => void = () => {};
    let stopped = false;
    const queue: Request[] = [];
    const turn = (): void => {
      const request = queue[0];
      if (!request || stopped) return;
      const behaviour = request.op === "collect" ? behave(request.path) : request.op === "start" && start !== "answer" ? (start === "fail" ? "die" : "hang") : "answer";
      if (request.op === "collect") workers.begun.push(request.path);
      if (behaviour === "hang") return;
      if (behaviour === "die") {
        stopped = true;
        onFailure("out of memory");
        return;
      }
      queue.shift();
      const { id } = request;
      if (behaviour === "trap") onReply({ id, crash: "the host's stack ran out" });
      else if (behaviour === "refuse") onReply({ id, error: "not a path" });
      else onReply({ id, ok: answer(request) });
      setTimeout(turn);
    };
    return {
      post: (request) => {
        queue.push(request);
        if (queue.length === 1) setTimeout(turn);
      },
      onReply: (listener) => (onReply = listener),
      onFailure: (listener) => (onFailure = listener),
      terminate: () => {
        stopped = true;
        workers.ended += 1;
      },
    };
  }
  return workers;
}

function answer(request: Request): unknown {
  switch (request.op) {
    case "collect":
      return new TextEncoder().encode(request.path);
    case "assemble":
      return { report: { path: request.input.path, files: request.input.files.map((file) => file.path), issues: request.input.issues } };
    case "merge":
      return { packages: request.packages };
    default:
      return null;
  }
}
