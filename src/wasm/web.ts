/** Web workers: of a page, and of VS Code's web extension host. */
import type { Reply, WorkerLike } from "./protocol.js";

/** Makes a web worker that runs `worker.js` fit for `createAnalyzer`. */
export function webWorker(worker: Worker): WorkerLike {
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    onReply: (listener) => worker.addEventListener("message", (event: MessageEvent<Reply>) => listener(event.data)),
    onFailure: (listener) => {
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        listener(event.message || "its script could not be loaded");
      });
      worker.addEventListener("messageerror", () => listener("a message could not be read"));
    },
    terminate: () => worker.terminate(),
  };
}
