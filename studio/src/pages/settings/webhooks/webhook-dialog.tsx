import { useState } from 'react';
import { Checkbox, CheckboxGroup, Label } from '@heroui/react';
import {
  WORKSPACE_EVENT_TYPES,
  type WorkspaceEventType,
} from '../../../../../src/engine/core/workspace-event.ts';
import { client } from '../../../client.ts';
import type { Webhook } from '../../../queries/settings.ts';
import { TextEntry, textOf } from '../parts/fields.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useChange } from '../use-change.ts';
import { EVENT_WORDS } from './event-words.ts';

interface WebhookDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
  /** Absent: a new one. */
  readonly webhook?: Webhook;
}

export function WebhookDialog({ isOpen, onClose, onSecret, webhook }: WebhookDialogProps) {
  const [events, setEvents] = useState<readonly WorkspaceEventType[]>(
    webhook?.events ?? WORKSPACE_EVENT_TYPES,
  );
  const save = useChange({
    isForm: true,
    about: ['webhooks'],
    work: async (fields: FormData) => {
      const order = {
        url: textOf(fields, 'url') ?? '',
        description: textOf(fields, 'description') ?? '',
        events: events.length === WORKSPACE_EVENT_TYPES.length ? null : [...events],
      };
      if (webhook === undefined) return (await client.webhooks.create(order)).secret;
      await client.webhooks.change(webhook.webhook, order);
      return undefined;
    },
    onDone: (secret) => {
      close();
      if (secret !== undefined) onSecret(secret);
    },
  });
  const close = () => {
    save.reset();
    onClose();
  };
  return (
    <FormDialog
      title={webhook === undefined ? 'New webhook' : 'Change the webhook'}
      isOpen={isOpen}
      onClose={close}
      action={webhook === undefined ? 'Make the webhook' : 'Save'}
      work={save}
      onSubmit={(fields) => save.mutate(fields)}
    >
      <TextEntry
        name="url"
        label="Address"
        placeholder="https://example.com/imagemill"
        isRequired
        autoFocus
        {...(webhook && { defaultValue: webhook.url })}
      />
      <TextEntry
        name="description"
        label="Description"
        placeholder="Orders of the shop"
        {...(webhook && { defaultValue: webhook.description })}
      />
      <EventBoxes events={events} onChange={setEvents} />
    </FormDialog>
  );
}

interface EventBoxesProps {
  readonly events: readonly WorkspaceEventType[];
  readonly onChange: (events: readonly WorkspaceEventType[]) => void;
}

function EventBoxes({ events, onChange }: EventBoxesProps) {
  const isAll = events.length === WORKSPACE_EVENT_TYPES.length;
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        isSelected={isAll}
        isIndeterminate={!isAll && events.length > 0}
        onChange={(all) => onChange(all ? WORKSPACE_EVENT_TYPES : [])}
      >
        <Checkbox.Content>
          <Checkbox.Control>
            <Checkbox.Indicator />
          </Checkbox.Control>
          Everything, also what is added later
        </Checkbox.Content>
      </Checkbox>
      <CheckboxGroup
        value={[...events]}
        onChange={(chosen) =>
          onChange(WORKSPACE_EVENT_TYPES.filter((type) => chosen.includes(type)))
        }
        className="grid gap-2 sm:grid-cols-2"
      >
        <Label className="sm:col-span-2">It is told when</Label>
        {WORKSPACE_EVENT_TYPES.map((type) => (
          <Checkbox key={type} value={type}>
            <Checkbox.Content>
              <Checkbox.Control>
                <Checkbox.Indicator />
              </Checkbox.Control>
              {EVENT_WORDS[type]}
            </Checkbox.Content>
          </Checkbox>
        ))}
      </CheckboxGroup>
    </div>
  );
}
