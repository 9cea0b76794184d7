import { type Language, policyLanguages } from "@registry-policy/automata";
import { readBundle } from "@registry-policy/engines";
import { type Pattern, type PatternEntry, parseRegistry, printRegistry } from "@registry-policy/language";
import { tablePatterns } from "./opa-table.js";
import { jsonOf, type ProofReader, type ProvableFile, reading, textOf, Unreadable } from "./proof.js";
import { type Fields, fieldOf, fieldsOf, flagField, textField, textsField } from "./read-fields.js";
import { readingOnce } from "./reading-once.js";

/** The bundle of a policy, and `data.json`, which is for an OPA that reads files beside `policy.rego`. */
export const opaProof: ProofReader = {
  assumptions: [
    "the Rego, and the wasm that it was compiled to, which are the shipped ones to the byte, do what the Rego's rules say",
    "Go's `regexp`, which OPA calls, matches what the syntax of RE2 says",
  ],
  reads: (path) => path.endsWith("/bundle.tar.gz") || path.endsWith("/data.json"),
  allowedImages(file, shipped, emitted) {
    const data = file.path.endsWith(".tar.gz") ? bundleData(file, shipped) : fileData(file, shipped, emitted);
    return allowedBy(JSON.stringify(data));
  },
};

function bundleData(file: ProvableFile, shipped: readonly ProvableFile[]): unknown {
  const original = shipped.find(({ path }) => path === file.path);
  if (original === undefined) throw new Unreadable("there is no shipped bundle to compare it with");
  const { wasm, data } = bundleOf(file);
  const isShipped = file.content === original.content || Buffer.from(wasm).equals(bundleOf(original).wasm);
  if (!isShipped) throw new Unreadable("`policy.wasm` is not the shipped one");
  return data;
}

function bundleOf({ path, content }: ProvableFile): ReturnType<typeof readBundle> {
  return reading("bundle", () => readBundle([{ name: path, content }]));
}

function fileData(file: ProvableFile, shipped: readonly ProvableFile[], emitted: readonly ProvableFile[]): unknown {
  const path = file.path.replace(/data\.json$/, "policy.rego");
  const [rego, original] = [emitted, shipped].map((files) => files.find((candidate) => candidate.path === path));
  if (rego === undefined || original === undefined || textOf(rego) !== textOf(original)) {
    throw new Unreadable("`policy.rego` is not the shipped one");
  }
  return jsonOf(textOf(file));
}

const policyFields = [
  "dataVersion",
  "title",
  "description",
  "category",
  "severity",
  "enforcement",
  "match",
  "images",
  "exempt",
];

/** The data of one policy, read as the Rego reads it; as a text, which the bundle and the file have in common. */
const allowedBy = readingOnce((text): Language => {
  const root = fieldsOf(JSON.parse(text), "data", ["registry_policy"]);
  const policies = fieldsOf(fieldOf(root, "registry_policy"), "registry_policy", ["policies"]);
  const [policy, ...more] = Object.values((fieldOf(policies, "policies") ?? {}) as object) as unknown[];
  if (policy === undefined || more.length > 0) throw new Unreadable("there is not one policy in the data");
  const fields = fieldsOf(policy, "policy", policyFields);
  if (fieldOf(fields, "dataVersion") !== 1) throw new Unreadable("`dataVersion` is not 1");
  const known = ["defaultRegistry", "allow", "deny", "require", "denyTags"];
  const images = fieldsOf(fieldOf(fields, "images"), "images", known);
  const require = fieldsOf(fieldOf(images, "require") ?? {}, "images.require", ["registry", "tag", "digest"]);
  const allow = fieldOf(images, "allow");
  return policyLanguages({
    images: {
      defaultRegistry: defaultRegistry(
        fieldsOf(fieldOf(images, "defaultRegistry"), "defaultRegistry", ["host", "port"]),
      ),
      ...(allow !== undefined && { allow: entry(tablePatterns(allow, "images.allow", "allow")) }),
      deny: entry(tablePatterns(fieldOf(images, "deny"), "images.deny", "deny")),
      require: {
        explicitRegistry: flagField(require, "registry", "explicit"),
        explicitTag: flagField(require, "tag", "explicit"),
        digest: flagField(require, "digest", true),
      },
      denyTags: textsField(images, "denyTags").map((text) => ({ text, place: nowhere })),
    },
  }).allowed;
});

const nowhere = { location: { file: "data.json", line: 1, column: 1 }, length: 1, sourceLine: "" };

function entry(patterns: readonly Pattern[]): PatternEntry[] {
  return patterns.length === 0 ? [] : [{ text: "", place: nowhere, patterns }];
}

/** The Rego takes the default registry as it stands, so it has to stand there normalised. */
function defaultRegistry(fields: Fields): string {
  const [host = "", port = ""] = [textField(fields, "host"), textField(fields, "port")];
  const registry = parseRegistry(port === "" ? host : `${host}:${port}`);
  if ("invalid" in registry || registry.host !== host || (registry.port ?? "") !== port) {
    throw new Unreadable("`defaultRegistry` is no normalised registry");
  }
  return printRegistry(registry);
}
