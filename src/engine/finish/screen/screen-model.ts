/** The screening model: nsfwjs's InceptionV3 (MIT), run by ONNX Runtime instead of TensorFlow. */
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../core/errors.ts';
import { SCREEN_LABELS, type Screening } from '../../core/screening.ts';
import { openSession } from '../onnx/open-session.ts';
import type { OnnxModel } from '../onnx/onnx-model.ts';
import type { KerasModelJson } from './keras-model.ts';
import { onnxOfKeras } from './keras-to-onnx.ts';
import { modelInput } from './model-input.ts';
import type { ScreenPackages } from './screen-packages.ts';

/** Places of the labels among the model's outputs: Drawing, Hentai, Neutral, Porn, Sexy. */
const PLACES = { hentai: 1, porn: 3, sexy: 4 } as const;
const CLASSES = 5;
/**
 * Together the three must be this likely. Among 554 harmless pictures four were: raw meat, fish and one
 * with waves of the colour of skin. At 0.5 there were seven.
 */
const LEAST_SCORE = 0.7;

export interface ScreenModel {
  /** `undefined`: not flagged, which says nothing about the picture. Rejects for what cannot be decoded. */
  screen(bytes: Uint8Array): Promise<Screening | undefined>;
  /** How likely each class is, in the model's order. */
  classify(bytes: Uint8Array): Promise<Float32Array>;
}

/**
 * Loads the model: about a second, half a gigabyte while it is open. Takes the calling thread's time, as
 * does each picture (60 to 110 ms and its decoding). Throws `UsageError` when a package cannot be used.
 */
export async function openScreenModel(packages: ScreenPackages): Promise<ScreenModel> {
  const model = await readModel(packages.model);
  const { name, dims } = model.inputs[0]!;
  const side = dims[2] as number;
  const need = { who: 'Screening', instead: 'leave --screen out.' };
  const session = await openSession(model, need, {
    threads: availableParallelism(),
    runtime: pathToFileURL(packages.runtime).href,
  });
  const classify = async (bytes: Uint8Array): Promise<Float32Array> => {
    const input = { data: await modelInput(bytes, side), dims: [1, 3, side, side] };
    const [output] = Object.values(await session.run({ [name]: input }));
    return output!.data;
  };
  return { classify, screen: async (bytes) => verdictOf(await classify(bytes)) };
}

/** `classes`: how likely each is, in the model's order. */
export function verdictOf(classes: ArrayLike<number>): Screening | undefined {
  const share = (label: (typeof SCREEN_LABELS)[number]) => classes[PLACES[label]] ?? 0;
  const score = SCREEN_LABELS.reduce((sum, label) => sum + share(label), 0);
  if (score < LEAST_SCORE) return undefined;
  const label = SCREEN_LABELS.toSorted((one, other) => share(other) - share(one))[0]!;
  return { label, score: Math.min(1, score) };
}

async function readModel(file: string): Promise<OnnxModel> {
  try {
    return await loadWeights(file);
  } catch (error) {
    const words = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UsageError(
      `The screening model cannot be used: ${words}. Install the version that it was tried with, \`npm install nsfwjs@4.4.0 --legacy-peer-deps\`, or leave --screen out.`,
      { cause: error },
    );
  }
}

/** What `nsfwjs/models/*` exports: loaders of the topology, and of the weights as base64. */
interface NsfwDefinition {
  readonly modelJson: () => Promise<{ readonly default: KerasModelJson }>;
  readonly weightBundles: readonly (() => Promise<{ readonly default: string }>)[];
}

async function loadWeights(file: string): Promise<OnnxModel> {
  const loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const definition = Object.values(loaded).find(isDefinition);
  if (definition === undefined) throw new Error(`${file} holds no model`);
  const { default: json } = await definition.modelJson();
  const shards: Uint8Array[] = [];
  for (const bundle of definition.weightBundles) {
    shards.push(Buffer.from((await bundle()).default, 'base64'));
  }
  const model = onnxOfKeras(json, shards);
  const classes = json.weightsManifest.flatMap(({ weights }) => weights).at(-1)?.shape;
  if (classes?.[0] !== CLASSES) throw new Error(`${file} holds a model of other classes`);
  return model;
}

function isDefinition(value: unknown): value is NsfwDefinition {
  return typeof value === 'object' && value !== null && 'weightBundles' in value;
}
