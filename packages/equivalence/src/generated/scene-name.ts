import { createHash } from "node:crypto";
import type { AskedScene } from "../compare/scene.js";

/**
 * What a generated request is called: the image, and in what the request differs from the creation of a Pod with that
 * one container. It says the same of the same request whatever else is generated, and is one word of a shell's.
 */
export function sceneName(scene: AskedScene): string {
  const { image, place, kind, operation, arrangement, companion, namespace, user, annotation } = scene;
  const labels = Object.entries(namespace.labels).map(([key, value]) => `+${key}=${value}`);
  const differences = [
    ...(place === "containers" ? [] : [place]),
    ...(kind === "Pod" ? [] : [kind]),
    ...(operation === "CREATE" ? [] : [operation]),
    ...(arrangement === "alone" ? [] : [arrangement]),
    ...(companion === "nothing" ? [] : [`with ${companion}`]),
    ...(namespace.name === "default" && labels.length === 0 ? [] : [`in ${namespace.name}${labels.join("")}`]),
    ...(user === "" ? [] : [user.startsWith("group:") ? `by ${user}` : `by user:${user}`]),
    ...(annotation === "" ? [] : [annotation]),
  ];
  return `generated/${[imageName(image.value), ...othersName(image.others), ...differences.map((one) => asWord(one.replaceAll(" ", "-")))].join(",")}`;
}

function imageName(value: unknown): string {
  if (typeof value !== "string") return value === undefined ? "no-image" : `${JSON.stringify(value)}-image`;
  return value === "" ? "empty-image" : asWord(value);
}

/** The images behind the first one, by how many they are and what tells them from any others. */
function othersName(others: readonly unknown[] = []): string[] {
  if (others.length === 0) return [];
  const digest = createHash("sha256").update(JSON.stringify(others)).digest("hex");
  return [`and-${others.length}-more-${digest.slice(0, 8)}`];
}

/** What means something to a shell becomes `%` and its number; long runs are cut short. */
function asWord(text: string): string {
  return text
    .replaceAll(/[A-Za-z0-9]{24,}/g, (run) => `${run.slice(0, 4)}..${run.slice(-4)}-${run.length}`)
    .replaceAll(/[^A-Za-z0-9._/:@+=-]/gu, (one) => `%${(one.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`);
}
