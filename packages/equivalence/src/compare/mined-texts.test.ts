import test from "ava";
import { comparedSide } from "./compared-side.js";
import { mineTexts } from "./mined-texts.js";
import { samplingOf } from "./sampling.js";

const names = Array.from({ length: 1_000 }, (_, index) => `registry-${index}.my.com/team`);

function clusterPolicy(names: readonly string[]) {
  const image = names.map((name) => `${name}/*`).join(" | ");
  const text = `kind: ClusterPolicy\nspec: {rules: [{validate: {pattern: {spec: {containers: [{image: "${image}"}]}}}}]}\n`;
  return comparedSide([{ path: "a.yaml", text }]);
}

test("of long lists the names are told that one side alone has", (t) => {
  const left = clusterPolicy(names);
  const right = clusterPolicy(names.filter((_, index) => index !== 700));
  const { stems, stemsFound } = mineTexts([left, right], samplingOf([left, right]));
  t.true(stemsFound >= 1_000 && stemsFound < 1_010, String(stemsFound));
  t.true(stems.includes("registry-700.my.com/team"));
  t.true(stems.includes("registry-0.my.com/team"));
  t.true(stems.length < 100);
  const other = clusterPolicy(["ghcr.io"]);
  t.true(mineTexts([left, other], samplingOf([left, other])).stems.length > 100);
});
