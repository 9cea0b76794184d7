import type { Diagnostic } from "./diagnostic.js";
import { defaultKinds, kindNames } from "./kinds.js";
import { maximumAnnotationBytes } from "./kubernetes-names.js";
import { parsePatterns } from "./parse-pattern.js";
import type { PatternList } from "./pattern.js";
import { isTagGlob } from "./pattern-parts.js";
import type { ImageRules, LabelSelector, Match, PatternEntry, Policy, TagEntry } from "./policy.js";
import type { RawPolicy } from "./policy-schema.js";
import { quote } from "./quote.js";
import { parseRegistry, printRegistry, readsAsRegistry } from "./registry.js";
import { diagnosticIn, type Path, placeIn, type SourceDocument } from "./source-document.js";
import { isProblem, type TextProblem } from "./text-problem.js";

/** The patterns that a policy may stand for, all braces written out. */
const maximumPatterns = 100_000;

/**
 * Makes a policy of a document that the schema accepts, every default filled in.
 *
 * @returns the policy, and what is wrong that a schema cannot say; with an error among it, the policy is not to be used.
 */
export function buildPolicy(document: SourceDocument, raw: RawPolicy): { policy: Policy; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (path: Path, problem: TextProblem) => {
    diagnostics.push(diagnosticIn(document, path, problem));
  };
  const { metadata, spec } = raw;
  const { title, description, category, severity } = spec;
  checkAnnotationSize(metadata.annotations ?? {}, report);
  const breakGlass = spec.exempt?.breakGlass;
  const policy: Policy = {
    name: metadata.name,
    labels: { ...metadata.labels },
    annotations: { ...metadata.annotations },
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
    ...(severity !== undefined && { severity }),
    enforcement: spec.enforcement ?? "deny",
    match: buildMatch(spec.match ?? {}, report),
    images: buildImages(spec.images ?? {}, document, report),
    exempt: {
      users: spec.exempt?.users ?? [],
      groups: spec.exempt?.groups ?? [],
      ...(breakGlass !== undefined && { breakGlass }),
    },
    place: placeIn(document, ["metadata", "name"]),
  };
  return { policy, diagnostics };
}

type Report = (path: Path, problem: TextProblem) => void;
type RawSpec = RawPolicy["spec"];

function buildMatch(raw: NonNullable<RawSpec["match"]>, report: Report): Match {
  const { kinds = defaultKinds, namespaces = [], excludeNamespaces = [], namespaceSelector } = raw;
  for (const [list, globs] of Object.entries({ namespaces, excludeNamespaces })) {
    for (const [index, glob] of globs.entries()) {
      if (!isNamespaceGlob(glob)) report(["spec", "match", list, index], unmatchedNamespace(glob));
    }
  }
  checkSelector(namespaceSelector ?? {}, report);
  return {
    kinds: kindNames.filter((kind) => kinds.includes(kind)),
    namespaces,
    excludeNamespaces,
    ...(namespaceSelector !== undefined && { namespaceSelector }),
  };
}

/** Whether any namespace can match. A sign can stand for one letter if it must stand for something. */
function isNamespaceGlob(glob: string): boolean {
  const shortest = glob.replaceAll("*", "");
  return shortest.length <= 63 && !/^-|-$/.test(glob) && (shortest !== "" || glob === "*");
}

function unmatchedNamespace(glob: string): TextProblem {
  return {
    code: "invalid-glob",
    message: `no namespace can match ${quote(glob)}`,
    help: "a namespace has at most 63 characters, the first and the last a letter or a digit",
  };
}

function checkSelector({ matchExpressions = [] }: LabelSelector, report: Report): void {
  for (const [index, { operator, values }] of matchExpressions.entries()) {
    const needsValues = operator === "In" || operator === "NotIn";
    if (needsValues === (values !== undefined)) continue;
    report(["spec", "match", "namespaceSelector", "matchExpressions", index], {
      code: "invalid-selector",
      message: `the operator \`${operator}\` ${needsValues ? "needs `values`" : "has no `values`"}`,
      help: needsValues ? "add `values:` with at least one value" : "remove `values`, or write `In` or `NotIn`",
    });
  }
}

