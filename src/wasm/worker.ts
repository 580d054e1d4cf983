/** The entry of a web worker, a module worker or, bundled, a classic one. */
import * as raw from "./importguard.js";
import type { Reply, Request } from "./protocol.js";
import { serve } from "./serve.js";

// The DOM library types `self` as a window; this is the part of a dedicated worker's scope that is used.
const scope = self as unknown as {
  postMessage(reply: Reply, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
};
const handle = serve(raw, (reply, transfer) => scope.postMessage(reply, transfer));
scope.addEventListener("message", (event) => handle(event.data));
