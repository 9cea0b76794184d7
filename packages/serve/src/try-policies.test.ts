import test from "ava";
import { sourceOf, trusted } from "./policies.test.data.js";
import { ServeError } from "./policy-source.js";
import { policyTrial } from "./try-policies.js";

/** A module of WebAssembly with a function that is run when it is taken into use. */
function wasmThatRuns(...instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0x00, ...instructions, 0x0b];
  const code = [0x01, body.length, ...body];
  const [type, functions, start] = [[0x01, 0x60, 0x00, 0x00], [0x01, 0x00], [0x00]];
  const sections = Object.entries({ 1: type, 3: functions, 8: start, 10: code });
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return Uint8Array.from([...header, ...sections.flatMap(([id, bytes]) => [Number(id), bytes.length, ...bytes])]);
}

const endless = [0x03, 0x40, 0x0c, 0x00, 0x0b];
const unreachable = [0x00];

test("policies that can be served are let through", async (t) => {
  await t.notThrowsAsync(policyTrial()([sourceOf(trusted), sourceOf(trusted, "another")]));
});

test("wasm that does not end is given up, holds up nobody, and is forgotten with the next policies", async (t) => {
  const tryPolicies = policyTrial(2_000);
  const looping = { ...sourceOf(trusted), wasm: wasmThatRuns(...endless) };
  const said = await t.throwsAsync(() => tryPolicies([looping]), { instanceOf: ServeError });
  t.is(said?.message, "of the policies `trusted`, one does not say in 2 s what it judges");
  await t.notThrowsAsync(tryPolicies([sourceOf(trusted)]));
});

test("wasm that traps, and two policies of one name, are refused in words, and the next ones tried", async (t) => {
  const tryPolicies = policyTrial();
  const trapping = { ...sourceOf(trusted), wasm: wasmThatRuns(...unreachable) };
  const said = await t.throwsAsync(() => tryPolicies([trapping]), { instanceOf: ServeError });
  t.is(said?.message, "the policy `trusted` of `policy.yaml` cannot be served: unreachable");
  await t.throwsAsync(() => tryPolicies([sourceOf(trusted), sourceOf(trusted)]), { message: /two policies `trusted`/ });
  await t.notThrowsAsync(tryPolicies([sourceOf(trusted)]));
});
