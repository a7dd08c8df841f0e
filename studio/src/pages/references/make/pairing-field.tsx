/** How pictures and prompts come together. */
import { Label, Radio, RadioGroup } from '@heroui/react';
import { promptsOf } from '../../../parts/draft/draft.ts';
import type { Pairing, Wish } from './make-order.ts';

interface PairingFieldProps {
  readonly wish: Wish;
  readonly onChange: (pairing: Pairing) => void;
}

export function PairingField({ wish, onChange }: PairingFieldProps) {
  const prompts = Math.max(1, promptsOf(wish.text).length);
  const pictures = Math.max(1, wish.references.length);
  return (
    <RadioGroup
      value={wish.pairing}
      onChange={(value) => onChange(value as Pairing)}
      variant="secondary"
    >
      <Label>How they come together</Label>
      <Way
        id="each"
        title="Each picture on its own"
        about={`${counted(pictures, 'picture')} × ${counted(prompts, 'prompt')} = ${counted(pictures * prompts, 'row')}`}
      />
      <Way
        id="together"
        title="All pictures together in every image"
        about={`${counted(prompts, 'prompt')} with ${counted(pictures, 'picture')} each = ${counted(prompts, 'row')}`}
      />
    </RadioGroup>
  );
}

interface WayProps {
  readonly id: Pairing;
  readonly title: string;
  readonly about: string;
}

function Way({ id, title, about }: WayProps) {
  return (
    <Radio value={id}>
      <Radio.Content>
        <Radio.Control className="border border-muted">
          <Radio.Indicator />
        </Radio.Control>
        <span>
          <span className="block text-sm font-medium">{title}</span>
          <span className="block text-xs text-muted tabular-nums">{about}</span>
        </span>
      </Radio.Content>
    </Radio>
  );
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
}
