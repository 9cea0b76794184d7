import { kindNames } from "@registry-policy/language";
import { firstProbes } from "./image-probes.js";
import type { OpenSide } from "./judge-side.js";
import { directionOf, errorOf, type JudgedScene, judgeScenes } from "./judged-scenes.js";
import { type Form, forms, type ImageProbe, outsider } from "./probe.js";
import type { Sampling } from "./sampling.js";
import { keyOf, type ProbedNamespace, plainScene, type Scene } from "./scene.js";

/** A scene in which both sides do the same, from which single steps are tried. */
export interface Base {
  readonly scene: Scene;
  readonly allowed?: ImageProbe;
  readonly refused?: ImageProbe;
  /** What stands beside the image in question: the allowed one, as far as there is one. */
  readonly harmless: string;
  /** The tag and digest that ordinary images have. */
  readonly form: Form;
  /** The stems that mean something to a side, as many as are asked about any further. */
  readonly stems: readonly string[];
  /** How many there are. */
  readonly stemsTelling: number;
}

/** Looks for a base, the plainest first: a Pod with one container. */
export async function findBase(
  sides: readonly [OpenSide, OpenSide],
  stems: readonly string[],
  namespaces: readonly ProbedNamespace[],
  { namesInEveryForm: most, imagesPerSetting }: Pick<Sampling, "namesInEveryForm" | "imagesPerSetting">,
): Promise<Base> {
  const tried: { form: Form; telling: string[]; first: Agreed }[] = [];
  for (const form of forms) {
    const plain = firstProbes(stems, form).map(plainScene);
    const judged = await judge(plain, sides);
    const telling = tellingIn(plain, judged, stems, form);
    const first = agreedIn(plain, judged, form);
    if (first.allowed !== undefined && first.refused !== undefined) return withHarmless(first, telling, form, most);
    tried.push({ form, telling, first });
  }
  // Nothing is known of a policy that looks at other kinds, other namespaces, or that fails where something is absent.
  const bases: (Base & Agreed)[] = [];
  for (const { form, telling, first } of tried) {
    const probed = stems.filter((stem) => telling.includes(stem) || /[.:]/.test(stem)).slice(0, most / 2);
    const candidates = [...firstProbes(probed, form)].sort(plainestFirst).slice(0, imagesPerSetting);
    const scenes = settingsIn(namespaces).map((setting) =>
      candidates.map((image) => ({ ...plainScene(image), ...setting })),
    );
    const judged = await judge(scenes.flat(), sides);
    const found = [first, ...scenes.map((group) => agreedIn(group, judged, form))];
    const best =
      found.find(({ allowed, refused }) => allowed !== undefined && refused !== undefined) ??
      found.find(({ tellingSides }) => tellingSides === 2) ??
      found.find(({ tellingSides }) => tellingSides === 1) ??
      found.find(({ allowed, refused }) => allowed !== undefined || refused !== undefined) ??
      first;
    const all = new Set([...telling, ...scenes.flatMap((group) => tellingIn(group, judged, stems, form))]);
    const base = withHarmless(best, [...all], form, most);
    if (base.allowed !== undefined && base.refused !== undefined) return base;
    bases.push(base);
  }
  const [base] = bases.sort((one, other) => rankOfBase(other) - rankOfBase(one));
  if (base === undefined) throw new Error("no form of images was tried");
  return base;
}

/** Those that a policy most likely allows, then the one that it most likely refuses. */
function plainestFirst(one: ImageProbe, other: ImageProbe): number {
  const rankOf = ({ kind }: ImageProbe) => ["below", "outside"].indexOf(kind) + 1 || 3;
  return rankOf(one) - rankOf(other);
}

/** A Pod that has everything is plainer than another kind that has nothing. */
function settingsIn(namespaces: readonly ProbedNamespace[]): Pick<Scene, "companion" | "namespace" | "kind">[] {
  const settings = (["nothing", "everything"] as const).flatMap((companion) =>
    namespaces.flatMap((namespace) => kindNames.map((kind) => ({ companion, namespace, kind }))),
  );
  return [...settings.filter(({ kind }) => kind === "Pod"), ...settings.filter(({ kind }) => kind !== "Pod")];
}

