/** The sections of the settings, in the order of their list. */
import { type ComponentType, lazy } from 'react';
import type { Scope } from '../../queries/session.ts';

export interface Section {
  /** As in the address: `/settings/keys`. */
  readonly id: string;
  readonly title: string;
  /** Only those who may do this see it; absent: everybody. */
  readonly scope?: Scope;
  readonly Content: ComponentType;
}

export const SECTIONS: readonly Section[] = [
  {
    id: 'workspace',
    title: 'Workspace',
    Content: lazy(async () => ({
      default: (await import('./workspace/workspace-section.tsx')).WorkspaceSection,
    })),
  },
  {
    id: 'members',
    title: 'Members',
    scope: 'workspace:manage',
    Content: lazy(async () => ({
      default: (await import('./members/members-section.tsx')).MembersSection,
    })),
  },
  {
    id: 'keys',
    title: 'Keys',
    scope: 'workspace:manage',
    Content: lazy(async () => ({ default: (await import('./keys/keys-section.tsx')).KeysSection })),
  },
  {
    id: 'webhooks',
    title: 'Webhooks',
    scope: 'workspace:manage',
    Content: lazy(async () => ({
      default: (await import('./webhooks/webhooks-section.tsx')).WebhooksSection,
    })),
  },
  {
    id: 'models',
    title: 'Models and prices',
    scope: 'runs:read',
    Content: lazy(async () => ({
      default: (await import('./models/models-section.tsx')).ModelsSection,
    })),
  },
  {
    id: 'credits',
    title: 'Credits and packs',
    scope: 'credits:read',
    Content: lazy(async () => ({
      default: (await import('./credits/credits-section.tsx')).CreditsSection,
    })),
  },
  {
    id: 'limits',
    title: 'Limits',
    scope: 'runs:read',
    Content: lazy(async () => ({
      default: (await import('./limits/limits-section.tsx')).LimitsSection,
    })),
  },
  {
    id: 'appearance',
    title: 'Appearance and keyboard',
    Content: lazy(async () => ({
      default: (await import('./appearance/appearance-section.tsx')).AppearanceSection,
    })),
  },
];
