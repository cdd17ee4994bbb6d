/** What statistics answer with. */
import Type from 'typebox';
import { DIMENSIONS } from '../../projection/statistic.js';

const Figure = Type.Integer({ minimum: 5, multipleOf: 5 });
const figures = {
  cases: Type.Optional({ ...Figure, description: 'opened' }),
  handoffs: Type.Optional(
    Type.Object({
      count: { ...Figure, description: 'accepted or rejected' },
      medianWaitHours: Type.Object({ atLeast: Type.Integer(), below: Type.Optional(Type.Integer()) }),
    }),
  ),
  sessions: Type.Optional(Figure),
  certificates: Type.Optional({ ...Figure, description: 'issued' }),
  uses: Type.Optional(Type.Object({ permitted: Type.Optional(Figure), denied: Type.Optional(Figure) })),
};
const Table = Type.Optional(Type.Array(Type.Object({ value: Type.String(), ...figures })));

export const StatisticsAnswer = Type.Object({
  block: Type.Integer({ description: 'number of the last block counted' }),
  groupSize: Type.Integer(),
  month: Type.Optional(Type.String()),
  total: Type.Object(figures),
  by: Type.Object(Object.fromEntries(['month', ...DIMENSIONS].map((name) => [name, Table]))),
});
