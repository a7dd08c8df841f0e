import { gatewayPage } from '../reply.ts';

/** The server's own error shape: the name of the exception, and its text. */
export function exceptionReply(status: number, error: string, errors: string): Response {
  const detail = error === 'HTTPException' ? errors : '';
  const text = error === 'HTTPException' ? '' : errors;
  return Response.json({ error, detail, body: '', errors: text }, { status });
}

/** How FastAPI answers a body that its models do not take. */
export function validationReply(field: string, message: string, type: string): Response {
  return Response.json({ detail: [{ loc: ['body', field], msg: message, type }] }, { status: 422 });
}

/** A path that is not served: every path below `/sdapi` when `--api` is missing. */
export function notServed(): Response {
  return Response.json({ detail: 'Not Found' }, { status: 404 });
}

export const WRONG_PASSWORD = 'Incorrect username or password';
export const NO_SAMPLER = 'Sampler not found';
export const OUT_OF_MEMORY =
  'CUDA out of memory. Tried to allocate 4.50 GiB (GPU 0; 8.00 GiB total capacity).';

/** The web server's own page when the application broke before it could write its shape. */
export function brokenServer(status: 500 | 502 | 504): Response {
  return status === 500
    ? new Response('Internal Server Error', { status, headers: { 'content-type': 'text/plain' } })
    : gatewayPage(status);
}
