/** Every projector, by name. Types without one are kept as records only. */
import { agencyProjector } from './agency.js';
import { anchorBatchProjector } from './anchor-batch.js';
import { caseProjector } from './case.js';
import { casePartyProjector } from './case-party.js';
import { catalogueHeadProjector } from './catalogue-head.js';
import { catalogueVersionProjector } from './catalogue-version.js';
import { certificateProjector } from './certificate.js';
import { certificateBatchProjector } from './certificate-batch.js';
import { certificateDigestProjector } from './certificate-digest.js';
import { editionProjector } from './edition.js';
import { entryProjector } from './entry.js';
import type { Projector } from './framework.js';
import { grantProjector } from './grant.js';
import { handoffProjector } from './handoff.js';
import { officerProjector } from './officer.js';
import { partnerProjector } from './partner.js';
import { releaseProjector } from './release.js';
import { sessionProjector } from './session.js';
import { subjectProjector } from './subject.js';
import { useProjector } from './use.js';

export const PROJECTORS: readonly Projector[] = [
  agencyProjector,
  partnerProjector,
  officerProjector,
  catalogueHeadProjector,
  catalogueVersionProjector,
  editionProjector,
  subjectProjector,
  caseProjector,
  casePartyProjector,
  entryProjector,
  handoffProjector,
  sessionProjector,
  certificateProjector,
  certificateBatchProjector,
  certificateDigestProjector,
  grantProjector,
  useProjector,
  releaseProjector,
  anchorBatchProjector,
];
