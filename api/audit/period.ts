/** From when, and until when: recorded time, the end not included. */
import Type, { type Static } from 'typebox';
import { Time } from '../../chaincode/schemas/primitives.js';
import { Problem } from '../http/problem.js';

export const PeriodParameters = {
  from: Type.Optional({ ...Time, description: 'recorded at this instant or later' }),
  to: Type.Optional({ ...Time, description: 'recorded before this instant' }),
};

export interface PeriodQuery {
  readonly from?: Static<typeof Time>;
  readonly to?: Static<typeof Time>;
}

/** Milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** @throws Problem `request.invalid` for a period that ends before it begins */
export function periodOf(query: PeriodQuery): Period {
  const from = query.from === undefined ? 0 : Date.parse(query.from);
  const to = query.to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(query.to);
  if (to < from) throw new Problem('request.invalid', { errors: [{ path: '/to', message: 'is before from' }] });
  return { from, to };
}
