export * from "./compile-policies.js";
export * from "./target.js";
export * from "./targets.js";
export * from "./templates.js";
