// The plugin for webpack.

import { importguard } from "./index.js";

export type { ImportguardOptions } from "./options.js";

export default importguard.webpack;
