type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

/** The values that are there: what a request left out is no key of the answer. */
export function given<Values extends object>(values: Values): Given<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Values>;
}
