/** The six scenarios, in the order of their numbers. */
import type { Scenario } from '../scenario.js';
import { openingShop } from './1-opening-shop.js';
import { movingSeat } from './2-moving-seat.js';
import { newborn } from './3-newborn.js';
import { studentAid } from './4-student-aid.js';
import { medicalClaim } from './5-medical-claim.js';
import { windingUp } from './6-winding-up.js';

export const SCENARIOS: readonly Scenario[] = [openingShop, movingSeat, newborn, studentAid, medicalClaim, windingUp];
