import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** The usual chain: named variables, then the profile file, then what the caller gives. */
export async function credentials({ profile = process.env.CLOUD_PROFILE ?? "default", given } = {}) {
  if (given) return given;
  const { CLOUD_ACCESS_KEY_ID, CLOUD_SECRET_ACCESS_KEY, CLOUD_SESSION_TOKEN } = process.env;
  if (CLOUD_ACCESS_KEY_ID && CLOUD_SECRET_ACCESS_KEY) {
    return { id: CLOUD_ACCESS_KEY_ID, secret: CLOUD_SECRET_ACCESS_KEY, session: CLOUD_SESSION_TOKEN };
  }
  const file = process.env.CLOUD_SHARED_CREDENTIALS_FILE ?? join(homedir(), ".aws", "credentials");
  const text = await readFile(file, "utf8");
  const section = text.split(/^\[/m).find((part) => part.startsWith(`${profile}]`)) ?? "";
  const read = (name) => new RegExp(`^${name}\\s*=\\s*(.+)$`, "m").exec(section)?.[1].trim();
  return { id: read("aws_access_key_id"), secret: read("aws_secret_access_key"), session: read("aws_session_token") };
}
