/** How long the service takes for what a page of the studio asks, on a run of very many images. */

export interface RouteTimes {
  readonly route: string;
  /** The first time that it was asked. */
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly kilobytes: number;
}

export interface Service {
  readonly url: string;
  readonly secret: string;
}

const TIMES = 20;

/** What pages ask when they are opened, when somebody scrolls to the end, and what scripts page through. */
export function routesOf(run: string, rows: number): Readonly<Record<string, string>> {
  const of = `/v1/runs/${run}`;
  const [middle, end] = [Math.floor(rows / 2), Math.max(0, rows - 500)];
  return {
    'list of runs': '/v1/runs?limit=50',
    run: of,
    'tiles, first': `${of}/tiles?limit=500`,
    'tiles, middle': `${of}/tiles?limit=500&offset=${middle}`,
    'tiles, end': `${of}/tiles?limit=500&offset=${end}`,
    'tiles of a state, middle': `${of}/tiles?limit=500&offset=${middle}&state=delivered`,
    'tiles by row, middle': `${of}/tiles?limit=100&offset=${middle}&by=row&prompts=true`,
    'not delivered': `${of}/tiles?limit=2000&state=refused,failed,unknown&prompts=true`,
    'review, first': `${of}/tiles?limit=200&state=delivered,failed&prompts=true`,
    'review, middle': `${of}/tiles?limit=2000&offset=${middle}&state=delivered,failed&prompts=true`,
    'tiles with a flag': `${of}/tiles?limit=500&flag=low-detail`,
    'tiles by search': `${of}/tiles?limit=500&search=variation`,
    'items, first': `${of}/items?limit=100`,
    'items of a state': `${of}/items?limit=100&state=refused`,
    'items by search': `${of}/items?limit=100&search=sunset`,
    'review summary': `${of}/reviews/summary`,
    'journal, end': `${of}/journal?limit=200&after=${rows - 200}`,
    'events, end': `${of}/events?after=${rows - 100}&follow=false`,
    dashboard: '/v1/dashboard?days=7',
    'dashboard, now': '/v1/dashboard/detail',
    usage: '/v1/usage',
    ledger: '/v1/ledger?limit=100',
    exports: `${of}/exports`,
    shares: `${of}/shares`,
  };
}

export async function routeTimes(
  service: Service,
  routes: Readonly<Record<string, string>>,
): Promise<RouteTimes[]> {
  const times: RouteTimes[] = [];
  for (const [route, path] of Object.entries(routes)) {
    const { ms: firstMs, bytes } = await ask(service, path);
    const all: number[] = [];
    for (let time = 0; time < TIMES; time += 1) all.push((await ask(service, path)).ms);
    const sorted = all.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.ceil(share * TIMES) - 1]!;
    times.push({ route, firstMs, p50Ms: at(0.5), p95Ms: at(0.95), kilobytes: bytes / 1000 });
  }
  return times;
}

async function ask({ url, secret }: Service, path: string): Promise<{ ms: number; bytes: number }> {
  const started = performance.now();
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${secret}` } });
  const { byteLength: bytes } = await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
  return { ms: performance.now() - started, bytes };
}
