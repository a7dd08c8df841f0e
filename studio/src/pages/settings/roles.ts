/** What each role may do, in words. */
import type { Role, Scope } from '../../../../src/engine/core/workspace.ts';
import type { Option } from './parts/choice.tsx';

export const ROLE_WORDS: Readonly<
  Record<Role, { readonly title: string; readonly about: string }>
> = {
  viewer: { title: 'Viewer', about: 'Looks at runs, images and credits.' },
  member: { title: 'Member', about: 'Makes images as well.' },
  admin: { title: 'Admin', about: 'Also keeps members, keys and webhooks, and buys credits.' },
  operator: { title: 'Operator', about: 'Runs the installation: every workspace, grants.' },
};

export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  'runs:read': 'See runs and images',
  'runs:write': 'Make images',
  'credits:read': 'See credits',
  'credits:buy': 'Buy credits',
  'workspace:manage': 'Keep members, keys, webhooks',
  operate: 'Run the installation',
};

/** The roles that somebody with these scopes may give. */
export function roleOptions(scopes: readonly Scope[]): Option[] {
  const roles: Role[] = ['viewer', 'member', 'admin'];
  if (scopes.includes('operate')) roles.push('operator');
  return roles.map((id) => ({ id, ...ROLE_WORDS[id] }));
}
