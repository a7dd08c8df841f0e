type Mutable<Value> = Value extends readonly (infer Entry)[]
  ? Mutable<Entry>[]
  : Value extends object
    ? { -readonly [Name in keyof Value]: Mutable<Value[Name]> }
    : Value;

/** The same value, as a schema's type has it: what is about to be sent is nobody else's any more. */
export function asSent<Value>(value: Value): Mutable<Value> {
  return value as Mutable<Value>;
}
