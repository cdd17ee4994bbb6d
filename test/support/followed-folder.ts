/** An audit that keeps going beside a test's folder, and what it raised. */
import { type FolderFollowing, followFolder } from '../../network/audit/follow-folder.js';
import type { AuditWorld } from './audit-world.js';
import { followed } from './followed.js';

/** Follows the folder. */
export function followedFolder({ folder, source }: AuditWorld, more: Partial<FolderFollowing> = {}) {
  const { dispatcher } = source;
  return followed((watched, stop) => followFolder({ folder, dispatcher, expiryDays: 30, ...watched, ...more }, stop));
}
