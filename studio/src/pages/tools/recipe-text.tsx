/** What is set, as a recipe: the same words are a run's own by `--finish`. */
import { Button, toast } from '@heroui/react';
import { Copy } from 'lucide-react';

export function RecipeText({ text }: { readonly text: string }) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast.success('Copied the recipe'),
      () => toast.warning('The browser does not let pages copy', { description: text }),
    );
  return (
    <div className="flex items-center gap-2 rounded-md bg-default px-3 py-2">
      <div className="min-w-0 grow">
        <p className="text-xs text-muted">As a recipe, also for a run&rsquo;s --finish</p>
        <code className="block text-sm break-words">{text}</code>
      </div>
      <Button
        isIconOnly
        size="sm"
        variant="ghost"
        aria-label="Copy the recipe"
        onPress={() => void copy()}
      >
        <Copy aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
