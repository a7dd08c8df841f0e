/** How undici (Node's fetch) tells that a connection ended before the answer. */
export function connectionLost(): TypeError {
  const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  return new TypeError('fetch failed', { cause });
}

/**
 * The same answer, whose body stops in the middle: its `content-length` promises all, half of it
 * comes, then the connection ends as undici tells it.
 */
export async function cutInTheMiddle(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set('content-length', String(bytes.length));
  let isHalfSent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isHalfSent) controller.error(terminated());
      else controller.enqueue(bytes.subarray(0, Math.floor(bytes.length / 2)));
      isHalfSent = true;
    },
  });
  return new Response(body, { status: response.status, headers });
}

/** How undici tells that a connection ended in the middle of a body. */
export function terminated(): TypeError {
  const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  return new TypeError('terminated', { cause });
}

/**
 * Gives what `work` gives, or rejects as soon as the client gives up, as fetch does. The work goes on
 * all the same: a vendor paints (and bills) for clients that have left.
 */
export function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    const release = () => signal.removeEventListener('abort', giveUp);
    work.then(resolve, reject).finally(release);
  });
}
