import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { type Policy, parsePolicies } from "@registry-policy/language";
import type { ProvableFile } from "./proof.js";

const examples = fileURLToPath(new URL("../../../../examples", import.meta.url));

/** The policies of the examples, in the order of their folders. */
export function examplePolicies(): Policy[] {
  return readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(examples, name))
        .filter((file) => file.endsWith(".yaml"))
        .flatMap((file) => {
          const text = readFileSync(join(examples, name, file), "utf8");
          return parsePolicies({ text, file: `${name}/${file}`, foreign: "ignore" }).policies;
        }),
    );
}

/** A policy of the given images; throws if it has an error. */
export function policyOf(images: object): Policy {
  const text = JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "p" },
    spec: { images },
  });
  const { policies, diagnostics } = parsePolicies({ text, file: "p" });
  const [policy] = policies;
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}

/** What a target emits for a policy, by paths below the target's folder. */
export function emittedFor(policy: Policy, target: string): ProvableFile[] {
  const found = targetById(target);
  if (found === undefined) throw new Error(`there is no target \`${target}\``);
  const { artifacts } = compilePolicies([policy], { targets: [found], templates: loadTemplates() });
  return artifacts.map(({ path, content }) => ({ path: path.slice(target.length + 1), content }));
}
