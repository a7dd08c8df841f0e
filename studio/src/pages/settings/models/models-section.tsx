/** What can be made here, for how much, and what it takes to use the rest. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button, SearchField } from '@heroui/react';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { modelsQuery } from '../../../queries/account.ts';
import { Choice } from '../parts/choice.tsx';
import { Rows, Section, SectionSkeleton } from '../parts/section.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { isFound, type Shown, SHOWN_OPTIONS } from './find-models.ts';
import { ModelRow } from './model-row.tsx';

export function ModelsSection() {
  const { data, error, isPending, refetch } = useQuery(modelsQuery);
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState<Shown>('current');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [isComparing, setIsComparing] = useState(false);
  const models = (data ?? []).filter((model) => isFound(model, { search, shown }));
  const compared = (data ?? []).filter(({ model }) => chosen.includes(model));
  return (
    <Section
      title="Models and prices"
      about="Prices are of one delivered image. What is refused or fails costs no credits."
      actions={
        <Button
          variant="secondary"
          isDisabled={compared.length < 2}
          onPress={() => setIsComparing(true)}
        >
          {compared.length < 2 ? 'Choose two to compare' : `Compare ${compared.length}`}
        </Button>
      }
    >
      <div className="flex flex-wrap gap-2">
        <SearchField
          aria-label="Find a model"
          value={search}
          onChange={setSearch}
          className="min-w-48 flex-1"
        >
          <SearchField.Group>
            <SearchField.SearchIcon />
            <SearchField.Input placeholder="Name or vendor" />
            <SearchField.ClearButton />
          </SearchField.Group>
        </SearchField>
        <Choice
          label="Which models"
          isLabelHidden
          value={shown}
          onChange={(id) => setShown(id as Shown)}
          options={SHOWN_OPTIONS}
          className="w-52"
        />
      </div>
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data && models.length === 0 && (
        <EmptyPanel
          title="No model is called so"
          detail="Look among all of them, or clear the search."
        >
          <Button
            variant="secondary"
            onPress={() => {
              setSearch('');
              setShown('all');
            }}
          >
            Show all models
          </Button>
        </EmptyPanel>
      )}
      {models.length > 0 && (
        <Rows label="Models">
          {models.map((model) => (
            <ModelRow
              key={model.model}
              of={model}
              isChosen={chosen.includes(model.model)}
              onChoose={(is) =>
                setChosen(
                  is
                    ? [...chosen, model.model].slice(-4)
                    : chosen.filter((each) => each !== model.model),
                )
              }
            />
          ))}
        </Rows>
      )}
      <CompareDialog models={compared} isOpen={isComparing} onClose={() => setIsComparing(false)} />
    </Section>
  );
}
