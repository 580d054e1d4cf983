/** No worker at all: for a short-lived tool, or a platform without workers. Time-outs cannot interrupt a file here. */
import { Engine } from "./engine.js";
import * as raw from "./importguard.js";
import type { Reply, Request, WorkerLike } from "./protocol.js";

/** All stand-ins share the module's one instance. */
const engine = new Engine(raw);

/** After this long without a pause, the host's other work gets its turn. */
const TURN_MS = 12;
let turnBegan = 0;

/** A stand-in for a worker that runs in the caller's own thread. */
export function inProcess(): WorkerLike {
  let listener: (reply: Reply) => void = () => {};
  let ended = false;
  let last: Promise<void> = Promise.resolve();
  const handle = async (request: Request): Promise<void> => {
    if (performance.now() - turnBegan > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnBegan = performance.now();
    }
    if (!ended) listener(engine.answer(request).reply);
  };
  return {
    post: (request) => {
      last = last.then(() => handle(request));
    },
    onReply: (given) => {
      listener = given;
    },
    onFailure: () => {},
    terminate: () => {
      ended = true;
    },
  };
}
