/** Every projector, by name. Types without one are kept as records only. */
import { agencyProjector } from './agency.js';
import { catalogueHeadProjector } from './catalogue-head.js';
import { catalogueVersionProjector } from './catalogue-version.js';
import type { Projector } from './framework.js';
import { officerProjector } from './officer.js';
import { partnerProjector } from './partner.js';
import { subjectProjector } from './subject.js';

export const PROJECTORS: readonly Projector[] = [
  agencyProjector,
  partnerProjector,
  officerProjector,
  catalogueHeadProjector,
  catalogueVersionProjector,
  subjectProjector,
];
