import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { Closed } from '../../chaincode/schemas/primitives.js';
import type { Deps } from '../deps.js';
import { JSON_TYPE } from '../http/answer.js';
import { readStatistics } from '../projection/statistics.js';
import { StatisticsAnswer } from './answers/statistics.js';
import { readDocument } from './document.js';

/** Texts kept of one block; a month that nobody has heard of yet is answered all the same. */
const KEPT = 50;

const Month = Type.String({ pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$', screened: false, description: 'in Beijing, as 2026-11' });

const TEXT = `按五件一组公布。Records that agree in month and everything told apart (their group: for cases item, domain, mode, channel, province, centre; for hand-offs also the range of their wait; for certificates and uses item, domain, province; for sessions the centre) count in fives: a group's records beyond its last five are in no figure. So every figure is a sum of whole groups of five, whatever figures of whatever tables, months and days are subtracted; and none is more than four a group below what there is. A figure that is not there is below five, or none. Domain and item are those of the catalogue; a use for an item that is not listed counts without one. A hand-off counts where and when it was answered; its median wait is told as a range of hours.`;

/** Figures for everybody. They are kept as they are published, so an answer costs what it is long, and that once a block. */
export async function statisticsRoutes(everybody: FastifyInstance, { store, projection }: Deps): Promise<void> {
  const kept = new Map<string, string>();
  let keptOf = -1;

  async function textOf(month: string | undefined): Promise<string> {
    const { block } = projection;
    if (keptOf !== block || kept.size >= KEPT) kept.clear();
    keptOf = block;
    const known = kept.get(month ?? '');
    if (known !== undefined) return known;
    const text = JSON.stringify(await readStatistics(store, block, month));
    if (keptOf === block) kept.set(month ?? '', text);
    return text;
  }

  everybody.get<{ Querystring: { month?: string } }>(
    '/v1/statistics',
    {
      schema: {
        ...readDocument({
          tag: 'statistics',
          summary: { zh: '公开统计', en: 'Public statistics, no figure of fewer than five records' },
          open: true,
          querystring: Closed({ month: Type.Optional(Month) }),
          answer: StatisticsAnswer,
        }),
        description: TEXT,
      },
    },
    async (request, reply) => reply.type(JSON_TYPE).send(await textOf(request.query.month)),
  );
}
