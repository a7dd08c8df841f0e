import { postgresHome, sqliteHome } from '../support/stores.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { describeStore } from './store.contract.ts';

const clock = new VirtualClock();

describeStore({
  name: 'SQLite',
  createHome: () => sqliteHome({ clock }),
  advance: (ms) => clock.advance(ms),
  // Several would block each other within one process; `e2e/two-processes.test.ts` has several.
  connections: 1,
});

describeStore({ name: 'PostgreSQL', createHome: postgresHome, connections: 12 });
