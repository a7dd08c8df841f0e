/** The name that a colour profile gives itself (ICC.1:2022 §7.3, tag `desc`); `undefined` if it has none. */
export function iccName(profile: Buffer): string | undefined {
  if (profile.length < 132) return undefined;
  const tags = Math.min(profile.readUInt32BE(128), 100);
  for (let tag = 0; tag < tags; tag += 1) {
    const entry = 132 + tag * 12;
    if (entry + 12 > profile.length) return undefined;
    if (profile.toString('latin1', entry, entry + 4) !== 'desc') continue;
    const start = profile.readUInt32BE(entry + 4);
    return nameIn(profile.subarray(start, start + profile.readUInt32BE(entry + 8)));
  }
  return undefined;
}

/** `mluc`: UTF-16 in several languages, the first is taken; `desc` (version 2): ASCII. */
function nameIn(tag: Buffer): string | undefined {
  const type = tag.toString('latin1', 0, 4);
  if (type === 'mluc' && tag.length >= 28) {
    const [length, start] = [tag.readUInt32BE(20), tag.readUInt32BE(24)];
    const text = Buffer.from(tag.subarray(start, start + (length & ~1)));
    return text.length % 2 === 0 ? text.swap16().toString('utf16le') : undefined;
  }
  if (type !== 'desc' || tag.length < 12) return undefined;
  return tag.toString('latin1', 12, 12 + tag.readUInt32BE(8)).replace(/\0.*$/s, '');
}
