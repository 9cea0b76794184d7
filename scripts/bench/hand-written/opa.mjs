import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWasm } from "../../../packages/engines/dist/index.js";
import { hostBinary } from "../../setup.mjs";

const rego = `package kubernetes.admission

decision := {"violations": [msg |
	image := images[_]
	not listed(image)
	msg := concat(" ", ["unknown registry:", image])
]}

images contains image if image := input.request.object.spec.containers[_].image
images contains image if image := input.request.object.spec.initContainers[_].image
images contains image if image := input.request.object.spec.ephemeralContainers[_].image

listed(image) if {
	some prefix in data.repos
	startswith(image, prefix)
}
`;

/** Rego as people write it, `startswith` over a list, compiled to wasm by the host as ours is. */
export function wasmByHand() {
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-bench-"));
  try {
    const source = join(folder, "policy.rego");
    const out = join(folder, "policy.wasm");
    writeFileSync(source, rego);
    execFileSync(hostBinary, ["build-wasm", "--entrypoint", "kubernetes/admission/decision", "--out", out, source]);
    const wasm = readFileSync(out);
    return (names) => openWasm({ wasm, data: { repos: names.map((name) => `${name}/`) } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
