import { expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { loadRuntime } from './load-runtime.ts';

const NEED = { who: 'The learned upscaler', instead: 'write `upscale 2x lanczos`.' };

test('the runtime that is installed is loaded', async () => {
  expect(await loadRuntime(NEED)).toHaveProperty('InferenceSession');
});

test('without the runtime, the error says how to get it and what needs none', async () => {
  const loading = loadRuntime(NEED, 'onnxruntime-node-that-is-not-installed');
  await expect(loading).rejects.toThrow(UsageError);
  await expect(loading).rejects.toThrow(
    /^The learned upscaler needs the package onnxruntime-node, .* `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@\d+\.\d+\.\d+`.* write `upscale 2x lanczos`\.$/,
  );
});
