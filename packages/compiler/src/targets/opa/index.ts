import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit, emitShared } from "./emit.js";

/** OPA: a WebAssembly bundle, and the same Rego and data as files for an OPA with kube-mgmt or behind a webhook. */
export const opa: Target = { id: "opa", title: "OPA", capabilities, emit, emitShared };
