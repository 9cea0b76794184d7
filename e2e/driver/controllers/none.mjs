import { readFileSync } from "node:fs";
import { jsonLines } from "./json-lines.mjs";

const failure = "validation.policy.admission.k8s.io/validation_failure";

/** What the API server enforces by itself needs no controller. */
export const none = { title: "nothing more", binaries: [], start: async () => {}, recorded };

/** The names of the objects of which the API server's audit log says that they violate a policy. */
async function recorded({ auditLog }, policy) {
  const events = jsonLines(readFileSync(auditLog, "utf8"));
  const violations = events.filter(({ annotations }) => {
    const found = annotations?.[failure];
    return found !== undefined && JSON.parse(found).some((entry) => entry.policy === policy);
  });
  return new Set(violations.map(({ objectRef }) => objectRef.name));
}
