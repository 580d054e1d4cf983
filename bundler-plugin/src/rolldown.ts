// The plugin for Rolldown.

import { importguard } from "./index.js";

export type { ImportguardOptions } from "./options.js";

export default importguard.rolldown;
