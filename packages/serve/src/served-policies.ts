import { createHash } from "node:crypto";
import { type CompiledWasm, compileWasm, type OpenWasm, openWasm, readDecision } from "@registry-policy/engines";
import type { AdmissionRequest } from "@registry-policy/language";
import { appliesTo } from "./applies-to.js";
import { judgedPart } from "./judged-part.js";
import type { Judgement } from "./judgement.js";
import { type PolicySource, ServeError } from "./policy-source.js";
import { type PolicyFacts, readPolicyData } from "./read-policy-data.js";
import { rememberJudgements } from "./remember-judgements.js";

/** Policies that are served together. They are exchanged as a whole: a request is judged by one set. */
export interface ServedPolicies {
  readonly names: readonly string[];
  /**
   * Judges a request.
   *
   * @param name of the one policy that is asked; without it, all are.
   * @param isLate asked before each policy; once it says yes, the rest could not decide.
   * @returns what each policy says to which the request may matter.
   * @throws TooManyImages
   */
  judge(request: AdmissionRequest, name: string | undefined, isLate: () => boolean): readonly Judgement[];
}

interface OpenPolicy {
  readonly facts: PolicyFacts;
  /** Takes the text of the wasm's input. */
  readonly judge: (input: string) => Judgement;
}

/** Wasm by its hash: a reload that brings the same is not made to wait for a compiler. */
const compiled = new Map<string, CompiledWasm>();

/** How many are kept. */
const compiledKept = 16;

/**
 * Makes policies ready to be asked, and asks each once.
 *
 * @param openOne makes an instance of a policy's wasm.
 * @throws ServeError if one of them is of no use, or two have one name.
 */
export function openPolicies(sources: readonly PolicySource[], openOne = openWasm): ServedPolicies {
  const byName = new Map<string, OpenPolicy>();
  for (const source of sources) {
    if (byName.has(source.name)) {
      throw new ServeError(`there are two policies \`${source.name}\``, "rename one of them, or name its file once");
    }
    byName.set(source.name, open(source, openOne));
  }
  const all = [...byName.values()];
  if (all.length === 0) throw new ServeError("there is no policy to serve", "name a policy or a bundle");
  const partOf = judgedPart({
    annotations: [...new Set(all.flatMap(({ facts }) => facts.breakGlassAnnotation ?? []))],
    users: all.some(({ facts }) => facts.exemptsUsers),
  });

  return {
    names: [...byName.keys()],
    judge(request, name, isLate) {
      const asked = name === undefined ? all : [byName.get(name)].filter((policy) => policy !== undefined);
      const judging = asked.filter(({ facts }) => appliesTo(facts, request));
      if (judging.length === 0) return [];
      const input = JSON.stringify(partOf(request));
      return judging.map(({ facts, judge }) =>
        isLate() ? failed(facts.name, "the request was not judged before its deadline") : judge(input),
      );
    },
  };
}

function open({ name, origin, wasm: bytes, data }: PolicySource, openOne: typeof openWasm): OpenPolicy {
  try {
    const facts = readPolicyData(data);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const module = compiled.get(hash) ?? compileWasm(bytes);
    const wasm = openOne({ wasm: bytes, data }, module);
    const judge = (input: string) => judgeBy(facts.name, wasm, input);
    const { verdict, error } = judge(JSON.stringify(probe));
    if (verdict !== "out-of-scope") throw new Error(error ?? `it says \`${verdict}\` of a DELETE`);
    remember(hash, module);
    return { facts, judge: rememberJudgements(judge) };
  } catch (error) {
    throw new ServeError(
      `the policy \`${name}\` of \`${origin}\` cannot be served: ${(error as Error).message}`,
      "serve a policy, or the `bundle.tar.gz` that `registry-policy generate` writes for the target `opa`",
    );
  }
}

/** No policy judges it, and every one has to be able to say so. */
const probe = { request: { operation: "DELETE", kind: { group: "", kind: "Pod" }, namespace: "", userInfo: {} } };

function remember(hash: string, module: CompiledWasm): void {
  compiled.delete(hash);
  compiled.set(hash, module);
  const [oldest] = compiled.keys();
  if (compiled.size > compiledKept && oldest !== undefined) compiled.delete(oldest);
}

function judgeBy(name: string, wasm: OpenWasm, input: string): Judgement {
  let results: unknown;
  try {
    results = wasm.evaluate(input);
  } catch (error) {
    return failed(name, `OPA stopped: ${(error as Error).message}`);
  }
  const decision = readDecision(results);
  if ("error" in decision) return failed(name, decision.error);
  const { scope, enforcement, violations } = decision;
  if (!scope) return { policy: name, verdict: "out-of-scope", violations };
  return { policy: name, verdict: violations.length === 0 ? "allow" : enforcement, violations };
}

function failed(policy: string, error: string): Judgement {
  return { policy, verdict: "error", violations: [], error };
}
