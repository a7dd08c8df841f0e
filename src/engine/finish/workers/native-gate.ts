/**
 * A thread that is ended while it is inside the ONNX runtime takes the whole process down with it
 * (`terminate called after throwing an instance of 'Napi::Error'`, exit code 134), since the runtime's
 * binding throws when it may no longer return. So who ends threads closes a gate first: whoever is
 * inside comes out, and nobody else goes in.
 */

/** Places of the shared memory. */
const CLOSED = 0;
const INSIDE = 1;
/** Far longer than any single call; a thread that hangs must not keep the process from ending. */
const LONGEST_CALL_MS = 5000;

export interface NativeGate {
  /** What a thread of ours needs, for `useNativeGate`. */
  readonly shared: SharedArrayBuffer;
  /** Returns when no thread is inside; it holds the calling thread for one call at most. */
  readonly close: () => void;
}

export function createNativeGate(): NativeGate {
  const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const places = new Int32Array(shared);
  return {
    shared,
    close: () => {
      Atomics.store(places, CLOSED, 1);
      for (let left = Atomics.load(places, INSIDE); left > 0; left = Atomics.load(places, INSIDE)) {
        if (Atomics.wait(places, INSIDE, left, LONGEST_CALL_MS) === 'timed-out') return;
      }
    },
  };
}

/** Of this thread; a thread that nobody ends has none. */
let ours: Int32Array | undefined;

/** Said once by a worker thread, with what its pool shares. */
export function useNativeGate(shared: SharedArrayBuffer): void {
  ours = new Int32Array(shared);
}

/**
 * Makes one call into native code. When the gate is closed it never answers: the thread is about to be
 * ended, and its picture must not count as one that failed.
 */
export async function throughNativeGate<Result>(call: () => Promise<Result>): Promise<Result> {
  const places = ours;
  if (places === undefined) return await call();
  Atomics.add(places, INSIDE, 1);
  // Looked at from inside: a gate that is closed later waits for us.
  if (Atomics.load(places, CLOSED) === 1) {
    leave(places);
    return await new Promise<never>(() => {});
  }
  try {
    return await call();
  } finally {
    leave(places);
  }
}

function leave(places: Int32Array): void {
  Atomics.sub(places, INSIDE, 1);
  Atomics.notify(places, INSIDE);
}
