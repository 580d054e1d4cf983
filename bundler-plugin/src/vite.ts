// The plugin for Vite.

import { importguard } from "./index.js";

export type { ImportguardOptions } from "./options.js";

export default importguard.vite;
