/** The packages that screening needs, which the user installs, not we: one runs the model, one is it. */
import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../core/errors.ts';

const RUNTIME = 'onnxruntime-node';
/**
 * InceptionV3 flagged 3 of 463 photographs of meals, 1 of 61 other harmless pictures and none of 30 of the
 * demo's; MobileNetV2 of the same package 3, 5 and none, ten times as fast. How many they overlook is not
 * known of either, and a picture takes far longer to make than the 60 ms that the better one needs.
 */
const MODEL = { package: 'nsfwjs', entry: './models/inception_v3' };

/** Absolute paths of their entries. */
export interface ScreenPackages {
  readonly runtime: string;
  readonly model: string;
}

/**
 * Looks for the packages in `folders` (absolute paths, the first that has them), then beside Imagemill
 * (`own`: one of its files).
 * Throws `UsageError` that says what to install.
 */
export function findScreenPackages(
  folders: readonly string[],
  own = import.meta.filename,
): ScreenPackages {
  const places = [...folders.map((folder) => join(folder, 'imagemill.js')), own];
  const runtime = firstOf(places, (place) => createRequire(place).resolve(RUNTIME));
  if (runtime === undefined) {
    throw new UsageError(
      `Screening needs the package ${RUNTIME}, which is not installed. Run \`ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0\`, or leave --screen out.`,
    );
  }
  const model = firstOf(places, modelEntry);
  if (model === undefined) {
    throw new UsageError(
      'Screening needs the model of the package nsfwjs, which is not installed. Run `npm install nsfwjs@4.4.0 --legacy-peer-deps` (the flag leaves TensorFlow out, which is not needed), or leave --screen out.',
    );
  }
  return { runtime, model };
}

function firstOf(
  places: readonly string[],
  find: (place: string) => string | undefined,
): string | undefined {
  for (const place of places) {
    try {
      const found = find(place);
      if (found !== undefined) return found;
    } catch {
      // Not there: the next place.
    }
  }
  return undefined;
}

/**
 * The entry for `import`. The one for `require`, which is easier to find, takes a minute to load: it
 * copies the weights letter by letter.
 */
function modelEntry(place: string): string | undefined {
  const manifest = findPackageJSON(MODEL.package, pathToFileURL(place));
  if (manifest === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly exports?: Readonly<Record<string, { readonly import?: string }>>;
  };
  const entry = exports?.[MODEL.entry]?.import;
  return entry === undefined ? undefined : join(dirname(manifest), entry);
}
