/** The OpenAPI document: made of the schemas by which requests are checked, told so that people can read it. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { TAGS } from '../../api/tags.ts';
import { VERSION } from '../../engine/version.ts';
import type { App } from '../app-env.ts';
import { exampleOf, type JsonSchema, type Schemas } from './openapi-examples.ts';
import type { ServeSettings } from '../serve-settings.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** The part of an operation that is completed here. */
interface Operation {
  parameters?: unknown[];
  requestBody?: { content?: Content };
  responses?: Record<string, { content?: Content; headers?: Record<string, unknown> }>;
}
interface Parameter {
  readonly name: string;
  readonly in?: string;
  readonly schema?: { readonly description?: string };
  description?: string;
}
type Content = Record<string, { schema?: JsonSchema; example?: unknown; examples?: unknown }>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const DESCRIPTION = `
A sheet of prompts in, finished images out: planned before a credit is spent, paced so that no limit is hit,
and safe to repeat at any moment.

**Keys.** Send \`Authorization: Bearer im_…\`. The server prints the first key once, when it starts for the first
time; further ones are made under *keys*. Press **Authorize** to try things out here.

**Repeating.** Every POST takes an \`Idempotency-Key\`, 1 to 255 visible characters of your own. For 24 hours the
first answer is given again under it, with \`Idempotent-Replayed: true\`; another request under the same key is
refused with 422, one that is still being worked on with 409. After a server error, send it again with the same key.

**Programs on OpenAI's clients.** Give them \`/openai/v1\` at this address as their base URL, and a key of this server.

**Errors** are [problems](https://www.rfc-editor.org/rfc/rfc9457) that name field, value and remedy. Each \`type\` has a
page that says what it means. Below \`/openai\` they have OpenAI's shape.

**Lists** come a page at a time: give a page's \`next\` as \`after\`, until it is null.

**Numbers.** Credits and dollars are decimal numbers, times are UTC in ISO 8601; what nobody knows is null.
`.trim();

export function openApiDocument(app: App, { publicUrl }: ServeSettings): OpenApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Imagemill',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    // The first is the one that the reader has already reached.
    servers: [
      { url: '/', description: 'This server' },
      { url: publicUrl, description: 'Its public address' },
    ],
  });
  const operations = operationsOf(document);
  for (const operation of operations) completeOperation(operation, schemasOf(document));
  return { ...document, tags: usedTags(document) };
}

/** What the document says about all routes; registered once. */
export function registerComponents({ openAPIRegistry }: App): void {
  openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'im_…',
    description: 'An API key: `im_` and 40 letters and digits.',
  });
  openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'imagemill_session',
    description: 'A browser that has signed in with a key.',
  });
  openAPIRegistry.registerComponent('parameters', 'IdempotencyKey', {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A name of yours for this request, a UUID for example: sent again under it, it is done once.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  });
  openAPIRegistry.registerComponent('headers', 'IdempotentReplayed', {
    description: '`true`: this is the first answer to the same request, given again.',
    schema: { type: 'string', enum: ['true'] },
  });
}

function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.values(document.paths ?? {}).flatMap((path) =>
    METHODS.flatMap((method) => {
      const operation = path[method] as Operation | undefined;
      if (operation !== undefined && method === 'post') addIdempotency(operation);
      return operation ?? [];
    }),
  );
}

function addIdempotency(operation: Operation): void {
  operation.parameters = [
    ...(operation.parameters ?? []),
    { $ref: '#/components/parameters/IdempotencyKey' },
  ];
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    if (!status.startsWith('2')) continue;
    response.headers = {
      ...response.headers,
      'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' },
    };
  }
}

function completeOperation(operation: Operation, schemas: Schemas): void {
  for (const parameter of operation.parameters ?? []) describePlace(parameter as Parameter);
  addExamples(operation.requestBody?.content, schemas, 'sent');
  for (const { content } of Object.values(operation.responses ?? {}))
    addExamples(content, schemas, 'answered');
}

/** Words of a path are ids, and all ids of a kind are the same. */
function describePlace(parameter: Parameter): void {
  if (parameter.in !== 'path' || parameter.schema?.description !== undefined) return;
  parameter.description ??= IN_PATH[parameter.name] ?? `Id of the ${parameter.name}.`;
}

const IN_PATH: Readonly<Record<string, string>> = {
  model: 'Id or alias of the model.',
  link: 'The part of a link that its maker has signed.',
  reference: 'Name of the reference, without the @.',
  hash: 'SHA-256 of the bytes, hex.',
};

function addExamples(
  content: Content | undefined,
  schemas: Schemas,
  how: 'sent' | 'answered',
): void {
  for (const [type, media] of Object.entries(content ?? {})) {
    const isTold = media.example !== undefined || media.examples !== undefined;
    if (isTold || media.schema === undefined || !/json|form/.test(type)) continue;
    media.example = exampleOf(media.schema, schemas, how);
  }
}

function schemasOf(document: OpenApiDocument): Schemas {
  return (document.components?.schemas ?? {}) as Schemas;
}

function usedTags(document: OpenApiDocument): NonNullable<OpenApiDocument['tags']> {
  const used = Object.values(document.paths ?? {}).flatMap((path) =>
    METHODS.flatMap((method) => path[method]?.tags ?? []),
  );
  return TAGS.filter(({ name }) => used.includes(name));
}
