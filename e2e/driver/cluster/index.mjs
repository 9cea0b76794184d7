export * from "./apply.mjs";
export * from "./documents.mjs";
export * from "./free-ports.mjs";
export * from "./start-api-server.mjs";
export * from "./start-cluster.mjs";
export * from "./wait-until.mjs";
