import type { Target } from "../../target.js";
import { kyvernoClusterPolicy } from "../kyverno-cluster-policy/index.js";
export const gatekeeper: Target = { ...kyvernoClusterPolicy, id: "gatekeeper" };
