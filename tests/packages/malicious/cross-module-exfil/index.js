import { gather } from "./gather.js";
import { push } from "./push.js";

push(gather());

export { version } from "./version.js";
