/** What a process must have to finish a picture as another one would. */
import type { FinishOrder } from '../core/finisher.ts';
import type { SignerStanding } from '../core/credentials.ts';

const LEARNED = 'learned-upscale';

/** What this process can. */
export function finishingCapabilities(
  imagesPlace: string,
  signer: SignerStanding | undefined,
): string[] {
  return [...common(imagesPlace, signer), ...(hasRuntime() ? [LEARNED] : [])];
}

/** What whoever takes it must be able to: reach the bytes, sign as we do, and enlarge by the network. */
export function finishingNeeds(
  { recipe }: FinishOrder,
  imagesPlace: string,
  signer: SignerStanding | undefined,
): string[] {
  const isLearned = recipe?.outputs.some(({ steps }) =>
    steps.some((step) => step.kind === 'upscale' && step.method !== 'lanczos'),
  );
  return [...common(imagesPlace, signer), ...(isLearned === true ? [LEARNED] : [])];
}

function common(imagesPlace: string, signer: SignerStanding | undefined): string[] {
  const signing =
    signer === undefined
      ? 'unsigned'
      : `signed by ${signer.signer}, ${signer.issuer}, ${signer.endsAt}`;
  return [`images ${imagesPlace}`, `files ${signing}`];
}

/** Whether the package that runs the network is installed; it is loaded by the first picture only. */
function hasRuntime(): boolean {
  const name = 'onnxruntime-node';
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
