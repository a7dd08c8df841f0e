/**
 * A limit as a person knows it: `openai:3f9a…/gpt-image-2/images-per-minute` is that model's
 * `images-per-minute`; a ceiling of our own says whose it is.
 */
export function limitName(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return key.startsWith('workspace:') ? `${name} of the workspace` : name;
}
