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
  | "untagged"
  | "digest"
  | "invalid"
  | "missing"
  | "shortest";

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

/**
 * What stands after the repository of an ordinary image: a policy may ask for a tag or a digest, and then nothing can be
 * said of its registries with images that have none.
 */
export const forms = ["", ":1.0", digest, `:1.0${digest}`] as const;
export type Form = (typeof forms)[number];

function firstOutside(form: Form): ImageProbe[] {
  const root = `${outsider}${form}`;
  return [
    image("outside", root),
    image("docker-hub", `docker.io/library/nginx${form}`, [root]),
    image("docker-hub", `docker.io/someone/app${form}`, [root]),
    image("short-name", `nginx${form}`, [root, `docker.io/library/nginx${form}`]),
    image("short-name", `someone/app${form}`, [root, `docker.io/someone/app${form}`]),
    image("local", `localhost:5000/app${form}`, [root]),
    ...otherForms(outsider, form),
  ];
}

/** The image with another tag or digest, or with none. */
function otherForms(name: string, form: Form, stem?: string): ImageProbe[] {
  const usual = `${name}${form}`;
  return [
    image("tag", `${name}:1.0`, [usual], stem),
    image("latest", `${name}:latest`, [usual], stem),
    image("untagged", name, [usual, `${name}:latest`], stem),
    image("digest", `${name}${digest}`, [usual], stem),
    image("digest", `${name}:1.0${digest}`, [usual, `${name}:1.0`, `${name}${digest}`], stem),
  ].filter(({ id }) => id !== usual);
}

/** What tells at once whether a stem means anything to a side: images that are made of it. */
export function firstProbes(stems: readonly string[], form: Form): ImageProbe[] {
  const root = `${outsider}${form}`;
  const made = stems.flatMap((stem) => {
    const shorter = stems.filter((other) => stem.startsWith(`${other}/`)).map((other) => `${other}/app${form}`);
    const itself = [`${stem}-evil/app${form}`, root];
    return [image("below", `${stem}/app${form}`, shorter, stem), image("itself", `${stem}${form}`, itself, stem)];
  });
  return unique([...firstOutside(form), ...made]);
}

/** Every image to try around stems that mean something: on both sides of each boundary that people get wrong. */
export function imageProbes(stems: readonly string[], form: Form): ImageProbe[] {
  return unique([...firstProbes(stems, form), ...stems.flatMap((stem) => probesOf(stem, form)), ...missing]);
}

/** An image that two policies were shown to differ about: the shortest one, each for a cause of its own. */
export function shortestProbe(text: string): ImageProbe {
  return image("shortest", text, [], text);
}

function probesOf(stem: string, form: Form): ImageProbe[] {
  const name = `${stem}/app`;
  const below = `${name}${form}`;
  const root = `${outsider}${form}`;
  const slash = stem.indexOf("/");
  const host = slash < 0 ? stem : stem.slice(0, slash);
  const path = slash < 0 ? "" : stem.slice(slash);
  const inside = [below];
  const outside = [below, root];
  const longer = `${stem}-evil/app${form}`;
  const of = (kind: ProbeKind, value: string, parents: readonly string[]) => image(kind, value, parents, stem);
  const dots = [...host.matchAll(/\./g)].map(({ index }) => `${host.slice(0, index)}x${host.slice(index + 1)}`);
  const isHost = /[.:]/.test(host) || host === "localhost";
  return [
    of("after", longer, outside),
    of("itself", `${stem}:1.0`, [`${stem}${form}`, longer, root]),
    of("after", `${stem}x/app${form}`, outside),
    ...(path === "" ? [of("after", `${stem}.evil.example/app${form}`, outside)] : []),
    of("before", `evil.example/${below}`, outside),
    of("before", `evil${below}`, outside),
    of("before", `${outsider}:${host.replace(/:.*/, "")}`, [root]),
    ...(isHost ? [of("before", `evil.${below}`, outside)] : []),
    ...dots.map((dotless) => of("dot", `${dotless}${path}/app${form}`, outside)),
    ...(isHost ? [of("case", `${host.toUpperCase()}${path}/app${form}`, inside)] : []),
    ...(isHost && !host.includes(":")
      ? [
          of("default-port", `${host}:443${path}/app${form}`, inside),
          of("port", `${host}:5000${path}/app${form}`, [...outside, path === "" ? longer : `${host}:5000/app${form}`]),
        ]
      : []),
    ...(path === ""
      ? []
      : [of("outside", `evil.example${path}/app${form}`, outside), of("outside", `${host}/other/app${form}`, outside)]),
    of("nested", `${name}/deep${form}`, inside),
    ...otherForms(name, form, stem),
    of("invalid", `${stem}/App${form}`, inside),
    of("invalid", `${stem}//app${form}`, inside),
    of("invalid", `${stem}/../app${form}`, inside),
    of("invalid", `${name}:`, inside),
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
