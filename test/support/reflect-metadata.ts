/** The part of the Reflect metadata proposal that the certificate generator's dependencies ask for. */
type Metadata = Map<unknown, unknown>;
const known = new WeakMap<object, Metadata>();

const read = (name: unknown, target: object) => known.get(target)?.get(name);
Object.assign(Reflect, {
  getMetadata: read,
  getOwnMetadata: read,
  hasOwnMetadata: (name: unknown, target: object) => known.get(target)?.has(name) ?? false,
  defineMetadata: (name: unknown, value: unknown, target: object) => {
    const metadata: Metadata = known.get(target) ?? new Map<unknown, unknown>();
    known.set(target, metadata.set(name, value));
  },
});
