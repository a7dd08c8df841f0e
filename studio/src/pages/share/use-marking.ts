/** Approving and rejecting, with the question for the visitor's name before the first time. */
import { useState } from 'react';
import type { NewMark } from '../../../../src/api/client/index.ts';
import { useMark } from './shared-queries.ts';
import { keepVisitorName, visitorName } from './visitor-name.ts';

export type SayMark = (item: string, said: Pick<NewMark, 'mark' | 'note'>) => void;

export function useMarking(share: string) {
  const { mutate } = useMark(share);
  const [waiting, setWaiting] = useState<Parameters<SayMark>>();
  const send = ([item, said]: Parameters<SayMark>, name: string) =>
    mutate({ item, ...said, name: name === '' ? null : name });
  const say: SayMark = (...marked) => {
    const name = visitorName();
    if (name === undefined) setWaiting(marked);
    else send(marked, name);
  };
  const answer = (name: string) => {
    keepVisitorName(name);
    setWaiting(undefined);
    if (waiting !== undefined) send(waiting, name);
  };
  return { say, isAsking: waiting !== undefined, answer };
}
