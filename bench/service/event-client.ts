/** A client of one stream of events that keeps how long each entry took to come, and nothing else. */
import { type ClientRequest, get } from 'node:http';

export interface StreamWatch {
  /** Resolves when the first event is there. */
  readonly opened: Promise<void>;
  /** From the time that the store gave an entry to its arrival, in ms. */
  readonly tookMs: number[];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

const AT = /"sequence":\d+,"at":"([^"]+)"/g;

export function watchStream(url: string, key: string): StreamWatch {
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const tookMs: number[] = [];
  const fail = (error: Error) => {
    opened.reject(error);
    ended.reject(error);
  };
  const request: ClientRequest = get(
    url,
    { agent: false, headers: { authorization: `Bearer ${key}` } },
    (answer) => {
      if (answer.statusCode !== 200) fail(new Error(`${url} answered ${answer.statusCode}.`));
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        const now = Date.now();
        opened.resolve();
        for (const [, at] of text.matchAll(AT)) tookMs.push(now - Date.parse(at!));
      });
      answer.on('end', () => ended.resolve());
      answer.on('error', fail);
    },
  );
  request.on('error', fail);
  // Whoever leaves waits for nothing.
  ended.promise.catch(() => {});
  const leave = () => void request.destroy();
  return { opened: opened.promise, tookMs, ended: ended.promise, leave };
}
