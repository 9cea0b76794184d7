export * from "./fuzz.js";
export * from "./image-arbitrary.js";
export * from "./keep-counterexample.js";
export * from "./pattern-arbitrary.js";
export * from "./policy-arbitrary.js";
export * from "./request-arbitrary.js";
export * from "./shrink.js";
