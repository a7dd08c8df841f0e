/** The references of a prompt: those that are chosen, and the library to choose others from. */
import { useState } from 'react';
import { Button } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { ImagePlus, X } from 'lucide-react';
import { type Reference, referencesQuery, thumbnailOf } from '../queries/references.ts';
import { Picture } from './picture.tsx';
import { ReferenceDialog } from './reference-dialog.tsx';

interface ReferencePickerProps {
  /** `@name`s, in their order. */
  readonly value: readonly string[];
  readonly onChange: (next: readonly string[]) => void;
  /** As many as the model takes. */
  readonly most?: number;
  readonly isDisabled?: boolean;
}

export function ReferencePicker(props: ReferencePickerProps) {
  const { value, onChange, most, isDisabled = false } = props;
  const [isOpen, setIsOpen] = useState(false);
  const { data } = useQuery(referencesQuery);
  const known = new Map(data?.map((each) => [`@${each.name}`, each]));
  const isOver = most !== undefined && value.length > most;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {value.length > 0 && (
        <ul aria-label="Chosen references" className="flex flex-wrap gap-2">
          {value.map((name) => (
            <Chosen
              key={name}
              name={name}
              reference={known.get(name)}
              isGone={data !== undefined && !known.has(name)}
              isDisabled={isDisabled}
              onRemove={() => onChange(value.filter((each) => each !== name))}
            />
          ))}
        </ul>
      )}
      <Button
        size="sm"
        variant="secondary"
        isDisabled={isDisabled || most === 0}
        onPress={() => setIsOpen(true)}
      >
        <ImagePlus aria-hidden className="size-4" />
        {value.length === 0 ? 'Add references' : 'Change'}
      </Button>
      {most !== undefined && (
        <span className={`text-xs tabular-nums ${isOver ? 'text-danger' : 'text-muted'}`}>
          {mostText(value.length, most)}
        </span>
      )}
      {isOpen && (
        <ReferenceDialog
          value={value}
          most={most}
          onClose={() => setIsOpen(false)}
          onChoose={(next) => {
            setIsOpen(false);
            onChange(next);
          }}
        />
      )}
    </div>
  );
}

function mostText(chosen: number, most: number): string {
  if (most === 0) return 'This model takes no references';
  return chosen > most ? `${chosen} chosen, ${most} are taken` : `${chosen} of ${most}`;
}

interface ChosenProps {
  readonly name: string;
  readonly reference: Reference | undefined;
  /** The library is there, and does not have it. */
  readonly isGone: boolean;
  readonly isDisabled: boolean;
  readonly onRemove: () => void;
}

function Chosen({ name, reference, isGone, isDisabled, onRemove }: ChosenProps) {
  return (
    <li className="flex items-center gap-2 rounded-md border border-separator bg-surface py-1 pr-1 pl-1">
      <span className="block size-9 shrink-0 overflow-hidden rounded-sm bg-default">
        {reference && <Picture src={thumbnailOf(reference, 96)} alt="" fit="cover" />}
      </span>
      <span className="max-w-36 min-w-0">
        <span className="block truncate text-sm">{name}</span>
        {isGone && <span className="block text-xs text-danger">not in the library</span>}
      </span>
      <Button
        isIconOnly
        size="sm"
        variant="ghost"
        aria-label={`Remove ${name}`}
        isDisabled={isDisabled}
        onPress={onRemove}
      >
        <X aria-hidden className="size-4" />
      </Button>
    </li>
  );
}
