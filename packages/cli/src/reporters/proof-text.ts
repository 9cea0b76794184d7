import { escapeText } from "@registry-policy/language";
import { painter } from "../paint.js";
import { isBroken, type PolicyProof, type PolicyProofs } from "../prove-policies.js";
import { wrapText } from "./wrap-text.js";

/** What a check proved, for a person: nothing where nothing was emitted that can be read back. */
export function proofText(
  { proofs, tested }: PolicyProofs,
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string {
  if (proofs.length === 0) return "";
  const paint = painter(colour);
  const bad = proofs.filter(({ outcome }) => outcome !== "equal");
  const titles = [...new Set(proofs.map(({ title }) => title))];
  const proved = titles.filter((title) => bad.every((proof) => proof.title !== title));
  const assumptions = [
    ...new Set(proofs.filter(({ outcome }) => outcome === "equal").flatMap((proof) => proof.assumptions)),
  ];
  const signed = (sign: string, text: string) =>
    wrapText(escapeText(text), columns - 2).map((line, index) => `${index === 0 ? sign : " "} ${line}`);
  const lines = [
    ...bad.flatMap((proof) => signed(isBroken(proof) ? paint("bad", "✗") : paint("caution", "!"), problem(proof))),
    ...(proved.length === 0
      ? []
      : signed(
          paint("good", "✓"),
          `proved, for every image: what is emitted for ${proved.join(", ")} allows what the policy allows`,
        )),
    ...assumptions.flatMap((assumption) => signed(" ", `assumed: ${assumption}`).map((line) => paint("quiet", line))),
    ...signed(" ", `tested alone: ${[...tested, "which objects, fields and exemptions are judged"].join("; ")}`).map(
      (line) => paint("quiet", line),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function problem(proof: PolicyProof): string {
  const file = `${proof.target}/${proof.file}`;
  if (proof.outcome === "different") {
    return proof.allowedBy === "file"
      ? `\`${file}\` allows \`${proof.image}\`, which the policy refuses`
      : `\`${file}\` refuses \`${proof.image}\`, which the policy allows`;
  }
  if (proof.outcome === "unreadable") return `\`${file}\` cannot be read back: ${proof.problem}`;
  return proof.outcome === "too-large" ? `\`${file}\` is not proved, only tested: ${proof.problem}` : file;
}
