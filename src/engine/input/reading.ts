/** What is wrong with a cell, in the words of a `Problem`. */
export interface Trouble {
  readonly message: string;
  readonly remedy: string;
}

/** A cell's value, or what is wrong with it. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly trouble: Trouble };

export function good<Value>(value: Value): Reading<Value> {
  return { ok: true, value };
}

export function bad(message: string, remedy: string): Reading<never> {
  return { ok: false, trouble: { message, remedy } };
}
