import type * as Runtime from 'onnxruntime-node';
import { UsageError } from '../../core/errors.ts';

export const RUNTIME_PACKAGE = 'onnxruntime-node';

/**
 * The runtime of the learned upscaler, an optional dependency: it is large, and only this needs it.
 * Throws a `UsageError` that says how to get it when it is not installed or does not run on this machine.
 */
export async function loadRuntime(name = RUNTIME_PACKAGE): Promise<typeof Runtime> {
  try {
    const { default: runtime } = (await import(name)) as { readonly default: typeof Runtime };
    return runtime;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UsageError(
      `The learned upscaler needs the package ${RUNTIME_PACKAGE}, which cannot be loaded here (${reason}). Install it with \`ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0\`, or write \`upscale 2x lanczos\`, which needs nothing.`,
      { cause: error },
    );
  }
}
