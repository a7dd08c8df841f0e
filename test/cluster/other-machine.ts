/**
 * `node --import other-machine.ts`: this process believes to be on the machine `CLUSTER_HOST`, whose clock is
 * `CLUSTER_SKEW_MS` ahead. For tests only, before anything else of the program is loaded.
 */
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const host = process.env['CLUSTER_HOST'];
if (host !== undefined) {
  os.hostname = () => host;
  syncBuiltinESMExports();
}

const skewMs = Number(process.env['CLUSTER_SKEW_MS'] ?? 0);
if (skewMs !== 0) {
  const { timeOrigin } = performance;
  Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + skewMs });
  const RealDate = Date;
  const now = () => RealDate.now() + skewMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, self) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, self) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
