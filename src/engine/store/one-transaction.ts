/** Several operations of the store as one transaction: all of them are there at once, with one flush. */
import type { StoreContext } from './context.ts';
import type { Database, Trx } from './dialect.ts';

export async function inOneTransaction<Result>(
  context: StoreContext,
  work: (context: StoreContext) => Promise<Result>,
): Promise<Result> {
  return context.database
    .transaction()
    .execute((trx) => work({ ...context, database: joined(trx) }));
}

/** The transaction as a database whose transactions are this one: operations need not know of it. */
function joined(trx: Trx): Database {
  return new Proxy(trx as Database, {
    get: (target, name) => {
      if (name === 'transaction') {
        return () => ({ execute: <Result>(work: (inner: Trx) => Result) => work(trx) });
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
