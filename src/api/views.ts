import { z } from 'zod';
import { newId } from '../core/ids.ts';
import type { SavedView } from '../core/stores/config.ts';
import { type ViewObject, viewObjectSchema } from './contract/view.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { conflict, notFound, pageResponse, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { pagingShape } from './validation.ts';

const tag = 'Views';
const result = { kind: 'one', schema: viewObjectSchema } as const;
const MOST = 200;

const createBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  page: z.string().regex(/^[a-z][a-z-]{0,31}$/, { error: 'must be the name of a page, such as logs' }),
  query: z
    .string()
    .max(8192)
    .regex(/^[\x21-\x7e]*$/, { error: 'must be the query part of an address, encoded' }),
});

export const viewEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/views`,
    permission: 'metadata-read',
    tag,
    summary: 'List saved views',
    query: z.strictObject(pagingShape(100)),
    result: { kind: 'list', schema: viewObjectSchema },
    handle: (call) => pageResponse(viewsOf(call), call.query, showView),
  }),
  endpoint({
    method: 'post',
    path: `${GATEWAY}/views`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Save a view: filters, columns and time range of a page, under a name',
    body: createBody,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const gateway = findGateway(call);
      const views = viewsOf(call);
      if (views.length >= MOST) throw conflict(['body'], `there are ${MOST} views: delete some first`);
      if (views.some((view) => view.page === body.page && view.name === body.name)) {
        throw conflict(['body', 'name'], 'a view of this page has this name');
      }
      const now = services.clock.now();
      const view = { id: newId(now), account, gateway: gateway.id, ...body, createdAt: now };
      services.config.putView(view);
      return resultResponse(showView(view));
    },
  }),
  endpoint({
    method: 'delete',
    path: `${GATEWAY}/views/{view_id}`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Delete a saved view',
    result,
    handle: (call) => {
      const view = viewsOf(call).find((candidate) => candidate.id === call.params.view_id);
      if (view === undefined) throw notFound('view');
      call.services.config.deleteView(view);
      return resultResponse(showView(view));
    },
  }),
];

function viewsOf(call: Call<unknown, unknown>): SavedView[] {
  const gateway = findGateway(call);
  return call.services.config.listViews(call.account).filter((view) => view.gateway === gateway.id);
}

export function showView(view: SavedView): ViewObject {
  return {
    id: view.id,
    gateway_id: view.gateway,
    name: view.name,
    page: view.page,
    query: view.query,
    created_at: new Date(view.createdAt).toISOString(),
  };
}
