// Bundles the command into a few files: Node spends more time on finding a hundred small modules than on running them,
// and `--help` and `explain` are to start nearly as fast as Node itself. What has files of its own beside its code
// (templates, wasm, the engine host) stays outside.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Writes `packages/cli/bundle` from what TypeScript has built. */
export async function bundle() {
  const outdir = join(root, "bundle");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [join(root, "dist/main.js")],
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    minifySyntax: true,
    minifyWhitespace: true,
    external: ["@registry-policy/compiler", "@registry-policy/engines", "@registry-policy/serve"],
    // Some of the libraries ask for Node's modules with `require`, which an ES module does not have.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module";const require = requireFrom(import.meta.url);',
    },
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
