/** Two tiny packages to try: one that only computes, and one that does what a stealer does, made harmless. */
import { benign } from "./benign.ts";
import { malicious } from "./malicious.ts";

export interface Sample {
  name: string;
  about: string;
  files: Record<string, string>;
}

export const SAMPLES: Sample[] = [
  { name: "tidy-words", about: "A helper that only works on text. Harmless.", files: benign },
  { name: "color-helpers-pro", about: "Looks like a helper, steals secrets on install. Defanged: its host does not exist.", files: malicious },
];
