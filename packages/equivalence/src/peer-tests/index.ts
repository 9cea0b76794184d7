export * from "./peer-tests.js";
