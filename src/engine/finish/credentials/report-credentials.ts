import type {
  CredentialAction,
  CredentialClaims,
  CredentialIngredient,
  CredentialsReport,
} from '../../core/credentials.ts';
import { isOnlyDistrust, wordsOfFailures } from './credential-problems.ts';
import {
  actionsOf,
  ingredientsOf,
  type Manifest,
  type ManifestAction,
  type ManifestIngredient,
  type ManifestStore,
} from './manifest-store.ts';

/** A manifest that contains itself by way of its ingredients would never end. */
const DEEPEST = 16;

/** What a file's manifests say, as plain data. */
export function reportOf({ manifests }: ManifestStore): CredentialsReport {
  const [active] = manifests;
  if (active === undefined) return { kind: 'none' };
  const claims = claimsOf(active, manifests, 0);
  const failures = [
    ...active.validationResults.failure,
    ...(active.ingredientDeltas ?? []).flatMap(({ validationDeltas }) => validationDeltas.failure),
  ].map(({ code }) => code);
  const digitalSourceType = sourceTypeOf(claims);
  return {
    kind: failures.length === 0 ? 'valid' : isOnlyDistrust(failures) ? 'untrusted' : 'broken',
    ...claims,
    ...(digitalSourceType !== undefined && { digitalSourceType }),
    problems: wordsOfFailures(failures),
  };
}

function claimsOf(
  manifest: Manifest,
  manifests: readonly Manifest[],
  depth: number,
): CredentialClaims {
  const { certificateInfo, timeStampInfo } = manifest.signature ?? {};
  const signer = nameIn(certificateInfo?.subject);
  const issuer = nameIn(certificateInfo?.issuer);
  const signedAt = timeStampInfo?.timestamp;
  const certificateEndsAt = certificateInfo?.validity?.notAfter;
  const generator = generatorOf(manifest);
  return {
    ...(signer !== undefined && { signer }),
    ...(issuer !== undefined && { issuer }),
    ...(signedAt !== undefined && { signedAt }),
    ...(certificateEndsAt !== undefined && { certificateEndsAt }),
    ...(generator !== undefined && { generator }),
    actions: actionsOf(manifest).map(actionOf),
    ingredients: ingredientsOf(manifest).map((each) => ingredientOf(each, manifests, depth)),
  };
}

function ingredientOf(
  ingredient: ManifestIngredient,
  manifests: readonly Manifest[],
  depth: number,
): CredentialIngredient {
  const { relationship, activeManifest, c2pa_manifest, validationResults } = ingredient;
  const label = (activeManifest ?? c2pa_manifest)?.url.split('/').at(-1);
  const manifest = manifests.find((each) => each.label === label);
  const failures = validationResults?.activeManifest.failure.map(({ code }) => code) ?? [];
  const { 'dc:title': title, 'dc:format': format } = ingredient;
  return {
    relationship,
    ...(title !== undefined && { title }),
    ...(format !== undefined && { format }),
    ...(manifest !== undefined &&
      depth < DEEPEST && { credentials: claimsOf(manifest, manifests, depth + 1) }),
    problems: wordsOfFailures(failures),
  };
}

function actionOf({ action, description, softwareAgent, ...more }: ManifestAction) {
  const by = agentName(softwareAgent);
  const digitalSourceType = more.digitalSourceType?.split('/').at(-1);
  return {
    action,
    ...(description !== undefined && { description }),
    ...(by !== undefined && { by }),
    ...(digitalSourceType !== undefined && { digitalSourceType }),
    ...(more.when !== undefined && { when: more.when }),
  } satisfies CredentialAction;
}

/** How the picture came to be: said by itself, or by what it was derived from. */
function sourceTypeOf({ actions, ingredients }: CredentialClaims): string | undefined {
  const created = actions.find(({ action }) => action === 'c2pa.created');
  if (created?.digitalSourceType !== undefined) return created.digitalSourceType;
  const parent = ingredients.find(({ relationship }) => relationship === 'parentOf');
  return parent?.credentials === undefined ? undefined : sourceTypeOf(parent.credentials);
}

function generatorOf(manifest: Manifest): string | undefined {
  const claim = manifest['claim.v2'] ?? manifest.claim;
  const info = claim?.claim_generator_info;
  const first = Array.isArray(info) ? info[0] : info;
  return agentName(first) ?? claim?.claim_generator;
}

function agentName(agent: ManifestAction['softwareAgent']): string | undefined {
  if (agent === undefined || typeof agent === 'string') return agent;
  return agent.version === undefined ? agent.name : `${agent.name} ${agent.version}`;
}

/** The common name, or else the organization. */
function nameIn(name: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const found = name?.['CN'] ?? name?.['O'];
  return typeof found === 'string' ? found : undefined;
}
