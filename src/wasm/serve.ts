/** What every worker entry does: answer what comes in. */
import { Engine, type Raw } from "./engine.js";
import type { Reply, Request } from "./protocol.js";

/** Makes a handler of requests that posts the replies. */
export function serve(raw: Raw, post: (reply: Reply, transfer: ArrayBuffer[]) => void): (request: Request) => void {
  const engine = new Engine(raw);
  return (request) => {
    const { reply, transfer } = engine.answer(request);
    post(reply, transfer);
  };
}
