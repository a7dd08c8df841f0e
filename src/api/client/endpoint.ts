/**
 * A route of the contract as the client needs it: its method and path, which its type ties to the schemas. Types
 * only come from the contract, so that the client brings no schema along.
 */
import type { ApiRoute } from '../define-route.ts';
import type { z } from '../zod.ts';

export interface Endpoint<Route extends ApiRoute> {
  readonly method: Route['method'];
  readonly path: Route['path'];
  /** Never there: carries the types. */
  readonly route?: Route;
}

/** `endpoint<typeof getRunRoute>('get', '/v1/runs/{run}')`: another path than the route's is no type. */
export function endpoint<Route extends ApiRoute>(
  method: Route['method'],
  path: Route['path'],
): Endpoint<Route> {
  return { method, path };
}

/** What is said beside the route's own input. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST. Default: a random one for each call, the same for its repetitions. */
  readonly idempotencyKey?: string;
}

/** The path's words, the query and the body of a route. */
export type Input<Route> = ParamsInput<Route> & QueryInput<Route> & BodyInput<Route>;

/** The query of a route, and the body that it takes as JSON. */
export type QueryInputOf<Route> =
  Input<Route> extends { readonly query?: infer Query } ? Query : never;
export type JsonInputOf<Route> = Extract<Input<Route>, { readonly json: unknown }>['json'];

/** The body of its success; `undefined` where it has none. */
export type Answer<Route> = Success<Route> extends infer One ? AnswerOf<One> : never;

/** An entry of the page that a list answers. */
export type Entry<Route> =
  Answer<Route> extends { readonly data: readonly (infer One)[] } ? One : never;

type SuccessStatus = 200 | 201 | 202 | 203 | 204;
type Success<Route> = Route extends { readonly responses: infer All }
  ? { [Status in keyof All]: Status extends SuccessStatus ? All[Status] : never }[keyof All]
  : never;
type AnswerOf<One> = One extends { readonly content: infer Content } ? JsonOf<Content> : undefined;
type JsonOf<Content> = Content extends {
  readonly 'application/json': { readonly schema: infer Schema extends z.ZodType };
}
  ? z.output<Schema>
  : never;

type RequestOf<Route> = Route extends { readonly request: infer Request } ? Request : unknown;
type ParamsInput<Route> =
  RequestOf<Route> extends { readonly params: infer Params extends z.ZodType }
    ? { readonly params: z.output<Params> }
    : unknown;
/** What the server fills in may be left out. */
type QueryInput<Route> =
  RequestOf<Route> extends { readonly query: infer Query extends z.ZodType }
    ? { readonly query?: Partial<z.output<Query>> | undefined }
    : unknown;

type BodyInput<Route> =
  RequestOf<Route> extends { readonly body: { readonly content: infer Content } }
    ? JsonInput<Content> | FormInput<Content>
    : unknown;
type JsonInput<Content> = Content extends {
  readonly 'application/json': { readonly schema: infer Schema extends z.ZodType };
}
  ? { readonly json: z.input<Schema> }
  : never;
type FormInput<Content> = Content extends { readonly 'multipart/form-data': unknown }
  ? { readonly form: FormData }
  : never;
