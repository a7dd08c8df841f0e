import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { OWN_TURNS } from '../core/admission.ts';
import type { Signals, SignalTopic } from '../ports/signals.ts';
import { RoomNews } from './room-news.ts';

const FULL = {
  lane: { limit: 'a/slots', reason: 'full', until: 600_000, endsEarly: true },
} as const;

/** Processes of one store: what one tells, the others hear. */
function processes() {
  const clock = new VirtualClock();
  const listeners = new Map<string, (topic?: SignalTopic) => void>();
  const told: string[] = [];
  const process = (name: string) => {
    const signals: Signals = {
      notify: (topic) => {
        told.push(`${name}: ${topic}`);
        for (const [other, listener] of listeners) if (other !== name) listener(topic);
      },
      subscribe: (listener) => {
        listeners.set(name, listener);
        return () => listeners.delete(name);
      },
      [Symbol.asyncDispose]: async () => {},
    };
    return new RoomNews({ clock, signals });
  };
  const say = (topic: SignalTopic) => listeners.forEach((listener) => listener(topic));
  const forget = () => told.splice(0);
  return { clock, process, told, say, forget };
}

describe('what an end gives back', () => {
  test('is told to nobody while nobody waits, and to whoever has said that he does', async () => {
    const { clock, process, told, forget } = processes();
    const [sends, waits] = [process('sends'), process('waits')];
    let woken = 0;
    using idle = sends.watch(() => {});
    using watch = waits.watch(() => (woken += 1));
    await clock.advance(20_000);
    sends.freed();
    expect(told).toEqual([]);
    watch.waits(FULL);
    sends.freed();
    expect(told).toEqual(['waits: slots-wanted', 'sends: slots']);
    expect(woken).toBe(1);
    watch.waits({});
    await clock.advance(20_000);
    forget();
    sends.freed();
    expect(told).toEqual([]);
    idle.waits({});
  });

  test('is looked for by who waits, in case that nothing was heard of it, and said again', async () => {
    const { clock, process, told } = processes();
    let woken = 0;
    using watch = process('waits').watch(() => (woken += 1));
    watch.waits(FULL);
    await clock.advance(1_100);
    expect(woken).toBe(1);
    await clock.advance(5_000);
    expect(woken).toBe(2);
    expect(told).toEqual(['waits: slots-wanted', 'waits: slots-wanted']);
    watch.waits({});
    expect(clock.nextAt).toBeUndefined();
  });

  test('is of no use to what waits for a time, or for a turn in its own process', async () => {
    const { clock, process, told } = processes();
    using watch = process('waits').watch(() => expect.unreachable());
    watch.waits({ lane: { limit: 'a/window', reason: 'full', until: 60_000 } });
    watch.waits({ lane: { limit: OWN_TURNS, reason: 'others come first', endsEarly: true } });
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });

  test('is told for long where a process of an older version was heard, which waits without a word', async () => {
    const { clock, process, told, say } = processes();
    const sends = process('sends');
    using watch = sends.watch(() => {});
    say('older');
    await clock.advance(300_000);
    sends.freed();
    expect(told).toEqual(['sends: slots']);
    watch.waits({});
  });
});
