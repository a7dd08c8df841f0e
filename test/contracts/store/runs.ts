import type { Subject } from './subject.ts';
export function describeRuns(_subject: Subject): void {}
