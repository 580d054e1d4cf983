import { label } from "env-thief";

export const wrapped = `[${label}]`;
