const KEY_NAMES = ['key', 'api_key', 'apikey', 'api-key', 'apiKey', 'token', 'secret', 'password'];

/** A setting that would hold a key in the config file, where none belongs. */
export function isKeyName(name: string): boolean {
  return KEY_NAMES.includes(name);
}
