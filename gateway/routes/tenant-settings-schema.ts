// Schemas and examples of the settings of a tenant.
import { answerObject, listOf, named, namedObject, orNull, text } from '../core/answer-schema.ts';

const amount = { type: ['number', 'null'], minimum: 0 };

/** A bound of what models may cost. */
export const budgetSchema = namedObject(['Budget', 'What calls of models may cost'], {
  soft: { ...amount, description: 'Beyond it there are warnings; null for none' },
  hard: { ...amount, description: 'Beyond it no call is made; null for none' },
  currency: { ...text, description: 'ISO 4217', examples: ['EUR'] },
});

/** The settings. */
export const tenantSettingsSchema = namedObject(
  ['TenantSettings', 'What the tenant sets for all its domains'],
  {
    home_area: {
      ...orNull(answerObject({ name: text, point: orNull(named('Point')) })),
      description: 'Where the tenant is at home; null when unknown',
    },
    places: {
      ...listOf(answerObject({ name: text, aliases: listOf(text), point: orNull(named('Point')) })),
      description: 'Places of its own that no gazetteer knows',
    },
    time_zone: {
      ...text,
      description: 'IANA time zone that its texts speak in',
      examples: ['Europe/Berlin'],
    },
    budgets: {
      ...answerObject({
        tenant: {
          ...orNull(named('Budget')),
          description: 'The whole tenant in a calendar month of its time zone',
        },
        domain: { ...orNull(named('Budget')), description: 'Each domain in such a month' },
        run: { ...orNull(named('Budget')), description: 'Each execution' },
      }),
      description: 'Null for no bound',
    },
  },
);

const place = {
  name: 'Mill Bridge',
  aliases: ['the old bridge'],
  point: { type: 'Point', coordinates: [-71.06, 42.36] },
};

/** The settings. */
export const tenantSettingsExample = {
  home_area: { name: 'Boston', point: { type: 'Point', coordinates: [-71.0589, 42.3601] } },
  places: [place],
  time_zone: 'America/New_York',
  budgets: { tenant: { soft: 100, hard: 250, currency: 'USD' }, domain: null, run: null },
};
