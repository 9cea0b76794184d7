import type { DiagnosticCode } from "../diagnostic-codes.js";

/** A file, and the code of the first diagnostic that it gives. */
export interface DiagnosticCase {
  readonly name: string;
  readonly code: DiagnosticCode;
  readonly text: string;
}

const head = "apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\n";
const named = `${head}metadata:\n  name: p\n`;
const withSpec = (spec: string) => `${named}spec:\n${spec}`;
const withImages = (images: string) => withSpec(`  images:\n${images}`);
const allowing = (...patterns: string[]) =>
  withImages(`    allow:\n${patterns.map((text) => `      - ${text}\n`).join("")}`);
const withMetadata = (metadata: string) => `${head}metadata:\n${metadata}spec:\n  images:\n    allow: [x.io]\n`;
const letters = `{${[..."abcdefghij"].join(",")}}`;

const cases: Record<DiagnosticCode, Record<string, string>> = {
  "file-too-large": {
    "a file of more than ten million characters": " ".repeat(10_000_001),
    "a file of more than a million tokens": allowing(`[${"a,".repeat(500_001)}]`),
  },
  "not-text": {
    "a file with a NUL": `${named}\u0000`,
    "a file that is no UTF-8": `${named}# caf\ufffd\n`,
  },
  "empty-file": {
    "a file without a character": "",
    "a file with a byte order mark alone": "\ufeff",
    "a file of comments": "# nothing here\n",
    "a file of empty documents": "---\n---\n",
  },
  "yaml-syntax": {
    "a tab in front of a field": withSpec("\timages: {}\n"),
    "a bracket that is not closed": withImages("    allow: [x.io\n"),
    "a lone star": allowing("*"),
    "braces without quotes": allowing("{a,b}.io"),
    "a colon too many": withSpec("  title: a: b\n"),
    "a key that is an alias": withSpec("  title: &a x\n  *a : b\n"),
    "a key that is a list": withSpec("  ? [a]\n  : b\n"),
    "an anchor twice on one value": withSpec("  title: &a &b x\n"),
  },
  "yaml-version": { "a directive for YAML 1.1": `%YAML 1.1\n---\n${withImages("    require: {digest: yes}\n")}` },
  "yaml-tag": {
    "a binary value": withSpec("  title: !!binary aGk=\n"),
    "a tag of another tool": allowing("!Ref x.io"),
    "a set": withSpec("  match: !!set {a, b}\n"),
  },
  "too-deep": {
    "lists in lists": withSpec(`  images: ${"[".repeat(101)}${"]".repeat(101)}\n`),
    "more lists than the parser's stack holds": withSpec(`  images: ${"[".repeat(50_000)}\n`),
  },
  "too-many-nodes": {
    "aliases of aliases": `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghij"]
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(",")}]\n`)
      .join("")}${head}`,
  },
  "unknown-alias": {
    "a star without quotes": allowing('"*.my.com"', "*.my.com/team"),
    "an alias before its anchor": withSpec("  title: *a\n  description: &a x\n"),
  },
  "cyclic-alias": { "a list that holds itself": withImages("    allow: &a [*a]\n") },
  "duplicate-key": {
    "a list twice": withImages("    allow: [x.io]\n    deny: [y.io]\n    allow: [z.io]\n"),
    "a label twice": withMetadata('  name: p\n  labels: {a: b, "a": c}\n'),
  },
  "control-character": {
    "a bell in a title": withSpec('  title: "a\\x07"\n  images: {allow: [x.io]}\n'),
    "half a pair of surrogates": withSpec('  title: "\\ud800"\n  images: {allow: [x.io]}\n'),
    "a carriage return": withSpec('  title: "a\\rb"\n  images: {allow: [x.io]}\n'),
    "a character that is none": withSpec('  title: "\\uffff"\n  images: {allow: [x.io]}\n'),
    "a next line": withSpec('  title: "\\x85"\n  images: {allow: [x.io]}\n'),
    "a key with an escape": withMetadata('  name: p\n  annotations: {"\\e": x}\n'),
  },
  "foreign-document": {
    "a Deployment": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
    "a file of fixtures": "apiVersion: registry-policy.dev/v1\nkind: Fixtures\ncases: []\n",
    "a list": "- a\n- b\n",
    "a text": "hello\n",
    "a mapping of something else": "a: b\n",
    "a tag in another kind": "apiVersion: v1\nkind: Thing\nspec: !x y\n",
  },
  "unknown-field": {
    "a misspelt field": withImages("    alow: [x.io]\n"),
    "a field of the document": `${withImages("    allow: [x.io]\n")}status: {}\n`,
    "a field of a pattern": allowing("{pattern: x.io, why: ours}"),
    "a field of every object": withSpec("  __proto__: {}\n"),
    "a merge key": withImages("    <<: {allow: [x.io]}\n"),
    "a namespace": withMetadata("  name: p\n  namespace: x\n"),
  },
  "missing-field": {
    "no metadata": `${head}spec: {}\n`,
    "no name": withMetadata("  labels: {a: b}\n"),
    "no API version": "kind: RegistryPolicy\nmetadata: {name: p}\nspec: {images: {allow: [x.io]}}\n",
    "no kind": "apiVersion: registry-policy.dev/v1\nmetadata: {name: p}\nspec: {images: {allow: [x.io]}}\n",
    "no pattern": allowing("{reason: ours}"),
    "no annotation": withSpec("  exempt:\n    breakGlass:\n      value: x\n"),
    "no operator": withSpec("  match: {namespaceSelector: {matchExpressions: [{key: a}]}}\n"),
  },
  "null-value": {
    "nothing after `allow:`": withImages("    allow:\n    deny: [x.io]\n"),
    "a null": withImages("    allow: null\n"),
    "a tilde in a list": withImages("    allow: [~]\n"),
    "nothing after a dash": withImages("    allow:\n      - x.io\n      -\n"),
    "nothing after `spec:`": `${named}spec:\n`,
  },
  "wrong-type": {
    "a tag that is a number": withImages("    denyTags: [1.10]\n"),
    "a tag that is true": withImages("    denyTags: [true]\n"),
    "a list that is a text": withImages("    allow: x.io\n"),
    "a text that is a list": withSpec("  title: [a]\n"),
    "a mapping that is a text": withSpec("  images: x.io\n"),
    "a YAML 1.1 word": withImages("    require: {digest: yes}\n"),
    "true between quotes": withImages('    require: {digest: "true"}\n'),
    "a pattern that is a list": allowing("[x.io]"),
    "a label that is a number": withMetadata("  name: p\n  labels: {a: 1}\n"),
    "a hexadecimal number": withSpec("  title: 0x1F\n"),
    "a number that is none": withSpec("  title: .nan\n"),
  },
  "unknown-value": {
    "a misspelt severity": withSpec("  severity: hihg\n"),
    "another enforcement": withSpec("  enforcement: enforce\n"),
    "another kind": withSpec("  match: {kinds: [Deploymnt]}\n"),
    "another version":
      "apiVersion: registry-policy.dev/v2\nkind: RegistryPolicy\nmetadata: {name: p}\nspec: {images: {allow: [x.io]}}\n",
    "a misspelt kind":
      "apiVersion: registry-policy.dev/v1\nkind: RegistryPolcy\nmetadata: {name: p}\nspec: {images: {allow: [x.io]}}\n",
    "another tag requirement": withImages("    require: {tag: yes}\n"),
    "another operator": withSpec(
      "  match: {namespaceSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}\n",
    ),
  },
  "invalid-value": {
    "a name in upper case": withMetadata("  name: Trusted\n"),
    "a name with a dot": withMetadata("  name: a.b\n"),
    "an empty title": withSpec('  title: ""\n'),
    "an empty pattern": allowing('""'),
    "a label's key with a space": withMetadata('  name: p\n  labels: {"a b": c}\n'),
    "a label's key that is too long": withMetadata(`  name: p\n  labels: {${"a".repeat(64)}: c}\n`),
    "a label's value with a space": withMetadata("  name: p\n  labels: {a: b c}\n"),
    "an annotation's key with two slashes": withMetadata("  name: p\n  annotations: {a/b/c: d}\n"),
    "a break-glass annotation that is no key": withSpec("  exempt: {breakGlass: {annotation: -x}}\n"),
    "a tag that begins with a dash": withImages('    denyTags: ["-x"]\n'),
    "a tag of more than 128 characters": withImages(`    denyTags: [${"x".repeat(129)}]\n`),
    "a selector's key": withSpec("  match: {namespaceSelector: {matchLabels: {_a: b}}}\n"),
    "a selector's value": withSpec(
      "  match: {namespaceSelector: {matchExpressions: [{key: a, operator: In, values: [-]}]}}\n",
    ).replace("[-]", '["-"]'),
  },
  "too-long": {
    "a name of 64 characters": withMetadata(`  name: ${"a".repeat(64)}\n`),
    "a title of 201 characters": withSpec(`  title: ${"a".repeat(201)}\n`),
    "a reason of 1,025 characters": allowing(`{pattern: x.io, reason: ${"a".repeat(1025)}}`),
    "annotations of 256 KiB": withMetadata(
      `  name: p\n  annotations: {a: ${"é".repeat(131_000)}, b: ${"a".repeat(1000)}}\n`,
    ),
  },
  "empty-list": {
    "an allow list without items": withImages("    allow: []\n"),
    "no kinds": withSpec("  match: {kinds: []}\n"),
    "no groups": withSpec("  exempt: {groups: []}\n"),
  },
  "duplicate-name": {
    "two policies of one name": `${allowing("x.io")}---\n${allowing("y.io")}`,
  },
  "invalid-registry": {
    "a default registry without a dot": withImages("    defaultRegistry: mirror\n"),
    "a default registry with a repository": withImages("    defaultRegistry: docker.io/library\n"),
    "a default registry with a wildcard": withImages('    defaultRegistry: "*.docker.io"\n'),
    "a default registry with a bad port": withImages("    defaultRegistry: docker.io:x\n"),
  },
  "pattern-without-registry": {
    "a short name": allowing("nginx"),
    "a short name with a tag": allowing("redis:7"),
    "a pattern that is denied": withImages("    deny:\n      - pattern: acme/app\n        reason: old\n"),
  },
  "invalid-pattern": {
    "a tag in the place of a port": allowing("ghcr.io:v1"),
    "a URL": allowing("https://ghcr.io/x"),
    "a repository in upper case": allowing("ghcr.io/Acme"),
    "a slash at the end": allowing("ghcr.io/acme/"),
    "a template": allowing('"ghcr.io/{{ request.object.metadata.name }}"').replace("{{", "%").replace("}}", "%"),
  },
  "misplaced-double-star": {
    "two stars after a letter": allowing("ghcr.io/a**"),
    "two stars in a tag": withImages('    denyTags: ["v**"]\n'),
  },
  "pattern-matches-nothing": {
    "a wildcard registry in upper case": allowing('"*.Example.com"'),
    "a component that begins with a dash": allowing('"ghcr.io/-*"'),
    "a digest of another algorithm": allowing('"ghcr.io/x@md5:*"'),
  },
  "pattern-too-long": { "a pattern of 513 characters": allowing(`ghcr.io/${"a".repeat(505)}`) },
  "invalid-braces": {
    "one alternative": allowing('"ghcr.io/{a}"'),
    "a template of another language": allowing('"ghcr.io/{{ name }}"'),
  },
  "too-many-alternatives": { "four groups of ten": allowing(`"ghcr.io/${letters.repeat(4)}"`) },
  "too-many-patterns": {
    "a hundred and one patterns of a thousand": allowing(...Array(101).fill(`"ghcr.io/${letters.repeat(3)}"`)),
  },
  "invalid-glob": {
    "a star in the middle of a namespace": withSpec("  match: {namespaces: [a*b]}\n"),
    "a namespace in upper case": withSpec("  match: {excludeNamespaces: [Team]}\n"),
    "a namespace that ends with a dash": withSpec('  match: {namespaces: ["*-"]}\n'),
    "two stars in a user": withSpec('  exempt: {users: ["**"]}\n'),
    "a star in the middle of a break-glass value": withSpec("  exempt: {breakGlass: {annotation: a, value: a*b}}\n"),
  },
  "invalid-selector": {
    "In without values": withSpec("  match: {namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}\n"),
    "Exists with values": withSpec(
      "  match: {namespaceSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}\n",
    ),
  },
  "policy-without-rules": {
    "no images": withSpec("  title: x\n"),
    "no rules for images": withImages("    defaultRegistry: quay.io\n    require: {digest: false}\n"),
  },
  "exempts-controllers": {
    "the accounts of kube-system": withImages("    allow: [x.io]\n").concat(
      '  exempt:\n    users: ["system:serviceaccount:kube-system:*"]\n',
    ),
    everybody: withImages("    allow: [x.io]\n").concat('  exempt: {users: ["*"]}\n'),
    "one controller": withImages("    allow: [x.io]\n").concat(
      "  exempt: {users: [system:serviceaccount:kube-system:replicaset-controller]}\n",
    ),
    "every service account, as a group": withImages("    allow: [x.io]\n").concat(
      "  exempt: {groups: [system:serviceaccounts]}\n",
    ),
  },
  "tag-without-digest": {
    "a tag": allowing("ghcr.io/x/y:v1"),
    "a tag with a wildcard": allowing('{pattern: "ghcr.io/x/{y,z}:v*", reason: ours}'),
  },
  "too-many-diagnostics": {},
};

/** Every diagnostic, by what gives it. */
export const diagnosticCases: readonly DiagnosticCase[] = Object.entries(cases).flatMap(([code, texts]) =>
  Object.entries(texts).map(([name, text]) => ({ name, code: code as DiagnosticCode, text })),
);
