// Bundles the command into a few files: Node spends more time on finding a hundred small modules than on running them,
// and `--help` and `explain` are to start nearly as fast as Node itself. The files that packages have beside their code
// (templates, wasm, the engine host) stay where they are, and so does the server, whose workers are processes.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A module that asks where it is means its own package, and not the bundle. */
const modulesWithFiles = {
  name: "modules-with-files",
  setup({ onLoad }) {
    onLoad({ filter: /packages[\\/](?:compiler|engines)[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
      const [, name, file] = /packages[\\/](\w+)[\\/]dist[\\/](.*)$/.exec(path);
      const place = `urlInPackage("@registry-policy/${name}", ${JSON.stringify(file.replaceAll("\\", "/"))})`;
      return { contents: readFileSync(path, "utf8").replaceAll("import.meta.url", place), loader: "js" };
    });
  },
};

/** Some of the libraries ask for Node's modules with `require`, which an ES module does not have. */
const banner = [
  'import { createRequire as requireFrom } from "node:module";',
  'import { pathToFileURL as urlOfPath } from "node:url";',
  "const require = requireFrom(import.meta.url);",
  "const urlInPackage = (name, file) => new URL(file, urlOfPath(require.resolve(name))).href;",
].join("");

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
    external: ["@registry-policy/serve"],
    plugins: [modulesWithFiles],
    banner: { js: banner },
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
