/**
 * Any image model of Vercel's AI SDK, by `doGenerate` and never by `generateImage`, which repeats paid
 * calls. A package polls by itself and keeps no id, so a lost answer cannot be looked up. What happened is
 * read from the calls that the package made (`watched-fetch.ts`), not from its errors.
 */
import type {
  ImageModelV4,
  ImageModelV4CallOptions,
  ImageModelV4File,
  ImageModelV4Result,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { Failure } from '../../core/failure.ts';
import { type Size, formatSize } from '../../core/size.ts';
import { failureOf, lastSign } from './ai-sdk-failure.ts';
import { PackageProblem, type ProviderFactory, loadFactory } from './ai-sdk-package.ts';
import { signOf } from './ai-sdk-signs.ts';
import { usualRatioOf } from './usual-ratio.ts';
import { type AiSdkVendor, type ConfiguredLaneConfig, optionsOf } from './configured-vendor.ts';
import { failed } from '../failures.ts';
import { withoutSlash } from '../lane-config.ts';
import { fillPlaceholders, valuesOf } from './placeholders.ts';
import { accountOf, scrubber } from '../secret.ts';
import type { Answered, LaneImage, LaneRequest, Reference, VendorLane } from '../vendor.ts';
import { type Exchange, watchFetch } from './watched-fetch.ts';

/** `baseUrl` as the package takes it, or empty for the package's own. */
export function createAiSdkLane(config: ConfiguredLaneConfig<AiSdkVendor>): VendorLane {
  const { name, vendor, apiKey, clock } = config;
  const baseUrl = withoutSlash(config.baseUrl);
  const scrub = scrubber(apiKey);
  let factory: Promise<ProviderFactory> | undefined;

  /** Loaded with the first request; a package that was missing may have been installed since. */
  async function load(): Promise<ProviderFactory> {
    factory ??= loadFactory(vendor);
    return factory.catch((error: unknown) => {
      factory = undefined;
      throw error;
    });
  }

  /** The model, with a `fetch` of its own for this one request. */
  async function modelFor(request: LaneRequest, fetch: typeof globalThis.fetch) {
    const make = await load();
    const settings = { apiKey, fetch, ...(baseUrl === '' ? {} : { baseURL: baseUrl }) };
    const provider = make(settings);
    const model = provider.imageModel?.(request.model) ?? provider.image?.(request.model);
    if (typeof model?.doGenerate === 'function') return model;
    throw new PackageProblem(`${vendor.package} makes no image models.`);
  }

  return {
    vendor: name,
    account: accountOf(name, baseUrl || vendor.package, apiKey),
    async submit(request, { signal }) {
      const { fetch, exchanges } = watchFetch({
        fetch: config.fetch,
        signal,
        isEnd: (json) => signOf(json) !== undefined,
        ...(baseUrl === '' ? {} : { baseUrl }),
      });
      try {
        const model = await modelFor(request, fetch);
        const problem = await problemOf(model, request);
        if (problem !== undefined) {
          return failed({ kind: 'invalid-request', words: problem }, scrub);
        }
        const result = await untilAborted(
          model.doGenerate(callOf(vendor, request, signal)),
          signal,
        );
        const refused = result.images.length === 0 ? whyEmpty(result, exchanges) : undefined;
        return refused === undefined ? readResult(result, request) : failed(refused, scrub);
      } catch (error) {
        return failed(failureOf(error, exchanges, signal, clock.now()), scrub);
      }
    },
  };
}

// The request.

function callOf(
  vendor: AiSdkVendor,
  request: LaneRequest,
  signal: AbortSignal,
): ImageModelV4CallOptions {
  const options = fillPlaceholders(optionsOf(vendor, request.model), valuesOf(request));
  return {
    prompt: request.prompt,
    n: request.count,
    ...sizeOf(vendor, request.size),
    seed: request.seed,
    // An empty list would make it an edit.
    files: request.references.length === 0 ? undefined : request.references.map(fileOf),
    mask: undefined,
    providerOptions: options as SharedV4ProviderOptions,
    abortSignal: signal,
  };
}

function sizeOf(
  vendor: AiSdkVendor,
  size: Size,
): Pick<ImageModelV4CallOptions, 'size' | 'aspectRatio'> {
  const asksBy = vendor.asksBy ?? (BY_RATIO.has(vendor.package) ? 'ratio' : 'size');
  return asksBy === 'ratio'
    ? { size: undefined, aspectRatio: usualRatioOf(size) }
    : { size: formatSize(size) as `${number}x${number}`, aspectRatio: undefined };
}

/** Packages that ignore a size, or make a ratio of it themselves. */
const BY_RATIO = new Set([
  '@ai-sdk/black-forest-labs',
  '@ai-sdk/google',
  '@ai-sdk/google-vertex',
  '@ai-sdk/luma',
  '@ai-sdk/xai',
]);

function fileOf(reference: Reference): ImageModelV4File {
  if (reference.kind === 'bytes') {
    return { type: 'file', mediaType: reference.mediaType, data: reference.bytes };
  }
  return { type: 'url', url: reference.kind === 'url' ? reference.url : reference.handle };
}

/** What the package would split, or throw away, after the customer has asked for it. */
async function problemOf(model: ImageModelV4, request: LaneRequest): Promise<string | undefined> {
  const { maxImagesPerCall: most } = model;
  const mostImages = typeof most === 'function' ? await most({ modelId: request.model }) : most;
  if (mostImages !== undefined && request.count > mostImages) {
    return `The package takes at most ${mostImages} images a call: set imagesPerRequest of the model to ${mostImages}.`;
  }
  if (request.references.length === 0) return undefined;
  // Before the third version of the interface there was no field for them.
  const isOld = ['v1', 'v2'].includes(model.specificationVersion);
  return isOld || (await model.supportsFileInputs) === false
    ? 'This model takes no reference pictures: set references of the model to { count: 0 }.'
    : undefined;
}

/** Some packages wait between polls without looking at the signal. */
async function untilAborted<Result>(
  work: PromiseLike<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const giveUp = () => aborted.reject(new Error('Stopped waiting for the answer.'));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

// The answer.

function readResult(result: ImageModelV4Result, request: LaneRequest): Answered {
  const leftOut = leftOutOf(result, request);
  return {
    kind: 'answered',
    images: result.images.slice(0, request.count).map((image, index): LaneImage => ({
      index,
      kind: 'image',
      source: { kind: 'bytes', bytes: bytesOf(image) },
      ...(leftOut !== undefined && { leftOut }),
    })),
  };
}

function bytesOf(image: string | Uint8Array): Uint8Array {
  if (typeof image !== 'string') return image;
  return Buffer.from(image.replace(/^data:[^,]*,/, ''), 'base64');
}

/**
 * A package warns of what it does not pass on, and answers all the same. A picture without its reference
 * is another picture, and must not pass for the one that was wanted; a size shows in the picture itself.
 */
function leftOutOf({ warnings }: ImageModelV4Result, request: LaneRequest) {
  const unsupported = warnings.flatMap((each) => (each.type === 'unsupported' ? [each] : []));
  if (unsupported.length === 0) return undefined;
  const parts = unsupported.map(({ feature, details }) => details ?? feature);
  return {
    words: `the package left out: ${parts.join('; ')}`,
    spoils: request.references.length > 0 && unsupported.some(({ feature }) => feature === 'files'),
  };
}

/** `isRetryable: false` is how a package says that a filter left nothing. */
function whyEmpty(
  { isRetryable }: ImageModelV4Result,
  exchanges: readonly Exchange[],
): Failure | undefined {
  const sign = lastSign(exchanges);
  if (sign !== undefined) return sign;
  if (isRetryable !== false) return undefined;
  return { kind: 'refused', stage: 'output', words: 'The vendor’s filter left no picture.' };
}
