/** Every scenario with every contender, and every seed. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../scratch-folder.ts';
import { type Contender, CONTENDERS, type ServiceName } from './contenders.ts';
import { type Life, liveScenario } from './live-scenario.ts';
import { type Scenario, type ScenarioName, scenarioOf } from './scenarios.ts';
import { startPostgres } from './services/postgres.ts';
import { hasRedis, startRedis } from './services/redis.ts';
import type { Service } from './services/service.ts';

export interface Order {
  readonly wanted: readonly string[];
  readonly scenarios: readonly ScenarioName[];
  readonly seed: number;
  readonly isQuick: boolean;
  readonly say: (line: string) => void;
}

export interface AllLives {
  readonly scenarios: readonly Scenario[];
  readonly lives: readonly Life[];
  /** Contenders that could not run, each with its reason. */
  readonly leftOut: Readonly<Record<string, string>>;
}

type Services = ReadonlyMap<ServiceName, Service>;

export async function runAll(order: Order): Promise<AllLives> {
  await using scratch = await scratchFolder();
  await using open = new AsyncDisposableStack();
  const leftOut: Record<string, string> = {};
  const chosen = CONTENDERS.filter(({ name }) => order.wanted.includes(name));
  const services = await openServices(chosen, scratch.path, open, leftOut);
  const able = chosen.filter(({ name }) => !(name in leftOut));
  const scenarios = order.scenarios.map((name) => scenarioOf(name, order.isQuick));
  const lives: Life[] = [];
  for (const scenario of scenarios) {
    const there = able.filter((contender) => takesPart(contender, scenario));
    order.say(`${scenario.title}: ${there.map(({ name }) => name).join(', ')}`);
    lives.push(
      ...(await runScenario(scenario, there, { ...order, services, folder: scratch.path })),
    );
  }
  return { scenarios, lives, leftOut };
}

function takesPart({ name, onlyWhenNamed }: Contender, scenario: Scenario): boolean {
  const isCalled = !onlyWhenNamed || scenario.alsoRuns?.includes(name) === true;
  return isCalled && (scenario.runsOnly?.includes(name) ?? true);
}

async function openServices(
  contenders: readonly Contender[],
  folder: string,
  open: AsyncDisposableStack,
  leftOut: Record<string, string>,
): Promise<Services> {
  const services = new Map<ServiceName, Service>();
  for (const { name, needs } of contenders) {
    if (needs === 'redis' && !hasRedis()) {
      leftOut[name] = 'redis-server is not installed';
    } else if (needs !== undefined && !services.has(needs)) {
      const start = needs === 'redis' ? startRedis : startPostgres;
      services.set(needs, open.use(await start(folder)));
    }
  }
  return services;
}

async function runScenario(
  scenario: Scenario,
  contenders: readonly Contender[],
  given: Order & { readonly services: Services; readonly folder: string },
): Promise<Life[]> {
  const seeds = Array.from({ length: scenario.seeds }, (_, place) => given.seed + place);
  const live = async (contender: Contender, seed: number) => {
    const folder = join(given.folder, `${scenario.name}-${contender.name}-${seed}`);
    const service = contender.needs && given.services.get(contender.needs);
    const life = await liveScenario(contender, scenario, seed, { folder, service });
    given.say(`  ${contender.name}, seed ${seed}: ${life.seconds.toFixed(1)} s`);
    return life;
  };
  const lives: Life[] = [];
  for (const seed of seeds) {
    if (scenario.isAlone) {
      for (const contender of contenders) lives.push(await live(contender, seed));
    } else {
      lives.push(...(await sideBySide(scenario, contenders, (each) => live(each, seed))));
    }
  }
  return lives;
}

/**
 * At the same time, but each begins when a part of the window has passed since the one before: so the
 * crowds at the opening of their windows never meet. They wait for the vendor nearly all of the time.
 */
function sideBySide(
  { limit }: Scenario,
  contenders: readonly Contender[],
  live: (contender: Contender) => Promise<Life>,
): Promise<Life[]> {
  const apartMs = (limit?.windowMs ?? 4000) / contenders.length;
  return Promise.all(
    contenders.map(async (contender, place) => {
      await sleep(place * apartMs);
      return live(contender);
    }),
  );
}
