export { admitsImage } from "./admits-image.js";
export { checkNode, type NodeCheck, type NodeDisagreement } from "./check-nodes.js";
export { lossCodes, lossDiagnostics, nodeCodes, readNode } from "./loss-diagnostics.js";
export { type Loss, type Losses, lossesOf } from "./losses.js";
export type { NodePolicy } from "./node-policy.js";
