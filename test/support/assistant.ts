/** An assistant: the official MCP client, on the program's own streams or on a server's address. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from './source-tree.ts';

export interface ToolAnswer {
  readonly isError: boolean;
  /** Of an error: what it says. */
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly content: readonly Readonly<Record<string, unknown>>[];
}

export type Assistant = Awaited<ReturnType<typeof assistant>>;

/** `imagemill mcp` as a process of its own. */
export async function assistantOverStdio(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(ROOT, 'src/cli/main.ts'), 'mcp', ...args],
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: options.cwd, ...options.env },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const made = await assistant(transport);
  return { ...made, said: () => said, pid: transport.pid };
}

export function assistantOverHttp(url: string, apiKey: string) {
  return assistant(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: { headers: { authorization: `Bearer ${apiKey}` } },
    }) as Transport,
  );
}

async function assistant(transport: Transport) {
  const client = new Client({ name: 'test', version: '1' });
  const errors: Error[] = [];
  client.onerror = (error) => errors.push(error);
  await client.connect(transport);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= client.close());
  onTestFinished(close);
  return {
    client,
    /** What was received that is no message of the protocol, among others. */
    errors,
    close,
    call: async (name: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> => {
      const options = { timeout: 55_000 };
      const answer = await client.callTool(
        { name, arguments: args },
        CallToolResultSchema,
        options,
      );
      const content = answer.content as Readonly<Record<string, unknown>>[];
      return {
        isError: answer.isError === true,
        text: (content[0] as { readonly text?: string } | undefined)?.text ?? '',
        data: (answer.structuredContent ?? {}) as Readonly<Record<string, unknown>>,
        content,
      };
    },
  };
}
