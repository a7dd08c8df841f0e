/** A chain of steps as text, as `--finish` takes it. */
import { Button, Description, Label, TextArea, TextField } from '@heroui/react';
import type { FormProps } from './tool-forms.tsx';

const EXAMPLES = [
  {
    title: 'Shop: large and thumbnail',
    text: 'upscale 2x; webp 82 | thumb: resize 256x256; webp 70',
  },
  {
    title: 'Social: three crops',
    text: 'square: crop 1:1 attention; jpeg 85 | story: crop 9:16 attention; jpeg 85 | wide: crop 16:9 attention; jpeg 85',
  },
  { title: 'Web: within 200 kB', text: 'resize 1600x; avif 200KB' },
  { title: 'Print: 4× PNG', text: 'upscale 4x; png' },
] as const;

export function RecipeForm({ settings: { recipe }, change, problems }: FormProps) {
  return (
    <>
      <TextField
        value={recipe.text}
        onChange={(text) => change('recipe', { text })}
        isInvalid={problems.length > 0}
        fullWidth
      >
        <Label>Recipe</Label>
        <TextArea rows={4} spellCheck={false} className="font-mono text-sm" />
        <Description>
          Steps with ; between them: upscale 2x|3x|4x [lanczos], resize WxH [cover|inside|pad
          #ffffff], crop W:H [place], and the format: png, jpeg 82, webp 200KB, avif lossless. A |
          begins another file of the same picture, with a name before its colon.
        </Description>
      </TextField>
      <div className="flex flex-wrap gap-1.5" role="group" aria-label="Recipes to begin with">
        {EXAMPLES.map(({ title, text }) => (
          <Button
            key={title}
            size="sm"
            variant="tertiary"
            onPress={() => change('recipe', { text })}
          >
            {title}
          </Button>
        ))}
      </div>
    </>
  );
}
