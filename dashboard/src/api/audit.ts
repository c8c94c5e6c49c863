import { queryOptions } from '@tanstack/react-query';
import type { AuditEntryObject, AuditVerdictObject } from '../../../src/api/contract/audit.ts';
import { accountPath, getOne, getPage, type Page, type Query } from './client.ts';

export type AuditEntry = AuditEntryObject;
export type AuditVerdict = AuditVerdictObject;

export const auditQuery = (query: Query) =>
  queryOptions({
    queryKey: ['audit', query],
    queryFn: ({ signal }): Promise<Page<AuditEntry>> => getPage(accountPath('/audit-logs'), query, signal),
  });

export const verifyAudit = (): Promise<AuditVerdict> => getOne(accountPath('/audit-logs/verify'));
