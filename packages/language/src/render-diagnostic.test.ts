import test from "ava";
import type { Diagnostic } from "./diagnostic.js";
import { renderDiagnostic } from "./render-diagnostic.js";

const diagnostic: Diagnostic = {
  code: "unknown-field",
  severity: "error",
  message: "`spec.images` has no field `alow`",
  location: { file: "policy.yaml", line: 9, column: 5 },
  length: 4,
  sourceLine: "    alow: [x.io]",
  help: "write `allow`",
};

/** The caret line, and what stands above it. */
function marked(changes: Partial<Diagnostic>): string {
  const [, , , line = "", carets = ""] = renderDiagnostic({ ...diagnostic, ...changes }).split("\n");
  return line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1);
}

test("a diagnostic is six lines", (t) => {
  t.is(
    renderDiagnostic(diagnostic),
    `error[unknown-field]: \`spec.images\` has no field \`alow\`
 --> policy.yaml:9:5
  |
9 |     alow: [x.io]
  |     ^^^^
help: write \`allow\``,
  );
});

test("colours are written only on request", (t) => {
  t.false(renderDiagnostic(diagnostic).includes("\u001b"));
  const coloured = renderDiagnostic(diagnostic, { colour: true });
  t.true(coloured.includes("\u001b[1;31merror[unknown-field]\u001b[0m"));
  t.is(coloured.replace(/\u001b\[[0-9;]*m/g, ""), renderDiagnostic(diagnostic));
});

test("nothing that a user wrote acts on the terminal", (t) => {
  const hostile = "\u001b[2J\u0007\r\n\u202e\u200b\ud800\u009b";
  const rendered = renderDiagnostic({
    ...diagnostic,
    message: hostile,
    help: hostile,
    sourceLine: hostile,
    location: { file: hostile, line: 1, column: 1 },
  });
  t.is(rendered.split("\n").length, 6);
  t.notRegex(rendered, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b\ud800]/);
});

test("the caret stands under the place, whatever stands in front of it", (t) => {
  t.is(marked({}), "alow");
  t.is(marked({ sourceLine: "\t\u0001\talow", location: { ...diagnostic.location, column: 4 } }), "alow");
  t.is(
    marked({
      sourceLine: `${"x".repeat(1000)}alow${"y".repeat(1000)}`,
      location: { ...diagnostic.location, column: 1001 },
    }),
    "alow",
  );
  t.is(
    marked({ sourceLine: `${"\u0001".repeat(1000)}alow`, location: { ...diagnostic.location, column: 1001 } }),
    "alow",
  );
  t.is(marked({ sourceLine: `alow${"y".repeat(1000)}`, location: { ...diagnostic.location, column: 1 } }), "alow");
});

test("a long line is cut to what is around the place", (t) => {
  const rendered = renderDiagnostic({
    ...diagnostic,
    sourceLine: "x".repeat(10_000_000),
    location: { ...diagnostic.location, column: 5_000_000 },
    length: 5_000_000,
  });
  t.true(rendered.length < 1000);
  t.true(rendered.includes("…x"));
  t.true(rendered.includes("x…"));
});

test("a place past the end of its line still has a caret", (t) => {
  const rendered = renderDiagnostic({
    ...diagnostic,
    sourceLine: "",
    location: { ...diagnostic.location, column: 40 },
  });
  t.is(rendered.split("\n")[4], "  | ^");
});
