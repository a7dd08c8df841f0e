import type * as Runtime from 'onnxruntime-node';
import { UsageError } from '../../core/errors.ts';

const PACKAGE = 'onnxruntime-node';

/** Whose want it is, for the message when there is no runtime. */
export interface RuntimeNeed {
  /** Begins a sentence: `The learned upscaler`. */
  readonly who: string;
  /** Ends one: what to do without it. */
  readonly instead: string;
}

/**
 * The ONNX runtime, an optional dependency: it is large, and only learned models need it. Throws a
 * `UsageError` that says how to get it when it is not installed or does not run on this machine. `name`
 * is another module to take for it.
 */
export async function loadRuntime(need: RuntimeNeed, name = PACKAGE): Promise<typeof Runtime> {
  try {
    const { default: runtime } = (await import(name)) as { readonly default: typeof Runtime };
    return runtime;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UsageError(
      `${need.who} needs the package ${PACKAGE}, which cannot be loaded here (${reason}). Install it with \`ONNXRUNTIME_NODE_INSTALL=skip npm install ${PACKAGE}@1.30.0\` (with -g where Imagemill is installed so), or ${need.instead}`,
      { cause: error },
    );
  }
}
