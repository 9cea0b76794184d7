// Packs what is published into `release/`: every package, and the engine host as a package for each platform, on
// which `@registry-policy/engines` depends optionally and exactly.
//
//   npm run release                              for this machine's platform
//   npm run release -- linux-x64 darwin-arm64    for these
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { linkedLicenses } from "./linked-licenses.mjs";
import { command, fail, hostBinary, root, setUp } from "./setup.mjs";

/** Go's names of the platforms for which there is a package. */
const platforms = {
  "linux-x64": { os: "linux", arch: "amd64" },
  "linux-arm64": { os: "linux", arch: "arm64" },
  "darwin-x64": { os: "darwin", arch: "amd64" },
  "darwin-arm64": { os: "darwin", arch: "arm64" },
  "win32-x64": { os: "windows", arch: "amd64" },
};

const thisPlatform = `${process.platform}-${process.arch}`;
const host = join(root, "packages/engines/host");
const out = join(root, "release");
const manifest = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const { version, license } = manifest(join(root, "packages/engines"));

async function release() {
  const wanted = process.argv.slice(2);
  const names = wanted.length > 0 ? wanted : [thisPlatform];
  const unknown = names.find((name) => !(name in platforms));
  if (unknown !== undefined) {
    throw new Error(`there is no package for \`${unknown}\`\nhelp: choose from ${Object.keys(platforms).join(", ")}`);
  }
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  for (const name of names) await packHost(name);
  for (const name of readdirSync(join(root, "packages"))) await packPackage(join(root, "packages", name));
  for (const file of readdirSync(out).sort()) process.stdout.write(`release/${file}\n`);
}

/** The host for one platform: the one that is here, or one built for it by Go, which needs no C compiler for that. */
async function packHost(name) {
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-host-"));
  try {
    const { os, arch } = platforms[name];
    const binary = join(folder, "bin", os === "windows" ? "registry-policy-host.exe" : "registry-policy-host");
    if (name === thisPlatform) cpSync(hostBinary, binary);
    else await buildHost(binary, { GOOS: os, GOARCH: arch, CGO_ENABLED: "0" });
    writeFileSync(join(folder, "LICENSES"), linkedLicenses(host, { GOOS: os, GOARCH: arch }));
    cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    const [platform, cpu] = name.split("-");
    writeManifest(folder, {
      name: `@registry-policy/host-${name}`,
      version,
      description: `The engine host of registry-policy for ${platform} ${cpu}.`,
      license,
      os: [platform],
      cpu: [cpu],
      files: ["bin", "LICENSES"],
    });
    await pack(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function buildHost(binary, environment) {
  const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."];
  return command("go", args, host, environment);
}

/** A package as pnpm packs it, with its dependencies' versions written out; `engines` gets its optional ones. */
async function packPackage(source) {
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-pack-"));
  try {
    const { packageManager } = manifest(root);
    await command("npx", ["--yes", packageManager, "pack", "--pack-destination", folder], source);
    const [tarball] = readdirSync(folder);
    await command("tar", ["-xzf", tarball], folder);
    const unpacked = join(folder, "package");
    const content = manifest(unpacked);
    delete content.devDependencies;
    delete content.scripts;
    delete content.ava;
    if (basename(source) === "engines") {
      content.optionalDependencies = Object.fromEntries(
        Object.keys(platforms).map((name) => [`@registry-policy/host-${name}`, version]),
      );
    }
    cpSync(join(root, "LICENSE"), join(unpacked, "LICENSE"));
    writeManifest(unpacked, content);
    await pack(unpacked);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeManifest(folder, content) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(content, null, 2)}\n`);
}

async function pack(folder) {
  const { status, stderr } = spawnSync("npm", ["pack", "--pack-destination", out, folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`\`npm pack\` failed:\n${stderr}`);
}

await setUp().then(release).catch(fail);