/** That both sides tell images apart says more than that there is one which both allow. */
function rankOfBase({ tellingSides, allowed }: Agreed): number {
  return tellingSides * 2 + (allowed === undefined ? 0 : 1);
}

interface Agreed extends Pick<Base, "scene" | "allowed" | "refused"> {
  /** How many sides do not do the same with all images there. */
  readonly tellingSides: number;
}

function withHarmless(agreed: Agreed, telling: readonly string[], form: Form, most: number): Base & Agreed {
  const [stem] = telling;
  const likely = stem === undefined ? `docker.io/library/nginx${form}` : `${stem}/app${form}`;
  const harmless = String(agreed.allowed?.value ?? likely);
  return { ...agreed, stems: telling.slice(0, most), stemsTelling: telling.length, form, harmless };
}

/** Everything in the pod is the image in question: what is harmless is not known yet. */
function judge(scenes: readonly Scene[], sides: readonly [OpenSide, OpenSide]): Promise<Map<string, JudgedScene>> {
  return judgeScenes(scenes, sides, ({ image }) => ({ harmless: String(image.value), violating: String(image.value) }));
}

function agreedIn(scenes: readonly Scene[], judged: ReadonlyMap<string, JudgedScene>, form: Form): Agreed {
  const [scene] = scenes;
  if (scene === undefined) throw new Error("there is no scene");
  const agreed = scenes.flatMap((one) => {
    const said = judged.get(keyOf(one));
    return said === undefined || directionOf(said) !== undefined || errorOf(said) !== undefined ? [] : [said];
  });
  const choose = (outcome: "admitted" | "refused") =>
    agreed
      .filter(({ left }) => left.outcome === outcome)
      .map(({ scene }) => scene.image)
      .sort((a, b) => rank(a, outcome, form) - rank(b, outcome, form) || a.id.length - b.id.length)[0];
  const allowed = choose("admitted");
  const refused = choose("refused");
  const said = scenes.flatMap((one) => judged.get(keyOf(one)) ?? []);
  const isTelling = (side: "left" | "right") => new Set(said.map((one) => one[side].outcome)).size > 1;
  const tellingSides = Number(isTelling("left")) + Number(isTelling("right"));
  return { scene, ...(allowed !== undefined && { allowed }), ...(refused !== undefined && { refused }), tellingSides };
}

/** What somebody would take for an image that is allowed, or refused. */
function rank({ id, kind }: ImageProbe, outcome: "admitted" | "refused", form: Form): number {
  if (outcome === "refused") return id === `${outsider}${form}` ? 0 : 1;
  return kind === "below" ? 0 : kind === "itself" ? 1 : 2;
}

function tellingIn(
  scenes: readonly Scene[],
  judged: ReadonlyMap<string, JudgedScene>,
  stems: readonly string[],
  form: Form,
): string[] {
  const byImage = new Map(scenes.map((scene) => [scene.image.id, judged.get(keyOf(scene))]));
  const named = (name: string) => `${name}${form}`;
  const telling = stems.filter((stem) => {
    // A word without a dot is a name on Docker Hub, wherever it comes from.
    const [first = ""] = stem.split("/");
    const ordinary = byImage.get(named(/[.:]/.test(first) ? outsider : stem.includes("/") ? "someone/app" : "nginx"));
    const below = byImage.get(named(/[.:]/.test(first) ? outsider : "someone/app"));
    return differs(byImage.get(named(stem)), ordinary) || differs(byImage.get(named(`${stem}/app`)), below);
  });
  // Of a long list only some are asked about any further: those on which the sides differ come first.
  const isDisputed = (stem: string) =>
    [stem, `${stem}/app`].some((name) => {
      const said = byImage.get(named(name));
      return said !== undefined && directionOf(said) !== undefined;
    });
  const disputed = new Set(telling.filter(isDisputed));
  return [...disputed, ...telling.filter((stem) => !disputed.has(stem))];
}

function differs(a: JudgedScene | undefined, b: JudgedScene | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.left.outcome !== b.left.outcome || a.right.outcome !== b.right.outcome;
}
