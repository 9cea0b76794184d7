import type { Diagnostic, Policy } from "@registry-policy/language";
import type { CompilerCode } from "../../diagnostic-codes.js";
import type { Artifact, Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { bundle } from "./bundle.js";
import { capabilities } from "./capabilities.js";
import { kustomization } from "./kustomization.js";
import { policyData } from "./policy-data.js";
import { policyWasm, sha256 } from "./policy-wasm.js";

/** Where the Rego is below the templates' folder. */
export const regoTemplate = "opa/policy.rego";

/** The rule that the wasm is compiled for. */
export const entrypoint = "kubernetes/admission/decision";

/**
 * One policy for OPA: the bundle, and what it is made of for an OPA that loads files or ConfigMaps.
 *
 * @throws where the package was built without its wasm, or a template is missing.
 */
export function emit(policy: Policy, templates: Templates): Emission {
  const rego = templates.source(regoTemplate);
  const { front, rego: compiledFrom } = policyWasm();
  if (hashOfRego(templates) !== compiledFrom) return { artifacts: [], diagnostics: [otherRego(policy)] };

  const data = `${JSON.stringify({ registry_policy: { policies: { [policy.name]: policyData(policy) } } }, null, 2)}\n`;
  return {
    artifacts: [
      {
        path: `${policy.name}/bundle.tar.gz`,
        content: bundle({ front, data, manifest: manifest(policy, data) }),
      },
      { path: `${policy.name}/data.json`, content: data },
      { path: `${policy.name}/policy.rego`, content: rego },
    ],
    diagnostics: sizeWarnings(policy, data),
  };
}

/** The `kustomization.yaml` of the folder; nothing where there is no policy. */
export function emitShared(policies: readonly Policy[]): readonly Artifact[] {
  return policies.length === 0 ? [] : [{ path: "kustomization.yaml", content: kustomization(policies) }];
}

/** What the bundle owns and what it is of. The revision is the policy's own: it changes where the data does. */
function manifest({ name, labels, annotations }: Policy, data: string): string {
  const content = {
    revision: sha256(data).slice(0, 12),
    roots: ["kubernetes/admission", `registry_policy/policies/${name}`],
    wasm: [{ entrypoint, module: "policy.wasm" }],
    metadata: { name, labels, annotations },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** A bundle and a file may be of any size, the ConfigMap of `kustomization.yaml` may not. */
function sizeWarnings({ name, place }: Policy, data: string): Diagnostic[] {
  const bytes = Buffer.byteLength(data);
  if (bytes <= capabilities.maximumObjectBytes) return [];
  return [
    {
      code: "artifact-too-large" satisfies CompilerCode,
      severity: "warning",
      message: `\`${name}/data.json\` has ${bytes} bytes, and a ConfigMap holds at most ${capabilities.maximumObjectBytes}`,
      ...place,
      help: "load the bundle instead of the ConfigMap, or replace patterns by one with a wildcard",
    },
  ];
}

/** Once for all the policies of one run. */
function hashOfRego(templates: Templates): string {
  const hash = hashes.get(templates) ?? sha256(templates.source(regoTemplate));
  hashes.set(templates, hash);
  return hash;
}

const hashes = new WeakMap<Templates, string>();

function otherRego({ place }: Policy): Diagnostic {
  return {
    code: "changed-rego" satisfies CompilerCode,
    severity: "error",
    message: `the template \`${regoTemplate}\` is not the one that \`policy.wasm\` was compiled from`,
    ...place,
    help: "put the shipped template back, or leave the target `opa` out and load your own Rego beside its `data.json`",
  };
}
