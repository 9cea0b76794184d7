export type { Artifact, Capabilities, Emission, Feature, Support, Target } from "./target.js";
export { features } from "./target.js";
export type { Templates } from "./templates.js";
