/** Variables of the process by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter values are no keys, and would be found inside ordinary words. */
const SHORTEST_KEY = 6;

/** Takes the values of all keys of the environment out of a text that a person will read. */
export function withoutKeys(text: string, environment: Environment): string {
  return Object.entries(environment)
    .filter(([name]) => /_(KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE|AUTH)$/.test(name))
    .map(([, value]) => value?.trim() ?? '')
    .filter((value) => value.length >= SHORTEST_KEY)
    .reduce((words, key) => words.replaceAll(key, '[key]'), text)
    .replaceAll(/(\w+:\/\/[^\s:/@]+):[^\s@/]+@/g, '$1:[password]@');
}
