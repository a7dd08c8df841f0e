/**
 * How a request becomes an order at Kling. Each of its two image interfaces has a path of its own, under
 * which a task is also asked for: `generations` takes one reference, `omni-image` up to ten and 4k.
 */
import { type Size, ratioOf, sizeOfRatio } from '../../core/size.ts';
import { addressOf } from '../reference-address.ts';
import type { LaneRequest, Reference } from '../vendor.ts';

/** Where a model is ordered, and its tasks are asked for. */
export function klingPathOf(model: string): string {
  return isOmni(model) ? '/v1/images/omni-image' : '/v1/images/generations';
}

export function klingOrder(request: LaneRequest): Readonly<Record<string, unknown>> {
  return isOmni(request.model) ? omniOrder(request) : simpleOrder(request);
}

/** `kling-v3-omni`, and its predecessor that is not called so. */
function isOmni(model: string): boolean {
  return model.endsWith('-omni') || model === 'kling-image-o1';
}

function simpleOrder(request: LaneRequest): Record<string, unknown> {
  const [reference] = request.references;
  return {
    ...commonOf(request, SIMPLE_CLASSES),
    prompt: request.prompt,
    ...(request.negativePrompt === undefined ? {} : { negative_prompt: request.negativePrompt }),
    ...(reference === undefined ? {} : { image: imageOf(reference) }),
  };
}

/** The interface has no negative prompt: the plan has put it into the prompt. */
function omniOrder(request: LaneRequest): Record<string, unknown> {
  const { references } = request;
  return {
    ...commonOf(request, OMNI_CLASSES),
    prompt: withMarks(request.prompt, references.length),
    ...(references.length === 0
      ? {}
      : { image_list: references.map((reference) => ({ image: imageOf(reference) })) }),
    // A series is several pictures of one story; a row's images are not.
    result_type: 'single',
  };
}

function commonOf(request: LaneRequest, classes: readonly Class[]): Record<string, unknown> {
  const ratio = nearestRatio(request.size);
  return {
    // Always said: the vendor's default has changed over time.
    model_name: request.model,
    resolution: smallestClass(request.size, ratio, classes),
    n: request.count,
    aspect_ratio: ratio.join(':'),
    external_task_id: request.key,
  };
}

/** Bare base64: a `data:` prefix is an error here. */
function imageOf(reference: Reference): string {
  return reference.kind === 'bytes'
    ? Buffer.from(reference.bytes).toString('base64')
    : addressOf(reference);
}

const MARK = /<<<image_\d+>>>/;
/** The vendor's bound, in characters. */
const LONGEST_PROMPT = 2500;

/**
 * A prompt speaks of its pictures as `<<<image_1>>>`, `<<<image_2>>>` in their order. One without any
 * such mark gets all of them at its end; where they would make it too long it goes as it is, since the
 * pictures are in the list all the same.
 */
function withMarks(prompt: string, references: number): string {
  if (references === 0 || MARK.test(prompt)) return prompt;
  const marks = Array.from({ length: references }, (_, index) => `<<<image_${index + 1}>>>`);
  const marked = `${prompt} ${marks.join(' ')}`;
  return Array.from(marked).length > LONGEST_PROMPT ? prompt : marked;
}

type Ratio = readonly [across: number, down: number];

const RATIOS: readonly Ratio[] = [
  [1, 1],
  [16, 9],
  [9, 16],
  [4, 3],
  [3, 4],
  [3, 2],
  [2, 3],
  [21, 9],
];

/** The plan has seen to it that one of the list fits within 2 %. */
function nearestRatio(size: Size): Ratio {
  const errorOf = ([across, down]: Ratio) => Math.abs(Math.log(across / down / ratioOf(size)));
  return RATIOS.reduce((best, next) => (errorOf(next) < errorOf(best) ? next : best));
}

interface Class {
  readonly name: string;
  /** The square of the class at 1:1; other ratios have about its area. */
  readonly square: number;
}

const SIMPLE_CLASSES: readonly Class[] = [
  { name: '1k', square: 1024 },
  { name: '2k', square: 2048 },
];
const OMNI_CLASSES: readonly Class[] = [...SIMPLE_CLASSES, { name: '4k', square: 4096 }];

function smallestClass(size: Size, [across, down]: Ratio, classes: readonly Class[]): string {
  const covering = classes.find(({ square }) => {
    const made = sizeOfRatio(across, down, { width: square, height: square });
    return made.width >= size.width && made.height >= size.height;
  });
  return (covering ?? classes.at(-1)!).name;
}
