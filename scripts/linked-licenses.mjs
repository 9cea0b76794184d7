import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const licenseNames = /^(?:li[cs]en[cs]es?|copying|notice|patents|unlicense)(?:[.-].*)?$/i;

/**
 * The licenses and notices of what Go links into a program, as most of them ask of whoever hands it on.
 *
 * @param {string} folder of the program.
 * @param {Record<string, string>} environment GOOS and GOARCH, where it is for another platform.
 * @returns {string} one text, a part for Go itself and for each module in the order of their names. Of a module that
 *   comes without a license it says so: some of those that Kyverno links do.
 */
export function linkedLicenses(folder, environment = {}) {
  const go = (...words) =>
    execFileSync("go", words, {
      cwd: folder,
      env: { ...process.env, ...environment },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    }).trim();
  const template = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}";
  const modules = new Set(go("list", "-deps", "-f", template, ".").split("\n").filter(Boolean));
  const all = [
    ["Go", go("env", "GOVERSION"), go("env", "GOROOT")],
    ...[...modules].sort().map((line) => line.split("\t")),
  ];
  return all.map(([path, version, source]) => part(path, version, source)).join("\n");
}

function part(path, version, source) {
  const names = readdirSync(source).filter((name) => licenseNames.test(name));
  const texts = names.sort().map((name) => readFileSync(join(source, name), "utf8").trimEnd());
  const text = texts.length === 0 ? "The module comes without a license file." : texts.join("\n\n");
  return `${"=".repeat(80)}\n${path} ${version}\n${"=".repeat(80)}\n\n${text}\n`;
}
