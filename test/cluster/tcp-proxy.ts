/** Stands before a server on this machine, so that its connections can be cut, stalled and refused. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Ends every connection without a word; answers how many there were. */
  cut(): number;
  /** Nothing passes in either direction until `flow()`; the connections stay open. */
  stall(): void;
  flow(): void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let isStalled = false;
  const server = createServer((near) => {
    const pair = { near, far: connect(targetPort, '127.0.0.1') };
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
    if (isStalled) hold(pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    const { size } = pairs;
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    return size;
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    stall: () => {
      isStalled = true;
      for (const pair of pairs) hold(pair);
    },
    flow: () => {
      isStalled = false;
      for (const { near, far } of pairs) {
        near.resume();
        far.resume();
      }
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

function hold({ near, far }: Pair): void {
  near.pause();
  far.pause();
}

/** Passes on what comes, with the pace of whoever is slower; one end that goes takes the other along. */
function join({ near, far }: Pair, onEnd: () => void): void {
  const pass = (from: Socket, to: Socket) => {
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      to.destroy();
      onEnd();
    });
  };
  pass(near, far);
  pass(far, near);
}