function buildImages(raw: NonNullable<RawSpec["images"]>, document: SourceDocument, report: Report): ImageRules {
  let count = 0;
  const entries = (list: PatternList): PatternEntry[] => {
    const built: PatternEntry[] = [];
    for (const [index, item] of (raw[list] ?? []).entries()) {
      const path = ["spec", "images", list, index];
      const { pattern: text, reason } = typeof item === "string" ? { pattern: item, reason: undefined } : item;
      const textPath = typeof item === "string" ? path : [...path, "pattern"];
      const parsed = parsePatterns(text, list);
      if (isProblem(parsed)) {
        report(textPath, parsed.problem);
        continue;
      }
      count += parsed.patterns.length;
      if (count > maximumPatterns) {
        const message = `with ${quote(text)} the policy stands for more than ${maximumPatterns} patterns`;
        report(textPath, { code: "too-many-patterns", message, help: "use `*` in the place of some alternatives" });
        break;
      }
      built.push({
        text,
        ...(reason !== undefined && { reason }),
        place: placeIn(document, textPath),
        patterns: parsed.patterns,
      });
    }
    return built;
  };
  const { require = {} } = raw;
  const deny = entries("deny");
  return {
    defaultRegistry: buildDefaultRegistry(raw.defaultRegistry ?? "docker.io", report),
    ...(raw.allow !== undefined && { allow: entries("allow") }),
    deny,
    require: {
      explicitRegistry: require.registry === "explicit",
      explicitTag: require.tag === "explicit",
      digest: require.digest ?? false,
    },
    denyTags: (raw.denyTags ?? []).map((text, index) =>
      buildTag(text, ["spec", "images", "denyTags", index], document, report),
    ),
  };
}

function buildTag(text: string, path: Path, document: SourceDocument, report: Report): TagEntry {
  if (text.includes("**")) {
    report(path, {
      code: "misplaced-double-star",
      message: `the tag ${quote(text)} has a \`**\``,
      help: "write one `*`, which stands for any number of characters",
    });
  } else if (!isTagGlob(text)) {
    report(path, {
      code: "invalid-value",
      message: `no tag can be ${quote(text)}`,
      help: "a tag has at most 128 characters, the first no `.` or `-`",
    });
  }
  return { text, place: placeIn(document, path) };
}

function buildDefaultRegistry(text: string, report: Report): string {
  const registry = readsAsRegistry(text) ? parseRegistry(text) : { invalid: "it does not read as a registry" };
  if (!("invalid" in registry)) return printRegistry(registry);
  report(["spec", "images", "defaultRegistry"], {
    code: "invalid-registry",
    message: `${quote(text)} is no registry: ${registry.invalid}`,
    help: "write `host` or `host:port`, such as `docker.io`, `localhost` or `mirror:5000`",
  });
  return text;
}

function checkAnnotationSize(annotations: Readonly<Record<string, string>>, report: Report): void {
  const text = Object.entries(annotations).flat().join("");
  // Bytes of UTF-8, as the API server counts: two for what ASCII does not have, one more outside of the first 2048,
  // and four for a pair of surrogates.
  const bytes =
    text.length +
    (text.match(/[\u0080-\uffff]/g)?.length ?? 0) +
    (text.match(/[\u0800-\ud7ff\ue000-\uffff]/g)?.length ?? 0);
  if (bytes <= maximumAnnotationBytes) return;
  report(["metadata", "annotations"], {
    code: "too-long",
    message: `the annotations have ${bytes} bytes together, more than ${maximumAnnotationBytes}`,
    help: "shorten them: the API server takes no more",
  });
}
