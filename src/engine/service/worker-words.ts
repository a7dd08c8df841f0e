/** What a process tells others that it can, in words for people: places of images and signers' names stay inside. */
const VENDOR = 'vendor:';

/** Vendors whose keys it has. */
export function vendorsIn(capabilities: readonly string[]): string[] {
  return capabilities
    .filter((each) => each.startsWith(VENDOR))
    .map((each) => each.slice(VENDOR.length))
    .toSorted();
}

/** What its machine can beside that. */
export function skillsIn(capabilities: readonly string[]): string[] {
  return [
    ...(capabilities.includes('learned-upscale') ? ['enlarges by the network'] : []),
    ...(capabilities.some((each) => each.startsWith('files signed by')) ? ['signs files'] : []),
  ];
}
