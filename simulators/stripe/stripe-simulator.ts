import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/engine/core/clock.ts';
import { fieldsAt, type FormFields, readForm, textAt } from './read-form.ts';
import { StripeAccount } from './stripe-account.ts';
import type { CheckoutSession } from './stripe-objects.ts';

export interface StripeSimulatorOptions {
  readonly clock: Clock;
  /** The only key that is accepted. */
  readonly secretKey?: string;
}

/**
 * The few endpoints of Stripe by which packs are sold: sessions of Checkout and payment intents, with
 * idempotency keys. `account` plays the customers and banks, and makes the events that Stripe would send.
 */
export class StripeSimulator implements AsyncDisposable {
  readonly account: StripeAccount;
  /** Calls that were let in, by method and path. */
  readonly calls: string[] = [];
  readonly #app = new Hono();
  readonly #secretKey: string;
  readonly #answers = new Map<string, { readonly body: string; readonly answer: string }>();
  #failures: number[] = [];
  #server: ServerType | undefined;

  constructor({ clock, secretKey = 'sk_test_simulated' }: StripeSimulatorOptions) {
    this.account = new StripeAccount(clock);
    this.#secretKey = secretKey;
    this.#addRoutes();
  }

  /** The next calls are answered with these statuses, after they were done. */
  failNext(...statuses: readonly number[]): void {
    this.#failures = [...statuses];
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request);
  }

  /** Serves it over HTTP on a free port of this machine; answers its address. */
  async listen(): Promise<string> {
    const server = serve({ fetch: this.#app.fetch, port: 0, hostname: '127.0.0.1' });
    this.#server = server;
    if (!server.listening) await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  }

  #addRoutes(): void {
    this.#app.use('/v1/*', async (c, next) => {
      if (c.req.header('authorization') !== `Bearer ${this.#secretKey}`) {
        return refusal(401, 'invalid_request_error', 'Invalid API Key provided.');
      }
      this.calls.push(`${c.req.method} ${c.req.path}`);
      await next();
      const status = this.#failures.shift();
      if (status !== undefined) c.res = refusal(status, 'api_error', 'Something went wrong.');
      return undefined;
    });
    this.#app.post('/v1/checkout/sessions', async (c) => {
      const body = await c.req.text();
      return this.#once(c.req.header('idempotency-key'), body, () => this.#createSession(body));
    });
    this.#app.get('/v1/checkout/sessions/:id', (c) =>
      found(this.account.session(c.req.param('id'))),
    );
    this.#app.get('/v1/payment_intents/:id', (c) => found(this.account.payment(c.req.param('id'))));
    this.#app.notFound(() => refusal(404, 'invalid_request_error', 'Unrecognized request URL.'));
  }

  /** https://docs.stripe.com/api/idempotent_requests */
  #once(key: string | undefined, body: string, work: () => Response | object): Response {
    const known = key === undefined ? undefined : this.#answers.get(key);
    if (known !== undefined && known.body !== body) {
      const message = 'Keys for idempotent requests can only be used with the same parameters.';
      return refusal(400, 'idempotency_error', message);
    }
    const made = known?.answer ?? work();
    if (made instanceof Response) return made;
    const answer = typeof made === 'string' ? made : JSON.stringify(made);
    if (key !== undefined) this.#answers.set(key, { body, answer });
    const headers = { 'content-type': 'application/json', 'request-id': 'req_simulated' };
    return new Response(answer, {
      headers: known === undefined ? headers : { ...headers, 'idempotent-replayed': 'true' },
    });
  }

  #createSession(body: string): CheckoutSession | Response {
    const form = readForm(body);
    const price = fieldsAt(form, 'line_items', '0', 'price_data');
    const amount = Number(textAt(price, 'unit_amount') ?? 'none');
    const quantity = Number(textAt(form, 'line_items', '0', 'quantity') ?? 'none');
    const missing = missingField(form, price);
    if (missing !== undefined) {
      return refusal(400, 'invalid_request_error', `Missing required param: ${missing}.`);
    }
    if (!Number.isInteger(amount) || amount < 1 || !Number.isInteger(quantity)) {
      return refusal(400, 'invalid_request_error', 'Invalid integer: unit_amount or quantity.');
    }
    return this.account.open({
      amount: amount * quantity,
      currency: textAt(price, 'currency')!,
      reference: textAt(form, 'client_reference_id') ?? null,
      metadata: textsOf(fieldsAt(form, 'metadata')),
      paymentMetadata: textsOf(fieldsAt(form, 'payment_intent_data', 'metadata')),
      successUrl: textAt(form, 'success_url')!,
      cancelUrl: textAt(form, 'cancel_url') ?? '',
    });
  }
}

function missingField(form: FormFields, price: FormFields): string | undefined {
  if (textAt(form, 'mode') !== 'payment') return 'mode';
  if (textAt(form, 'success_url') === undefined) return 'success_url';
  if (textAt(price, 'currency') === undefined) return 'line_items[0][price_data][currency]';
  if (textAt(price, 'product_data', 'name') === undefined) {
    return 'line_items[0][price_data][product_data][name]';
  }
  return undefined;
}

function textsOf(fields: FormFields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );
}

function found(thing: object | undefined): Response {
  return thing === undefined
    ? refusal(404, 'invalid_request_error', 'No such object.')
    : Response.json(thing);
}

function refusal(status: number, type: string, message: string): Response {
  return Response.json({ error: { type, message } }, { status });
}
