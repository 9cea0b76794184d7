import type { Artifact } from "@registry-policy/compiler";
import type { FixtureCase } from "../fixtures/fixture.js";

/** One target's tests of one policy, by paths below their own folder. */
export interface PolicyTests {
  readonly artifacts: readonly Artifact[];
  readonly written: readonly { readonly id: string; readonly fixture: FixtureCase }[];
  readonly leftOut: readonly { readonly fixture: FixtureCase; readonly why: string }[];
}
