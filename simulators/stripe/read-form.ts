/** A form with brackets as an object: `a[b][0]=c` is `{a: {b: {0: 'c'}}}`. Lists stay objects by place. */
export interface FormFields {
  [name: string]: string | FormFields;
}

export function readForm(text: string): FormFields {
  const fields: FormFields = {};
  for (const [path, value] of new URLSearchParams(text)) {
    const names = path.replaceAll(']', '').split('[');
    const last = names.pop()!;
    let place = fields;
    for (const name of names) {
      const inner = place[name];
      place = typeof inner === 'object' ? inner : (place[name] = {});
    }
    place[last] = value;
  }
  return fields;
}

export function fieldsAt(fields: FormFields, ...path: readonly string[]): FormFields {
  return path.reduce<FormFields>((place, name) => {
    const inner = place[name];
    return typeof inner === 'object' ? inner : {};
  }, fields);
}

export function textAt(fields: FormFields, ...path: readonly string[]): string | undefined {
  const value = fieldsAt(fields, ...path.slice(0, -1))[path.at(-1)!];
  return typeof value === 'string' ? value : undefined;
}
