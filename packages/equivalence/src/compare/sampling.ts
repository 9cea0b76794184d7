import type { ComparedSide } from "./compared-side.js";

/** How much is asked of all that there is to ask. */
export interface Sampling {
  /** So many of the names that stand in the text of one side alone, on which the sides likely differ. */
  readonly namesOfOne: number;
  /** So many of those that stand in both. */
  readonly namesOfBoth: number;
  /** So many of the names that mean something, with every mistake that people make. */
  readonly namesInEveryForm: number;
  /** So many of these, in every field and every kind. */
  readonly namesEverywhere: number;
  /** Of so many of these, the plainest images alone. */
  readonly plainNamesEverywhere: number;
  /** So many images in each kind and namespace, where no plain Pod shows what both sides admit and refuse. */
  readonly imagesPerSetting: number;
  /** In so many things a request differs from the plainest. */
  readonly thingsApart: number;
}

const usual: Sampling = {
  namesOfOne: 240,
  namesOfBoth: 60,
  namesInEveryForm: 24,
  namesEverywhere: 3,
  plainNamesEverywhere: 24,
  imagesPerSetting: Number.POSITIVE_INFINITY,
  thingsApart: Number.POSITIVE_INFINITY,
};

/** Each pair of two things that differ is asked about, as most mistakes show in one or two. */
const ofLongTexts: Sampling = {
  namesOfOne: 40,
  namesOfBoth: 12,
  namesInEveryForm: 6,
  namesEverywhere: 1,
  plainNamesEverywhere: 1,
  imagesPerSetting: 4,
  thingsApart: 2,
};

/** From so many characters on. Most engines go through the text of a policy for each request, some several times. */
const longText = 40_000;

/** How much is asked of two sides. It depends on their texts alone, so that the same is asked on every machine. */
export function samplingOf(sides: readonly ComparedSide[]): Sampling {
  const isLong = sides.some(
    ({ judges, files }) => judges !== "reference" && files.reduce((sum, { text }) => sum + text.length, 0) > longText,
  );
  return isLong ? ofLongTexts : usual;
}
