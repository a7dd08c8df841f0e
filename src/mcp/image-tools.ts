/** Tools that list and show images, and the full pictures as resources. */
import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { endpoint } from '../api/client/index.ts';
import type { listReferencesRoute } from '../api/routes/references.ts';
import { ITEM_STATES } from '../engine/core/outcome.ts';
import { z } from '../api/zod.ts';
import { answer, answering, ToolError } from './tool-answer.ts';
import type { ToolDeps } from './tool-deps.ts';

const keptReferences = endpoint<typeof listReferencesRoute>('get', '/v1/references');
const READS = { readOnlyHint: true, openWorldHint: false };
/** Longer prompts are cut: the assistant has written them. */
const LONGEST_PROMPT = 300;
/** Pixels of the longest side of a picture that is shown. */
const [SMALLEST_SIDE, LARGEST_SIDE, USUAL_SIDE] = [64, 1_280, 768];
/** A resource is one message: a larger picture is fetched over HTTP. */
const MOST_RESOURCE_BYTES = 32 * 2 ** 20;

export function addImageTools(server: McpServer, { client }: ToolDeps): void {
  server.registerTool(
    'list_items',
    {
      title: 'Images of a run',
      description: 'Each image with its prompt, model and outcome, in the order of the prompts.',
      inputSchema: {
        run: z.string().min(1).max(64),
        state: z.enum(ITEM_STATES).optional().describe('Only images in this state.'),
        limit: z.number().int().min(1).max(200).default(50),
        after: z.string().max(500).optional().describe('The next of the page before.'),
      },
      annotations: READS,
    },
    ({ run, state, limit, after }) =>
      answering(async () => {
        const page = await client.items.list(run, {
          limit,
          ...(state !== undefined && { state }),
          ...(after !== undefined && { after }),
        });
        const items = page.data.map((item) => ({
          item: item.item,
          row: item.row,
          index: item.index,
          prompt: cut(item.prompt),
          model: item.model,
          state: item.state,
          reason: item.reason,
          size: item.width === null ? item.size : `${item.width}x${item.height}`,
          credits: item.credits,
          flags: item.flags.map(({ kind }) => kind),
        }));
        return answer({ items, next: page.next });
      }),
  );
  server.registerTool(
    'get_image',
    {
      title: 'Show an image',
      description: 'A picture scaled down to look at, and a link to the full one.',
      inputSchema: {
        run: z.string().min(1).max(64),
        item: z.string().min(1).max(64).describe('An item of list_items.'),
        longest_side: z.number().int().min(SMALLEST_SIDE).max(LARGEST_SIDE).default(USUAL_SIDE),
      },
      annotations: READS,
    },
    ({ run, item, longest_side: width }) =>
      answering(async () => {
        const facts = await client.items.get(run, item);
        if (facts.sha256 === null) throw new ToolError(noPicture(facts.state, facts.reason));
        const small = await client.images.thumbnail(run, item, { width });
        const about = {
          item,
          prompt: cut(facts.prompt),
          model: facts.model,
          size: `${facts.width}x${facts.height}`,
          bytes: facts.bytes,
          sha256: facts.sha256,
        };
        return {
          content: [
            { type: 'text', text: JSON.stringify(about, undefined, 1) },
            { type: 'image', data: await base64(small), mimeType: typeOf(small) },
            {
              type: 'resource_link',
              uri: `imagemill://runs/${run}/items/${item}`,
              name: facts.file ?? `${item}.${facts.format ?? 'png'}`,
              description: 'The full picture.',
              mimeType: `image/${facts.format ?? 'png'}`,
              ...(facts.bytes !== null && { size: facts.bytes }),
            },
          ],
          structuredContent: about,
        };
      }),
  );
  server.registerTool(
    'list_references',
    {
      title: 'Kept pictures',
      description: 'Pictures that prompts can work from by name: references: ["@name"].',
      annotations: READS,
    },
    () =>
      answering(async () => {
        const { data } = await client.call(keptReferences, { query: { limit: 200 } });
        const references = data.map(({ name, width, height, media_type }) => ({
          name: `@${name}`,
          size: `${width}x${height}`,
          media_type,
        }));
        return answer({ references });
      }),
  );
  server.registerResource(
    'image',
    new ResourceTemplate('imagemill://runs/{run}/items/{item}', { list: undefined }),
    { title: 'The full picture of an item', mimeType: 'image/*' },
    async (uri, { run, item }) => {
      const picture = await client.images.get(String(run), String(item));
      if (Number(picture.headers.get('content-length')) > MOST_RESOURCE_BYTES) {
        await picture.body?.cancel();
        throw new ToolError('The picture is too large for a message: get_image shows it smaller.');
      }
      return {
        contents: [{ uri: uri.href, mimeType: typeOf(picture), blob: await base64(picture) }],
      };
    },
  );
}

function cut(prompt: string): string {
  return prompt.length > LONGEST_PROMPT ? `${prompt.slice(0, LONGEST_PROMPT)}…` : prompt;
}

function noPicture(state: string, reason: string | null): string {
  const why = reason === null ? '' : ` (${reason})`;
  const then = state === 'waiting' || state === 'sent' ? ' Wait for it with run_status.' : '';
  return `This image is ${state}${why}: there is no picture of it.${then}`;
}

function typeOf(picture: Response): string {
  return picture.headers.get('content-type') ?? 'application/octet-stream';
}

async function base64(picture: Response): Promise<string> {
  return Buffer.from(await picture.arrayBuffer()).toString('base64');
}
