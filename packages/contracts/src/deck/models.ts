import * as z from 'zod'
import { id, instant, modelHealthStatus, offsetInstant, reasonInput, strategyIdInput } from '../common.ts'
import { BODY_LIMITS, endpoint } from '../endpoint.ts'

/** A model's action: -1 (all short) to 1 (all long). */
const action = z.number().min(-1).max(1)

const itemShape = {
  strategy_code: strategyIdInput,
  action: action.describe('-1 to 1'),
  timestamp: offsetInstant.optional().describe('When the model acted; now unless given'),
}

/** Largest number of inferences in one request. */
export const MAX_INFERENCES = 5000

/** One model action as a trading service posts it. */
export const deckInferenceInput = z.strictObject(itemShape).meta({ id: 'DeckInferenceInput' })

/** Either the fields of one inference, or `inferences` alone. */
export const deckInferencesBody = z
  .strictObject(itemShape)
  .partial()
  .extend({ inferences: z.array(deckInferenceInput).min(1).max(MAX_INFERENCES).optional() })
  .superRefine((body, context) => {
    const { inferences, ...item } = body
    if (inferences !== undefined) {
      for (const field of Object.keys(item)) {
        context.addIssue({ code: 'custom', path: [field], message: 'Not allowed beside inferences' })
      }
      return
    }
    for (const field of ['strategy_code', 'action'] as const) {
      if (body[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: 'Required' })
    }
  })

/** One model action as it is posted. */
export type DeckInferenceInput = z.infer<typeof deckInferenceInput>

/** The inferences of a validated body, whichever form it had. */
export function toInferenceItems(body: z.infer<typeof deckInferencesBody>): DeckInferenceInput[] {
  if (body.inferences !== undefined) return body.inferences
  const { inferences: _inferences, ...item } = body
  return [deckInferenceInput.parse(item)]
}

/** How many actions were taken. */
export const deckInferencesPostResponse = z
  .object({ timestamp: instant, accepted: z.int().min(0) })
  .meta({ id: 'DeckInferencesPostResponse' })

/** The baseline as it is now. */
export const deckBaselineResponse = z
  .object({
    message: z.string(),
    data: z.object({
      strategy_id: id,
      action_count: z.int().min(0),
      set_at: instant,
      sufficient: z.boolean().describe('At least 500 actions; with fewer the model stays a warning'),
    }),
  })
  .meta({ id: 'DeckBaselineResponse' })

const post = endpoint(
  {
    method: 'POST',
    path: '/api/inferences',
    summary: 'Post model actions for drift detection',
    tags: ['Models'],
    access: { role: 'trader', scope: 'signals' },
    rateLimit: 'ingest',
    status: 202,
    errors: [404],
    idempotent: true,
    maxBodyBytes: BODY_LIMITS.ingestion,
    operationId: 'post_inferences',
  },
  deckInferencesBody,
  deckInferencesPostResponse,
)

const setBaseline = endpoint(
  {
    method: 'PUT',
    path: '/v1/models/{strategy_id}/baseline',
    summary: "Declare a model's baseline actions",
    tags: ['Models'],
    access: { role: 'trader', scope: 'admin' },
    rateLimit: 'write',
    errors: [404],
    maxBodyBytes: BODY_LIMITS.ingestion,
    operationId: 'set_model_baseline',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    actions: z.array(action).min(1).max(100_000).describe('-1 to 1 each; 500 or more to be sufficient'),
    note: reasonInput.optional(),
  }),
  deckBaselineResponse,
)

/** One bin of actions: its edges, and which share of the model's actions and of the baseline fell into it. */
export const deckActionBin = z
  .object({
    from: z.number().describe('Included'),
    to: z.number().describe('Excluded, but for the last bin'),
    current: z.number().min(0).max(1).describe('Share of the actions that are judged'),
    baseline: z.number().min(0).max(1),
  })
  .meta({ id: 'DeckActionBin' })

/** What a model did, against what it was trained to do. */
export const deckModelResponse = z
  .object({
    data: z.object({
      model_id: id,
      name: z.string(),
      status: modelHealthStatus,
      p_value: z.number().nullable().describe('Of the drift by chance; null with insufficient data'),
      thresholds: z.object({
        warning_kl: z.number(),
        critical_kl: z.number(),
        warning_p_value: z.number().describe('A drift counts only below it'),
        critical_p_value: z.number(),
      }),
      baseline: z
        .object({
          action_count: z.int().min(0),
          set_at: instant,
          set_by: z.string().nullable(),
          note: z.string().nullable(),
        })
        .nullable(),
      judged_actions: z.int().min(0).describe('The latest actions, at most the 100 that are judged'),
      bins: z.array(deckActionBin).describe('Shares are 0 on a side that has no actions'),
      drift: z
        .array(z.object({ at: instant, kl: z.number().min(0) }))
        .describe('Of the 100 actions up to each of at most 60 moments, oldest first'),
    }),
  })
  .meta({ id: 'DeckModelResponse' })

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/models/{strategy_id}',
    summary: "A model's drift over time and its actions against the baseline",
    tags: ['Models'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404, 409],
    operationId: 'get_model',
  },
  z.object({ strategy_id: strategyIdInput }),
  deckModelResponse,
)

/** Actions of models, for drift. */
export const deckInferences = { post }
/** Models and their baselines. */
export const deckModels = { get, setBaseline }
