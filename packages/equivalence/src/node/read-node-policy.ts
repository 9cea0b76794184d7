import { parse as parseToml } from "smol-toml";
import { isMap } from "../proof/is-map.js";
import { jsonOf, type ProvableFile, reading, textOf, Unreadable, yamlOf } from "../proof/proof.js";
import type { NodePolicy } from "./node-policy.js";

/** How the files of a target for nodes are read back, by the target's id. */
export const nodeReaders: Readonly<Record<string, (files: readonly ProvableFile[]) => NodePolicy>> = {
  "containers-policy": readContainersPolicy,
  "openshift-image-config": readImageConfig,
};

/**
 * Reads `policy.json` and the files of `registries.conf.d`, as far as they have no keys and no signatures in them.
 *
 * @param files of one policy; the paths end with those of the node's files.
 * @throws Unreadable for anything else.
 */
function readContainersPolicy(files: readonly ProvableFile[]): NodePolicy {
  const policy = mapOf(jsonOf(textOf(only(files, "policy.json"))), ["default", "transports"]);
  const { docker = {} } = mapOf(policy.transports ?? {}, ["docker"]);
  if (!isMap(docker)) throw new Unreadable("`transports.docker` is no object");
  if (Object.hasOwn(docker, "")) throw new Unreadable("the transport `docker` has a default of its own");
  const scopes = Object.entries(docker).map(([scope, requirements]) => [scope, isAccepting(requirements)] as const);

  const file = textOf(only(files, ".conf"));
  const settings = mapOf(
    reading("TOML", () => parseToml(file)),
    ["unqualified-search-registries", "short-name-mode", "registry"],
  );
  if (settings["short-name-mode"] !== "enforcing") throw new Unreadable("`short-name-mode` is not `enforcing`");
  const { registry = [] } = settings;
  if (!Array.isArray(registry)) throw new Unreadable("`registry` is no array of tables");
  return {
    acceptsByDefault: isAccepting(policy.default),
    scopes: new Map(scopes),
    searchRegistries: textsOf(settings["unqualified-search-registries"] ?? []),
    blocked: registry.flatMap((table) => blockedPrefix(table)),
  };
}

function blockedPrefix(table: unknown): string[] {
  const { prefix, location = prefix, blocked } = mapOf(table, ["prefix", "location", "blocked"]);
  if (typeof prefix !== "string" || location !== prefix || typeof blocked !== "boolean") {
    throw new Unreadable("a `[[registry]]` is more than a prefix that is blocked");
  }
  return blocked ? [prefix] : [];
}

/**
 * Reads an `Image`. The machine config operator writes the files of its nodes from it: allowed registries are the scopes
 * that are accepted, and all else is rejected; blocked ones are rejected and blocked.
 */
function readImageConfig(files: readonly ProvableFile[]): NodePolicy {
  const image = mapOf(yamlOf(textOf(only(files, ".image.yaml"))), ["apiVersion", "kind", "metadata", "spec"]);
  if (image.apiVersion !== "config.openshift.io/v1" || image.kind !== "Image" || !isMap(image.metadata)) {
    throw new Unreadable("it is no `Image` of `config.openshift.io/v1`");
  }
  if (image.metadata.name !== "cluster") throw new Unreadable("its name is not `cluster`");
  const { registrySources } = mapOf(image.spec, ["registrySources"]);
  const sources = mapOf(registrySources, [
    "allowedRegistries",
    "blockedRegistries",
    "containerRuntimeSearchRegistries",
  ]);
  const allowed = textsOf(sources.allowedRegistries ?? []);
  const blocked = textsOf(sources.blockedRegistries ?? []);
  if (allowed.length > 0 && blocked.length > 0) throw new Unreadable("it has allowed registries and blocked ones");
  return {
    acceptsByDefault: allowed.length === 0,
    scopes: new Map([
      ...allowed.map((scope) => [scope, true] as const),
      ...blocked.map((scope) => [scope, false] as const),
    ]),
    searchRegistries: textsOf(sources.containerRuntimeSearchRegistries),
    blocked,
  };
}

function only(files: readonly ProvableFile[], ending: string): ProvableFile {
  const [file, ...others] = files.filter(({ path }) => path.endsWith(ending));
  if (file === undefined || others.length > 0) throw new Unreadable(`there is not one file \`*${ending}\``);
  return file;
}

/** What is not known may change what everything else says. */
function mapOf(value: unknown, known: readonly string[]): Record<string, unknown> {
  if (!isMap(value)) throw new Unreadable("a part of it is no object");
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Unreadable(`it has a field \`${unknown}\`, which is not known`);
  return value;
}

function isAccepting(requirements: unknown): boolean {
  const form = JSON.stringify(requirements);
  if (form === '[{"type":"insecureAcceptAnything"}]') return true;
  if (form === '[{"type":"reject"}]') return false;
  throw new Unreadable("a requirement neither accepts nor rejects everything");
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
    throw new Unreadable("a list is no list of texts");
  }
  return value as string[];
}
