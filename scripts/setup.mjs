// Sets up a clone: packages, TypeScript, the Go host, OPA's wasm, the command. Each step is skipped where what it makes
// is up to date, judged by what it is made of. Needs nothing but Node and Go.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const host = join(root, "packages/engines/host");
export const hostBinary = join(
  host,
  "bin",
  process.platform === "win32" ? "registry-policy-host.exe" : "registry-policy-host",
);
const stamps = join(root, "node_modules/.setup");

/** What is done, in this order. `inputs` decide whether it is to be done again, `outputs` have to be there. */
const steps = [
  {
    title: "packages (pnpm install)",
    inputs: ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...packageFiles()],
    outputs: ["node_modules/typescript", "node_modules/ava"],
    run: () => command("npx", ["--yes", pnpm(), "install", "--frozen-lockfile"]),
  },
  {
    title: "TypeScript (tsc --build)",
    inputs: ["tsconfig.json", "tsconfig.base.json", "packages"],
    outputs: ["packages/cli/dist/main.js"],
    ignores: /\/(?:node_modules|dist|host|golden)\//,
    run: () => command(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--build"]),
  },
  {
    title: "templates",
    inputs: ["templates"],
    outputs: ["packages/compiler/dist/templates"],
    async run() {
      const copy = join(root, "packages/compiler/dist/templates");
      rmSync(copy, { recursive: true, force: true });
      cpSync(join(root, "templates"), copy, { recursive: true });
    },
  },
  {
    title: "engine host (go build: minutes, the first time)",
    inputs: ["packages/engines/host"],
    outputs: [relative(root, hostBinary)],
    ignores: /\/bin\/|_test\.go$/,
    needs: needsGo,
    run: () => command("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", hostBinary, "."], host),
  },
  {
    title: "OPA's wasm",
    inputs: [
      "templates/opa",
      "packages/compiler/scripts/build-wasm.mjs",
      "packages/compiler/src/targets/opa/bundle-front.ts",
      "packages/compiler/src/targets/opa/bundle-tar.ts",
      relative(root, join(host, "wasm")),
      relative(root, join(host, "go.sum")),
    ],
    outputs: [
      "packages/compiler/dist/targets/opa/policy.wasm",
      "packages/compiler/dist/targets/opa/policy.wasm.deflate",
    ],
    async run() {
      const { buildWasm } = await import(pathToFileURL(join(root, "packages/compiler/scripts/build-wasm.mjs")).href);
      await buildWasm(hostBinary);
    },
  },
  {
    title: "command",
    inputs: [
      "packages/cli/scripts/bundle.mjs",
      ...["automata", "cli", "compiler", "engines", "equivalence", "language"].map((name) => `packages/${name}/src`),
    ],
    outputs: ["packages/cli/bundle/main.js"],
    ignores: /\.test\./,
    async run() {
      const { bundle } = await import(pathToFileURL(join(root, "packages/cli/scripts/bundle.mjs")).href);
      await bundle();
    },
  },
];

/** Does the steps that are not up to date. Throws an error whose message says what is missing and what to do. */
export async function setUp() {
  checkNode();
  for (const [index, step] of steps.entries()) {
    const stamp = join(stamps, `${index}.json`);
    const made = JSON.stringify(hashes(step), null, 2);
    const isThere = step.outputs.every((output) => existsSync(join(root, output)));
    if (isThere && existsSync(stamp) && readFileSync(stamp, "utf8") === made) continue;
    step.needs?.();
    const start = Date.now();
    say(`${index + 1}/${steps.length} ${step.title} …`);
    await step.run();
    say(`${index + 1}/${steps.length} ${step.title}: done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    mkdirSync(stamps, { recursive: true });
    writeFileSync(stamp, made);
  }
}

function hashes({ inputs, ignores }) {
  const files = inputs.flatMap((input) => filesBelow(join(root, input), ignores));
  return Object.fromEntries(files.map((file) => [relative(root, file), sha256(readFileSync(file))]));
}

function filesBelow(path, ignores) {
  if (ignores?.test(`${path}/`) || ignores?.test(path)) return [];
  if (!existsSync(path)) return [];
  const entries = readdirOrNone(path);
  if (entries === undefined) return [path];
  return entries.sort().flatMap((entry) => (entry === "node_modules" ? [] : filesBelow(join(path, entry), ignores)));
}

function readdirOrNone(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

function packageFiles() {
  return readdirSync(join(root, "packages")).map((name) => `packages/${name}/package.json`);
}

function pnpm() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Node ${process.versions.node} is too old\nhelp: install Node 20.19 or later, then run this again`);
}

function needsGo() {
  const wanted = /^go ([0-9.]+)$/m.exec(readFileSync(join(host, "go.mod"), "utf8"))?.[1];
  const { status } = spawnSync("go", ["version"], { stdio: "ignore" });
  if (status === 0) return;
  throw new Error(
    `Go is missing: the engines are Go libraries\nhelp: install Go ${wanted} or later, then run this again`,
  );
}

/** Runs a command, its output on standard error, and rejects with how it ended if that was not well. */
export function command(program, args, cwd = root, environment = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
    child.on("error", (error) => reject(new Error(`\`${program}\` cannot be started: ${error.message}`)));
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`\`${program} ${args.join(" ")}\` failed (${signal ?? `exit code ${code}`}); its words are above`),
        );
    });
  });
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

/** Ends the process with an error's message alone: these are messages for people. */
export function fail(error) {
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp().then(() => say("ready"), fail);
}
