/** The size of images whose row names none: a usual one, or any. */
import { useState } from 'react';
import { parseSize } from '../../../../src/engine/core/size.ts';
import { ChoiceField, WordsField } from '../../parts/fields.tsx';
import { SIZES } from './model-facts.ts';

interface SizeFieldProps {
  readonly value: string;
  readonly onChange: (size: string) => void;
}

const OTHER = 'other';

export function SizeField({ value, onChange }: SizeFieldProps) {
  const isUsual = SIZES.some(({ id }) => id === value);
  const [isOther, setIsOther] = useState(!isUsual);
  const [typed, setTyped] = useState(value);
  const isWrong = parseSize(typed) === undefined;
  return (
    <div className="flex flex-col gap-2">
      <ChoiceField
        label="Size"
        value={isOther ? OTHER : value}
        choices={[...SIZES, { id: OTHER, text: 'Another size' }]}
        onChange={(id) => {
          setIsOther(id === OTHER);
          setTyped(value);
          if (id !== OTHER) onChange(id);
        }}
      />
      {isOther && (
        <WordsField
          label="Width and height"
          value={typed}
          placeholder="1280x720"
          problem={isWrong ? 'Write width and height: 1280x720.' : undefined}
          onChange={(text) => {
            setTyped(text);
            if (parseSize(text) !== undefined) onChange(text.trim());
          }}
        />
      )}
    </div>
  );
}
