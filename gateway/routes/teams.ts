// /teams: groups of users of the tenant, read by everyone and written by admins.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import type { Team } from '../../proto/gen/domainflow/registry/v1/team_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, pageOf, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema } from '../http/schema-parts.ts';
import { locationHeader, locationOf } from './created-location.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { pathId } from './path-id.ts';
import { newTeamExample, newTeamSchema, teamChangeSchema, teamExample } from './team-schema.ts';
import { timeJson } from './time-json.ts';

const readConfig = { role: 'viewer', permission: 'teams:read' } as const;
const createConfig = { role: 'admin', permission: 'teams:create' } as const;
const updateConfig = { role: 'admin', permission: 'teams:update' } as const;
const deleteConfig = { role: 'admin', permission: 'teams:delete' } as const;

const params = { id: { ...text, description: 'Id of the team' } };
const answered = { schema: named('Team'), example: teamExample };

const operations = {
  list: {
    ...{ id: 'listTeams', tag: 'People', summary: 'Teams of the tenant, newest first' },
    querystring: listQuerySchema(),
    answers: {
      200: {
        description: 'A page',
        schema: pageOf('teams', named('Team')),
        example: pageExample('teams', [teamExample]),
      },
    },
  },
  get: {
    ...{ id: 'getTeam', tag: 'People', summary: 'A team', params },
    answers: { 200: { description: 'The team', ...answered } },
  },
  create: {
    ...{ id: 'createTeam', tag: 'People', summary: 'Create a team' },
    ...{ body: documentSchema, toldBody: newTeamSchema, bodyExamples: [newTeamExample] },
    answers: { 201: { description: 'The new team', headers: locationHeader, ...answered } },
  },
  update: {
    ...{ id: 'updateTeam', tag: 'People', summary: 'Rename a team or replace its members', params },
    ...{ body: documentSchema, toldBody: teamChangeSchema, bodyExamples: [{ team_name: 'Day shift' }] },
    description: 'What is absent stays as it is.',
    answers: { 200: { description: 'The team', ...answered } },
  },
  remove: {
    ...{ id: 'deleteTeam', tag: 'People', summary: 'Delete a team', params },
    description: 'Its members stay users of the tenant.',
    answers: {
      200: {
        description: 'The team is gone',
        schema: answerObject({ message: text, id: text }),
        example: { message: 'The team was deleted', id: teamExample.id },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of teams. */
export function teamRoutes(app: FastifyInstance, clients: MeshClients): void {
  readRoutes(app, clients);
  writeRoutes(app, clients);
}

function readRoutes(app: FastifyInstance, { teams }: MeshClients): void {
  app.get<{ Querystring: PageQuery }>(
    '/teams',
    { config: readConfig, schema: routeSchema(operations.list) },
    async (request) => {
      const found = await teams.listTeams({ page: wantedPage(request.query) }, meshCall(request));
      return { teams: found.teams.map(teamJson), pagination: paginationJson(found.page) };
    },
  );

  app.get('/teams/:id', { config: readConfig, schema: routeSchema(operations.get) }, async (request) => {
    const { team } = await teams.getTeam({ id: pathId(request, 'id', 'team') }, meshCall(request));
    if (!team) throw notFound('team');
    return teamJson(team);
  });
}

function writeRoutes(app: FastifyInstance, { teams }: MeshClients): void {
  app.post(
    '/teams',
    { config: createConfig, schema: routeSchema(operations.create) },
    async (request, reply) => {
      const { team } = await teams.createTeam({ definition: sentDocument(request) }, meshCall(request));
      if (!team) throw new Fault('internal', 'A new team was not answered');
      reply.code(201).header('location', locationOf(request, team.id));
      return teamJson(team);
    },
  );

  app.put('/teams/:id', { config: updateConfig, schema: routeSchema(operations.update) }, async (request) => {
    const wanted = { id: pathId(request, 'id', 'team'), definition: sentDocument(request) };
    const { team } = await teams.updateTeam(wanted, meshCall(request));
    if (!team) throw notFound('team');
    return teamJson(team);
  });

  app.delete(
    '/teams/:id',
    { config: deleteConfig, schema: routeSchema(operations.remove) },
    async (request) => {
      const id = pathId(request, 'id', 'team');
      await teams.deleteTeam({ id }, meshCall(request));
      return { message: 'The team was deleted', id };
    },
  );
}

function teamJson(team: Team): object {
  return {
    id: team.id,
    team_name: team.teamName,
    members: team.members,
    created_at: timeJson(team.createdAt),
    updated_at: timeJson(team.updatedAt),
    created_by: team.createdBy,
  };
}
