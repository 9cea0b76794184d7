import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evaluate, readDocuments } from "@registry-policy/language";
import { stringify } from "yaml";
import { parseFixtures } from "../fixtures/parse-fixtures.js";
import { type FuzzDisagreement, reviewOf } from "./fuzz.js";
import { readRaw } from "./policy-arbitrary.js";

/**
 * Keeps a disagreement as a policy and a fixture, which expects what the reference evaluator says.
 *
 * @param directory of the counterexamples; a folder `name` is made in it.
 * @throws Error if the fixture does not read back as the same request.
 */
export async function keepCounterexample(found: FuzzDisagreement, directory: string, name: string): Promise<string> {
  const read = readRaw(found.raw);
  if (read === undefined) throw new Error("the policy of the disagreement is none");
  const review = reviewOf(found.parts);
  const { verdict, violations } = evaluate(read.policy, review);
  const isViolation = verdict !== "allow" && verdict !== "out-of-scope";
  const fixtures = {
    apiVersion: "registry-policy.dev/v1",
    kind: "Fixtures",
    cases: [
      {
        name: `${found.engine} ${found.sentences[0]}`.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200),
        ...found.parts,
        expect: isViolation ? { verdict: "deny", images: violations } : verdict,
      },
    ],
  };
  const text = toYaml(fixtures);
  const [document] = readDocuments({ text, file: "fixtures.yaml" }).documents;
  const [again] = (document && parseFixtures(document).set?.cases) ?? [];
  if (JSON.stringify(again?.review) !== JSON.stringify(review))
    throw new Error(`the fixture reads otherwise:\n${text}`);

  const folder = join(directory, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "policy.yaml"), toYaml(found.raw));
  await writeFile(join(folder, "fixtures.yaml"), text);
  return folder;
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, compat: "yaml-1.1", aliasDuplicateObjects: false });
}
