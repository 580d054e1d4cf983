// The plugin for esbuild.

import { importguard } from "./index.js";

export type { ImportguardOptions } from "./options.js";

export default importguard.esbuild;
