// Fills in what the documents show of the repository: files, the output of commands, and what each target can say.
// With --check nothing is written, and a document that is not up to date is named and ends it with exit code 1.
//
// A document marks such a place with one of these on a line of its own, and the end of it with <!-- end -->:
//   <!-- file: PATH -->                  a file, by its path from the document
//   <!-- run: registry-policy … -->      a command in the root of the repository, and what it prints in 80 columns
//   <!-- targets -->                     the table that is made of the targets' capabilities
//   <!-- node-targets -->                the same of the targets for nodes
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { features, nodeTargets, targets } from "../packages/compiler/dist/index.js";
import { fail, root } from "./setup.mjs";

const program = join(root, "packages/cli/dist/main.js");

const featureTitles = {
  allow: "allow list",
  deny: "deny list",
  "wildcard-registry": "wildcards in registries",
  "require-registry": "a registry must be written",
  "require-tag": "a tag or digest must be written",
  "require-digest": "a digest must be written",
  "deny-tags": "tags that may not run",
  "init-containers": "init containers",
  "ephemeral-containers": "ephemeral containers",
  "image-volumes": "image volumes",
  "pod-template-kinds": "Deployments, CronJobs and the other controllers",
  namespaces: "namespaces by name",
  "namespace-selector": "namespaces by label",
  "exempt-users": "exempt users and groups",
  "break-glass": "break-glass by annotation",
  "enforcement-warn": "`enforcement: warn`",
  "enforcement-audit": "`enforcement: audit`",
  "names-every-image": "a refusal names every violating image",
};

const marks = /^(<!-- (file|run|targets|node-targets)(?:: ([^\n]*))? -->\n).*?(?<=\n)(<!-- end -->)$/gms;

/** Markdown with every marked place filled in. */
function filledIn(text, document) {
  if (/^<!-- (?:file|run|targets|node-targets)/m.test(text.replaceAll(marks, "")))
    throw new Error(`${document}: a mark has no <!-- end -->`);
  return text.replaceAll(marks, (_, start, kind, argument, end) => {
    const content = {
      file: () => fileBlock(join(dirname(document), argument)),
      run: () => runBlock(argument),
      targets: () => targetsTable(targets),
      "node-targets": () => targetsTable(nodeTargets),
    };
    return `${start}${content[kind]()}\n${end}`;
  });
}

function fileBlock(path) {
  return block(extname(path).slice(1), readFileSync(join(root, path), "utf8"));
}

function runBlock(line) {
  const [name, ...words] = line.split(" ");
  if (name !== "registry-policy") throw new Error(`\`${line}\` is no command of registry-policy`);
  const environment = { ...process.env, COLUMNS: "80", NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: root,
    env: environment,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`\`${line}\` ended with exit code ${status}\nhelp: run it and see\n${stderr}`);
  return block("console", `$ ${line}\n${stdout}`);
}

function block(language, text) {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function targetsTable(targets) {
  const notes = [];
  const cell = ({ level, note }) => {
    if (level === "full") return "yes";
    if (!notes.includes(note)) notes.push(note);
    return `${level === "partial" ? "partly" : "no"} (${notes.indexOf(note) + 1})`;
  };
  const rows = features.map((feature) => {
    if (featureTitles[feature] === undefined) throw new Error(`scripts/readme.mjs has no title for \`${feature}\``);
    return row([featureTitles[feature], ...targets.map(({ capabilities }) => cell(capabilities.features[feature]))]);
  });
  const size = ({ capabilities }) => capabilities.maximumObjectBytes.toLocaleString("en");
  return [
    row(["", ...targets.map(({ id }) => `\`${id}\``)]),
    row(["---", ...targets.map(() => "---")]),
    ...rows,
    row(["bytes of one object, at the most", ...targets.map(size)]),
    ...(notes.length > 0 ? ["", ...notes.map((note, index) => `${index + 1}. ${note}`)] : []),
  ].join("\n");
}

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

/** Every document, by its path from the root. */
function documents() {
  const below = (folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      : [];
  const inFolders = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, "README.md"));
  const single = ["README.md", "CONTRIBUTING.md", ...inFolders("packages"), ...inFolders("examples")];
  return [...single.filter((path) => existsSync(join(root, path))), ...below("docs")].sort();
}

function fillInAll(isCheck) {
  for (const document of documents()) {
    const path = join(root, document);
    const text = readFileSync(path, "utf8");
    const filled = filledIn(text, document);
    if (filled === text) continue;
    if (isCheck) {
      process.stdout.write(`stale: ${document}: run \`npm run readme\`\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, filled);
      process.stdout.write(`${document}\n`);
    }
  }
}

try {
  fillInAll(process.argv.includes("--check"));
} catch (error) {
  fail(error);
}
