import type { CaseWorld } from './case-world.js';
import { sha256 } from './digests.js';

let sessions = 0;

/** A remote session that the world's officer held with its department. */
export function sessionInput({ officerId, department }: CaseWorld, caseId: string, changes: object = {}) {
  return {
    caseId,
    sessionId: `session-${++sessions}`,
    officerId,
    counterpart: department.agencyId,
    identityCheck: { method: 'face-and-card', resultDigest: sha256('identity') },
    media: ['audio', 'video'],
    startedAt: '2026-11-02T00:10:00Z',
    endedAt: '2026-11-02T00:40:00Z',
    outcome: 'materials-complete',
    ...changes,
  };
}
