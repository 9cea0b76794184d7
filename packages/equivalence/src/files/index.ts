// What reads files and judges nothing: a program that only reads policies need not load the engines.
export * from "./assign-fixtures.js";
export * from "./discover.js";
export * from "./input-error.js";
export * from "./list-files.js";
export * from "./read-text.js";
