/** `fetch` that tells how much of a body has gone up: browsers tell it of XMLHttpRequest only. */
export type OnUploaded = (sent: number, total: number) => void;

export function uploadFetch(onUploaded: OnUploaded): typeof fetch {
  return (input, init = {}) =>
    new Promise<Response>((resolve, reject) => {
      const { signal, body, headers } = init;
      if (signal?.aborted) return reject(signal.reason as Error);
      const request = new XMLHttpRequest();
      const stop = () => request.abort();
      const end = (settle: () => void) => {
        signal?.removeEventListener('abort', stop);
        settle();
      };
      request.open(init.method ?? 'GET', input instanceof Request ? input.url : input.toString());
      for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
      request.responseType = 'blob';
      request.upload.onprogress = ({ loaded, total }) => onUploaded(loaded, total);
      request.onload = () => end(() => resolve(answerOf(request)));
      request.onerror = () => end(() => reject(new TypeError('The server could not be reached')));
      request.onabort = () => end(() => reject(signal?.reason as Error));
      signal?.addEventListener('abort', stop, { once: true });
      request.send((body ?? null) as XMLHttpRequestBodyInit | null);
    });
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = request
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    });
  const { status } = request;
  const isBare = status === 204 || status === 304;
  return new Response(isBare ? null : (request.response as Blob), { status, headers });
}
