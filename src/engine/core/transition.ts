import { IllegalStateError } from './errors.ts';

/** For each state, the states that may follow it. */
export type TransitionTable<State extends string> = Readonly<Record<State, readonly State[]>>;

/** The states from which `to` may be reached: what an UPDATE checks in its WHERE clause. */
export function statesBefore<State extends string>(
  table: TransitionTable<State>,
  to: State,
): State[] {
  return (Object.keys(table) as State[]).filter((from) => table[from].includes(to));
}

/** Returns `to`, or throws an error that names the thing, its state and what was tried. */
export function transition<State extends string>(
  table: TransitionTable<State>,
  what: string,
  from: State,
  to: State,
): State {
  if (table[from].includes(to)) return to;
  const possible = table[from].length === 0 ? 'nothing' : table[from].join(', ');
  throw new IllegalStateError(
    `${what} is ${from} and cannot become ${to}; from here it can become: ${possible}.`,
  );
}
