export * from "./apply.mjs";
export * from "./documents.mjs";
export * from "./start-cluster.mjs";
export * from "./wait-until.mjs";
