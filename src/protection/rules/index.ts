import type { Rule } from '../rule.ts';
import { caseOverdue } from './caseOverdue.ts';
import { claimNotFiled } from './claimNotFiled.ts';
import { contraryToContractUnclaimed } from './contraryToContractUnclaimed.ts';
import { coverEndsEarly } from './coverEndsEarly.ts';
import { coverMissing } from './coverMissing.ts';
import { coverUnderOtherNik } from './coverUnderOtherNik.ts';
import { dismissalUnclaimed } from './dismissalUnclaimed.ts';
import { extensionUncovered } from './extensionUncovered.ts';
import { failedDeparture } from './failedDeparture.ts';
import { healthInactive } from './healthInactive.ts';
import { identityConflict } from './identityConflict.ts';
import { oldAgeNotTaken } from './oldAgeNotTaken.ts';
import { outsideOneChannel } from './outsideOneChannel.ts';
import { outsideProcedure } from './outsideProcedure.ts';
import { paidOutsideWindow } from './paidOutsideWindow.ts';
import { passportExpires } from './passportExpires.ts';
import { rapeUnclaimed } from './rapeUnclaimed.ts';
import { wagesUnpaid } from './wagesUnpaid.ts';
import { windowLapsed } from './windowLapsed.ts';

/** Every rule, in the order in which gaps are shown. Adding one is a file here and a line in this list. */
export const rules: readonly Rule[] = [
  coverMissing, windowLapsed, coverEndsEarly, paidOutsideWindow, extensionUncovered, healthInactive, oldAgeNotTaken, passportExpires, outsideProcedure, outsideOneChannel, identityConflict,
  coverUnderOtherNik, wagesUnpaid, caseOverdue, claimNotFiled, failedDeparture, dismissalUnclaimed, contraryToContractUnclaimed, rapeUnclaimed,
];
