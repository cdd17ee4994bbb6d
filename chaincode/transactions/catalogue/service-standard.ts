/** What a service standard 服务标准 says: centres name one, and their officers' duties come from it. */
import type { Static } from 'typebox';
import { Closed, Code, Digest, Duty, ListOf, Name, Time } from '../../schemas/primitives.js';

export const ServiceStandard = {
  code: Code,
  name: Name,
  digest: Digest,
  duties: ListOf(Duty, 1, 4),
  effectiveFrom: Time,
};

const Content = Closed(ServiceStandard);
export type ServiceStandardContent = Static<typeof Content>;
