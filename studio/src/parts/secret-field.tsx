/** A text to take along: selected when it is entered, copied by a button. */
import { useRef, useState } from 'react';
import { Button, Input, Label, TextField } from '@heroui/react';
import { Check, Copy } from 'lucide-react';

interface SecretFieldProps {
  readonly label: string;
  readonly secret: string;
  /** `new-password`: password managers offer to keep it. */
  readonly autoComplete?: 'off' | 'new-password';
  readonly name?: string;
}

export function SecretField({ label, secret, autoComplete = 'off', name }: SecretFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    setIsCopied(await copied(secret, input.current));
  };
  return (
    <TextField value={secret} isReadOnly {...(name !== undefined && { name })}>
      <Label>{label}</Label>
      <div className="flex gap-2">
        <Input
          ref={input}
          autoComplete={autoComplete}
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
          className="min-w-0 flex-1 font-mono text-sm"
        />
        <Button variant="secondary" onPress={() => void copy()}>
          {isCopied ? (
            <Check aria-hidden className="size-4" />
          ) : (
            <Copy aria-hidden className="size-4" />
          )}
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </TextField>
  );
}

/** Where a page without https may not use the clipboard, the text is selected for Ctrl-C. */
async function copied(text: string, input: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    input?.focus();
    input?.select();
    return false;
  }
}
