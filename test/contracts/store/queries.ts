import type { Subject } from './subject.ts';
export function describeQueries(_subject: Subject): void {}
