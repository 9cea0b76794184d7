/** Why an image is tried, beside what it is made from. */
export type ProbeKind =
  | "outside"
  | "docker-hub"
  | "short-name"
  | "local"
  | "below"
  | "after"
  | "before"
  | "itself"
  | "dot"
  | "case"
  | "port"
  | "default-port"
  | "nested"
  | "tag"
  | "latest"
  | "digest"
  | "invalid"
  | "missing";

/** An image to try. Its parents differ from it in one thing: where one of them tells the sides apart, it explains this. */
export interface ImageProbe {
  readonly id: string;
  readonly kind: ProbeKind;
  /** What stands in the field; `undefined`: there is no field. */
  readonly value: unknown;
  readonly parents: readonly string[];
  /** What it was made from. */
  readonly stem?: string;
}

const digest = `@sha256:${"0123456789abcdef".repeat(4)}`;

/** The image of a registry that no policy speaks of. */
export const outsider = "evil.example/app";

const firstOutside: readonly ImageProbe[] = [
  image("outside", outsider),
  image("docker-hub", "docker.io/library/nginx", [outsider]),
  image("docker-hub", "docker.io/someone/app", [outsider]),
  image("short-name", "nginx", [outsider, "docker.io/library/nginx"]),
  image("short-name", "someone/app", [outsider, "docker.io/someone/app"]),
  image("local", "localhost:5000/app", [outsider]),
  image("latest", "evil.example/app:latest", [outsider]),
  image("tag", "evil.example/app:1.0", [outsider]),
  image("digest", `evil.example/app${digest}`, [outsider]),
];

/** What tells at once whether a stem means anything to a side: images that are made of it. */
export function firstProbes(stems: readonly string[]): ImageProbe[] {
  const made = stems.flatMap((stem) => {
    const shorter = stems.filter((other) => stem.startsWith(`${other}/`)).map((other) => `${other}/app`);
    return [image("below", `${stem}/app`, shorter, stem), image("itself", stem, [`${stem}-evil/app`, outsider], stem)];
  });
  return unique([...firstOutside, ...made]);
}

/** Every image to try around stems that mean something: on both sides of each boundary that people get wrong. */
export function imageProbes(stems: readonly string[]): ImageProbe[] {
  return unique([...firstProbes(stems), ...stems.flatMap(probesOf), ...missing]);
}

function probesOf(stem: string): ImageProbe[] {
  const below = `${stem}/app`;
  const slash = stem.indexOf("/");
  const host = slash < 0 ? stem : stem.slice(0, slash);
  const path = slash < 0 ? "" : stem.slice(slash);
  const inside = [below];
  const outside = [below, outsider];
  const longer = `${stem}-evil/app`;
  const of = (kind: ProbeKind, value: string, parents: readonly string[]) => image(kind, value, parents, stem);
  const dots = [...host.matchAll(/\./g)].map(({ index }) => `${host.slice(0, index)}x${host.slice(index + 1)}`);
  const isHost = /[.:]/.test(host) || host === "localhost";
  return [
    of("after", longer, outside),
    of("itself", `${stem}:1.0`, [stem, longer, outsider]),
    of("after", `${stem}x/app`, outside),
    ...(path === "" ? [of("after", `${stem}.evil.example/app`, outside)] : []),
    of("before", `evil.example/${below}`, outside),
    of("before", `evil${below}`, outside),
    of("before", `${outsider}:${host.replace(/:.*/, "")}`, [outsider]),
    ...(isHost ? [of("before", `evil.${below}`, outside)] : []),
    ...dots.map((dotless) => of("dot", `${dotless}${path}/app`, outside)),
    ...(isHost ? [of("case", `${host.toUpperCase()}${path}/app`, inside)] : []),
    ...(isHost && !host.includes(":")
      ? [
          of("default-port", `${host}:443${path}/app`, inside),
          of("port", `${host}:5000${path}/app`, [...outside, path === "" ? longer : `${host}:5000/app`]),
        ]
      : []),
    ...(path === ""
      ? []
      : [of("outside", `evil.example${path}/app`, outside), of("outside", `${host}/other/app`, outside)]),
    of("nested", `${below}/deep`, inside),
    of("tag", `${below}:1.0`, inside),
    of("latest", `${below}:latest`, inside),
    of("digest", `${below}${digest}`, inside),
    of("digest", `${below}:1.0${digest}`, [`${below}:1.0`, `${below}${digest}`]),
    of("invalid", `${stem}/App`, inside),
    of("invalid", `${stem}//app`, inside),
    of("invalid", `${stem}/../app`, inside),
    of("invalid", `${below}:`, inside),
    of("invalid", `${below} `, inside),
    of("invalid", `${below}\nevil`, inside),
  ];
}

const missing: readonly ImageProbe[] = [
  { id: "missing: absent", kind: "missing", value: undefined, parents: [] },
  { id: "missing: null", kind: "missing", value: null, parents: ["missing: absent"] },
  { id: "missing: empty", kind: "missing", value: "", parents: ["missing: absent"] },
];

function image(kind: ProbeKind, value: string, parents: readonly string[] = [], stem?: string): ImageProbe {
  return { id: value, kind, value, parents, ...(stem !== undefined && { stem }) };
}

function unique(probes: readonly ImageProbe[]): ImageProbe[] {
  const byId = new Map<string, ImageProbe>();
  for (const probe of probes) if (!byId.has(probe.id)) byId.set(probe.id, probe);
  return [...byId.values()];
}
