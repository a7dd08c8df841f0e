import { Chip } from '@heroui/react';

/** Whether a workspace may make images. */
export function StateChip({ state }: { readonly state: 'active' | 'suspended' }) {
  return (
    <Chip size="sm" variant="soft" color={state === 'active' ? 'success' : 'danger'}>
      {state}
    </Chip>
  );
}
