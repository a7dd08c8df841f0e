import { paintPicture } from './picture.ts';
import { waitHalf } from './reply.ts';
import type { VendorApp, VendorState } from './simulator.ts';
import type { Task, TaskBook } from './task-book.ts';

/**
 * Signed addresses of finished pictures, on the API's own origin: clients that guard against
 * addresses of the local network take no others.
 */
export function addressesOf(
  state: VendorState,
  task: Task,
  origin: string,
  validMs: number,
): readonly string[] {
  const isExpired = task.expiredAddresses > 0;
  if (isExpired) task.expiredAddresses -= 1;
  const expires = state.clock.now() + (isExpired ? -1 : validMs);
  return task.pictures.map(
    ({ format }, index) => `${origin}/results/${task.id}/${index}.${format}?expires=${expires}`,
  );
}

/** Serves the pictures until their address expires; then 403, as object stores answer. */
export function addResultFiles(app: VendorApp, state: VendorState, tasks: TaskBook): void {
  app.get('/results/:task/:file', async (context) => {
    const { call } = context.env;
    call.log.operation = 'download';
    await waitHalf(state, call);
    const expires = Number(context.req.query('expires'));
    if (!(expires >= state.clock.now())) return expired();
    const index = Number.parseInt(context.req.param('file'), 10);
    const order = tasks.find(context.req.param('task'))?.pictures[index];
    if (!order) return new Response('Not Found', { status: 404 });
    const { bytes } = await paintPicture(order);
    await waitHalf(state, call);
    // A copy: the body must own its buffer.
    const headers = { 'content-type': `image/${order.format}` };
    return new Response(new Uint8Array(bytes), { headers });
  });
}

function expired(): Response {
  const body =
    '<?xml version="1.0" encoding="utf-8"?><Error><Code>AccessDenied</Code>' +
    '<Message>Request has expired</Message></Error>';
  return new Response(body, { status: 403, headers: { 'content-type': 'application/xml' } });
}
