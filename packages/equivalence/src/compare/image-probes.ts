import { type NamedImages, namedProbes } from "./named-probes.js";
import { belowShorter, digest, type Form, type ImageProbe, image, outsider, type ProbeKind } from "./probe.js";

function firstOutside(stems: readonly string[], form: Form): ImageProbe[] {
  const root = `${outsider}${form}`;
  const below = (name: string) => belowShorter(name, stems, form);
  return [
    image("outside", root),
    image("docker-hub", `docker.io/library/nginx${form}`, [root, ...below("docker.io/library/nginx")]),
    image("docker-hub", `docker.io/someone/app${form}`, [root, ...below("docker.io/someone/app")]),
    image("short-name", `nginx${form}`, [root, `docker.io/library/nginx${form}`]),
    image("short-name", `someone/app${form}`, [root, `docker.io/someone/app${form}`]),
    image("local", `localhost:5000/app${form}`, [root]),
    image("invalid", `evil.example/App${form}`, [root]),
    image("invalid", `evil.example//app${form}`, [root]),
    ...otherForms(outsider, form),
  ];
}

/** The image with another tag or digest, or with none. */
function otherForms(name: string, form: Form, stem?: string): ImageProbe[] {
  const usual = `${name}${form}`;
  return [
    image("tag", `${name}:1.2.3`, [usual], stem),
    image("latest", `${name}:latest`, [usual, `${name}:1.2.3`], stem),
    image("untagged", name, [usual, `${name}:latest`], stem),
    image("digest", `${name}${digest}`, [usual], stem),
    image("digest", `${name}:1.2.3${digest}`, [usual, `${name}:1.2.3`, `${name}${digest}`], stem),
  ].filter(({ id }) => id !== usual);
}

/** What tells at once whether a stem means anything to a side: images that are made of it. */
export function firstProbes(stems: readonly string[], form: Form): ImageProbe[] {
  const root = `${outsider}${form}`;
  const made = stems.flatMap((stem) => {
    const isShort = !stem.includes("/");
    const itself = [`${stem}-evil/app${form}`, root, ...(isShort ? [`nginx${form}`] : belowShorter(stem, stems, form))];
    return [
      image("below", `${stem}/app${form}`, belowShorter(stem, stems, form), stem),
      image("itself", `${stem}${form}`, itself, stem),
    ];
  });
  return unique([...firstOutside(stems, form), ...made]);
}

/**
 * Every image to try around stems that mean something: on both sides of each boundary that people get wrong; and those that
 * the texts name.
 *
 * @param usual an image with the tag and digest of `form`, and which a side most likely allows.
 */
export function imageProbes(stems: readonly string[], form: Form, usual: string, named: NamedImages): ImageProbe[] {
  return unique([
    ...firstProbes(stems, form),
    ...stems.flatMap((stem) => probesOf(stem, stems, form)),
    ...missing,
    ...namedProbes(named, stems, form, usual),
  ]);
}

/** An image that two policies were shown to differ about: the shortest one, each for a cause of its own. */
export function shortestProbe(text: string): ImageProbe {
  return image("shortest", text, [], text);
}

function probesOf(stem: string, stems: readonly string[], form: Form): ImageProbe[] {
  const name = `${stem}/app`;
  const below = `${name}${form}`;
  const root = `${outsider}${form}`;
  const slash = stem.indexOf("/");
  const host = slash < 0 ? stem : stem.slice(0, slash);
  const path = slash < 0 ? "" : stem.slice(slash);
  const inside = [below];
  const outside = [below, root];
  const longer = `${stem}-evil/app${form}`;
  const of = (kind: ProbeKind, value: string, parents: readonly string[]) =>
    image(kind, value, [...parents, ...belowShorter(value, stems, form).filter((other) => other !== value)], stem);
  const dots = [...host.matchAll(/\./g)].map(({ index }) => `${host.slice(0, index)}x${host.slice(index + 1)}`);
  const isHost = /[.:]/.test(host) || host === "localhost";
  return [
    of("after", longer, outside),
    of("itself", `${stem}:1.2.3`, [`${stem}${form}`, longer, root]),
    of("after", `${stem}x/app${form}`, outside),
    ...(path === "" ? [of("after", `${stem}.evil.example/app${form}`, outside)] : []),
    of("before", `evil.example/${below}`, outside),
    of("before", `evil${below}`, outside),
    of("before", `${outsider}:${host.replace(/:.*/, "")}`, [root]),
    ...(isHost ? [of("before", `evil.${below}`, outside)] : []),
    ...dots.map((dotless) =>
      // Without a dot it is a name on Docker Hub, and no registry.
      of("dot", `${dotless}${path}/app${form}`, /[.:]/.test(dotless) ? outside : [...outside, `someone/app${form}`]),
    ),
    ...(isHost ? [of("case", `${host.toUpperCase()}${path}/app${form}`, inside)] : []),
    ...(isHost && !host.includes(":")
      ? [
          // Where anything may stand behind a host, a port may.
          of("default-port", `${host}:443${path}/app${form}`, [below, ...(path === "" ? [longer] : [])]),
          of("default-port", `${host}:0443${path}/app${form}`, [below, ...(path === "" ? [longer] : [])]),
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
    // One character more than our own policies take.
    of("invalid", `${stem}/${"a".repeat(Math.max(1, 512 - stem.length - form.length))}${form}`, inside),
    of("invalid", `${stem}/../app${form}`, inside),
    of("invalid", `${name}:`, [...inside, name]),
    of("invalid", `${below} `, inside),
    of("invalid", `${below}\nevil`, inside),
  ];
}

const missing: readonly ImageProbe[] = [
  { id: "missing: absent", kind: "missing", value: undefined, parents: [] },
  { id: "missing: null", kind: "missing", value: null, parents: ["missing: absent"] },
  { id: "missing: empty", kind: "missing", value: "", parents: ["missing: absent"] },
];

function unique(probes: readonly ImageProbe[]): ImageProbe[] {
  const byId = new Map<string, ImageProbe>();
  for (const probe of probes) if (!byId.has(probe.id)) byId.set(probe.id, probe);
  return [...byId.values()];
}
