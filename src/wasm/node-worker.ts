/** The entry of a Node worker thread. */
import { parentPort } from "node:worker_threads";

import * as raw from "./importguard.js";
import { serve } from "./serve.js";

if (!parentPort) throw new Error("node-worker.js runs in a worker thread; start it with nodeWorker() of importguard-wasm/node");
const port = parentPort;
port.on("message", serve(raw, (reply, transfer) => port.postMessage(reply, transfer)));
