/** Work on pictures that are there: choose them, say what to do, try it on one, start, and take the results. */
import { Tabs } from '@heroui/react';
import { useSearch } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../queries/session.ts';
import { InspectionPanel } from './inspection-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { PictureWalk } from './picture-walk.tsx';
import { PicturesPanel } from './pictures-panel.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { RecipeText } from './recipe-text.tsx';
import { jobOf, recipeOf } from './settings.ts';
import { StartJob } from './start-job.tsx';
import { ToolForm } from './tool-forms.tsx';
import { type Tool, TOOLS, type ToolSearch } from './tool-search.ts';
import { useFiles, useOnePicture, usePictures, useToolNavigate } from './use-pictures.ts';
import { useSettings } from './use-settings.ts';

const TITLES: Readonly<Record<Tool, string>> = {
  upscale: 'Upscale',
  convert: 'Convert',
  crop: 'Resize and crop',
  recipe: 'Recipe',
  mark: 'Mark',
  check: 'Check',
  inspect: 'Inspect',
};
const VERBS: Readonly<Record<Exclude<Tool, 'inspect'>, string>> = {
  upscale: 'Upscale',
  convert: 'Convert',
  crop: 'Resize',
  recipe: 'Finish',
  mark: 'Mark',
  check: 'Check',
};

export function ToolsPage() {
  const search = useSearch({ from: '/shell/tools' });
  const go = useToolNavigate();
  const bench = useBench(search);
  const tool = search.tool ?? 'upscale';
  return (
    <Page title="Image tools">
      <Tabs selectedKey={tool} onSelectionChange={(key) => go({ tool: key as Tool })}>
        <Tabs.ListContainer>
          <Tabs.List aria-label="Tools">
            {TOOLS.map((each) => (
              <Tabs.Tab key={each} id={each} className="w-auto grow whitespace-nowrap">
                {TITLES[each]}
                <Tabs.Indicator />
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs.ListContainer>
        {TOOLS.map((each) => (
          <Tabs.Panel key={each} id={each} className="px-0 pt-4">
            <Workbench tool={each} search={search} {...bench} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <JobsPanel opened={search.job} />
    </Page>
  );
}

/** What stays as it is when another tool is taken. */
function useBench(search: ToolSearch) {
  const { settings, change } = useSettings();
  const files = useFiles();
  const { pictures, count, choices, only } = usePictures(search, files.files);
  const picking = useOnePicture(pictures, count);
  return { settings, change, files, pictures, count, choices, only, picking };
}

interface WorkbenchProps extends ReturnType<typeof useBench> {
  readonly tool: Tool;
  readonly search: ToolSearch;
}

function Workbench({ tool, search, settings, change, files, ...bench }: WorkbenchProps) {
  const { pictures, count, choices, only, picking } = bench;
  const mayWrite = useMay('runs:write');
  const job = tool === 'inspect' ? undefined : jobOf(tool, settings);
  const recipe = job && recipeOf(job);
  const problems = recipe?.problems ?? [];
  const isTried = job !== undefined && job.kind !== 'check' && problems.length === 0;
  return (
    <div className="grid gap-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-6">
        <PicturesPanel search={search} files={files} choices={choices} only={only} />
        <section aria-labelledby="settings" className="flex flex-col gap-4">
          <h2 id="settings" className="font-medium">
            {TITLES[tool]}
          </h2>
          <ToolForm
            tool={tool}
            settings={settings}
            change={change}
            problems={problems}
            isOfRun={pictures.kind === 'run'}
          />
          {recipe?.text !== undefined && <RecipeText text={recipe.text} />}
          {tool !== 'inspect' && job !== undefined && mayWrite && (
            <StartJob
              verb={VERBS[tool]}
              job={job}
              problems={problems}
              pictures={pictures}
              count={count}
            />
          )}
        </section>
      </div>
      <section
        aria-labelledby="preview"
        className={`min-w-0 ${tool === 'inspect' ? '' : 'lg:sticky lg:top-4 lg:self-start'}`}
      >
        <div className="mb-3 flex min-h-8 items-center gap-2">
          <h2 id="preview" className="font-medium">
            {tool === 'inspect' ? 'What it says of itself' : 'Preview'}
          </h2>
          <PictureWalk picking={picking} count={count} />
        </div>
        {tool === 'inspect' ? (
          <InspectionPanel one={picking.one} />
        ) : (
          <PreviewPanel
            job={isTried && mayWrite ? job : undefined}
            one={picking.one}
            pictures={pictures}
            count={count}
          />
        )}
      </section>
    </div>
  );
}
