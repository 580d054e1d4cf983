// The plugin for Rspack.

import { importguard } from "./index.js";

export type { ImportguardOptions } from "./options.js";

export default importguard.rspack;
