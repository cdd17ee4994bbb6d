/** Every fault of the real network, by name. */
import type { FabricFault } from '../fault.js';
import { NODE_FAULTS } from './nodes.js';

export const FABRIC_FAULTS: Readonly<Record<string, FabricFault>> = { ...NODE_FAULTS };
