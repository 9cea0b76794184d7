export * from "./compare-sides.js";
export type { ComparedFile } from "./compared-documents.js";
export * from "./compared-side.js";
export type { Difference } from "./difference.js";
export * from "./emitted-side.js";
export * from "./judge-side.js";
export type { Direction } from "./judged-scenes.js";
export { ordinaryUser } from "./scene.js";
