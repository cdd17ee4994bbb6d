import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { castVote } from '../transactions/catalogue/cast-vote.js';
import { draftDataSet } from '../transactions/catalogue/draft-data-set.js';
import { draftServiceItem } from '../transactions/catalogue/draft-service-item.js';
import { draftServiceStandard } from '../transactions/catalogue/draft-service-standard.js';
import { openConsultation } from '../transactions/catalogue/open-consultation.js';
import { publishGuide } from '../transactions/catalogue/publish-guide.js';
import { recordConsultationResult } from '../transactions/catalogue/record-consultation-result.js';
import { resumeEntry } from '../transactions/catalogue/resume-entry.js';
import { submitOpinion } from '../transactions/catalogue/submit-opinion.js';
import { suspendEntry } from '../transactions/catalogue/suspend-entry.js';
import { withdrawEntry } from '../transactions/catalogue/withdraw-entry.js';

@Info({ title: 'catalogue', description: 'Service items, data sets, service standards, guides and editions' })
export class CatalogueContract extends Contract {
  constructor() {
    super('catalogue');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DraftServiceItem(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, draftServiceItem, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DraftDataSet(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, draftDataSet, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DraftServiceStandard(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, draftServiceStandard, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async OpenConsultation(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, openConsultation, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SubmitOpinion(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, submitOpinion, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecordConsultationResult(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recordConsultationResult, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async CastVote(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, castVote, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SuspendEntry(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, suspendEntry, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ResumeEntry(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, resumeEntry, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async WithdrawEntry(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, withdrawEntry, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async PublishGuide(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, publishGuide, argument);
  }
}
