export * from "./compile-policies.js";
export * from "./diagnostic-codes.js";
export { allowScope, scopeText } from "./node/scope.js";
export * from "./resource-text.js";
export * from "./target.js";
export * from "./targets.js";
export * from "./templates.js";
