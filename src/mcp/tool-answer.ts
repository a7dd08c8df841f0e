/** What a tool answers: facts as text and as data, or an error that tells what to do. */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { ApiError } from '../api/client/index.ts';

/** A wish that cannot be met: its text is for the assistant. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

export function answer(data: object): CallToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(data, undefined, 1) }],
    structuredContent: data as Record<string, unknown>,
  };
}

/** Errors of the API and of the tool become answers; a defect is told as no more than that. */
export async function answering(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    return { isError: true, content: [{ type: 'text', text: wordsOf(error) }] };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof ToolError) return error.message;
  if (!(error instanceof ApiError)) return 'Something broke in Imagemill itself. Try it again.';
  const remedy = REMEDIES[error.code];
  return remedy === undefined ? error.message : `${error.message}\n${remedy}`;
}

/** Where the API's own words are for programs, not for assistants. */
const REMEDIES: Readonly<Partial<Record<ApiError['code'], string>>> = {
  unauthenticated:
    'The key is none, or was revoked: ask the user for another one (IMAGEMILL_API_KEY).',
  forbidden: 'Ask the user for a key that may do this.',
  unreachable: 'The server cannot be reached: ask the user whether it runs, and try again.',
  'too-many-requests': 'Wait a little, then try again.',
  'not-found': 'Look it up with list_runs, list_items or list_models.',
};
