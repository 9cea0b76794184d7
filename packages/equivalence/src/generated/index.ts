export * from "./extent.js";
export * from "./generated-requests.js";
export * from "./kept-fixture.js";
