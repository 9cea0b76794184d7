import { TooLarge } from "@registry-policy/automata";
import { type Diagnostic, escapeText, type Place, type Policy } from "@registry-policy/language";
import { type ProvableFile, Unreadable } from "../proof/proof.js";
import { type Loss, lossesOf } from "./losses.js";
import type { NodePolicy } from "./node-policy.js";
import { nodeReaders } from "./read-node-policy.js";

/** Every code of what is lost on a node, its severity, and what it is about. */
export const nodeCodes = {
  "image-admitted": { severity: "warning", summary: "a node admits an image that the policy refuses" },
  "image-refused": { severity: "warning", summary: "a node refuses an image that the policy allows" },
  "spelling-refused": { severity: "warning", summary: "a node refuses a registry that is spelled otherwise" },
  "more-lost": { severity: "warning", summary: "more is lost on a node than is listed" },
  "loss-unknown": { severity: "warning", summary: "what is lost on a node was not worked out" },
} as const;

type NodeCode = keyof typeof nodeCodes;

/**
 * The codes of what a target for nodes does not say as the policy does. That it refuses a registry which is spelled
 * otherwise, `spelling-refused`, is none of them: no file for a node could do better, and it refuses.
 */
export const lossCodes: readonly string[] = [
  "not-said",
  "image-admitted",
  "image-refused",
  "more-lost",
  "loss-unknown",
];

/**
 * What is lost of a policy's images in the files of a target for nodes: a warning for each cause, with the shortest
 * image.
 *
 * @param target the id of a target for nodes; any other loses nothing.
 * @param emitted what the target made of the policies, by paths that begin with the target's folder.
 */
export function lossDiagnostics(policy: Policy, target: string, emitted: readonly ProvableFile[]): Diagnostic[] {
  const said = (code: NodeCode, message: string, help: string, place: Place = policy.place): Diagnostic => ({
    code,
    severity: nodeCodes[code].severity,
    message,
    ...place,
    help,
  });
  try {
    const node = readNode(policy, target, emitted);
    if (node === undefined) return [];
    const { losses, isComplete } = lossesOf(policy, node);
    const found = losses.map((loss) => said(codeOf(loss), ...sentences(target, loss), loss.pattern?.place));
    if (isComplete) return found;
    const more = `\`${target}\` loses more of the policy \`${policy.name}\` than is listed`;
    return [...found, said("more-lost", more, "split the policy, or say less in it")];
  } catch (error) {
    if (!(error instanceof TooLarge || error instanceof Unreadable)) throw error;
    const message = `what \`${target}\` loses of the policy \`${policy.name}\` was not worked out: ${error.message}`;
    return [said("loss-unknown", message, "split the policy in two")];
  }
}

/** What a node was told for one policy; `undefined` where nothing was emitted for it. Throws Unreadable. */
export function readNode(policy: Policy, target: string, emitted: readonly ProvableFile[]): NodePolicy | undefined {
  const starts = [`${target}/${policy.name}/`, `${target}/${policy.name}.image.yaml`];
  const files = emitted.filter(({ path }) => starts.some((start) => path.startsWith(start)));
  return files.length === 0 ? undefined : nodeReaders[target]?.(files);
}

function codeOf({ direction, isSpelling }: Loss): NodeCode {
  if (direction === "admits") return "image-admitted";
  return isSpelling ? "spelling-refused" : "image-refused";
}

function sentences(target: string, { direction, image, judgement, pattern, isSpelling }: Loss): [string, string] {
  const shown = escapeText(image.length > 100 ? `${image.slice(0, 99)}…` : image);
  const from = pattern === undefined ? "" : ` by \`${escapeText(pattern.text)}\``;
  if (direction === "refuses") {
    const message = `\`${target}\` refuses \`${shown}\`, which the policy allows${from}`;
    return isSpelling
      ? [
          `${message}, as its registry is spelled otherwise`,
          "write registries in lower case and without port 443 in manifests",
        ]
      : [
          message,
          "allow a registry, a repository or all below a name, or leave it to a target that judges admission requests",
        ];
  }
  const reason = judgement.verdict === "violation" ? judgement.reason : "";
  const tag = judgement.verdict === "violation" && judgement.tag ? ` by \`${escapeText(judgement.tag.text)}\`` : "";
  const scope =
    pattern === undefined || reason === "denied" ? from : `: it is in the scope of \`${escapeText(pattern.text)}\``;
  const spelling = isSpelling ? ", and its registry is spelled otherwise" : "";
  return [
    `\`${target}\` admits \`${shown}\`, which the policy refuses (${reason}${tag})${scope}${spelling}`,
    "leave this to a target that judges admission requests",
  ];
}
