// The plugin for Rollup.

import { importguard } from "./index.js";

export type { ImportguardOptions } from "./options.js";

export default importguard.rollup;
