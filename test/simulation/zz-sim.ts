import { runScenario } from './run-scenario.ts';
import { scenarioOf } from './scenario.ts';
const [from, to] = process.argv.slice(2).map(Number);
for (let seed = from!; seed <= to!; seed += 1) {
  const s = scenarioOf(seed);
  const t = performance.now();
  try { const e = await runScenario(s); 
  console.log(seed, s.settings.lane, s.settings.models.join(','), Math.round(performance.now()-t)+'ms', JSON.stringify(e.report.items), e.events.length); } catch (error) { console.log(seed, s.settings.lane, 'FAILED', String(error).slice(0,500)); }
}
