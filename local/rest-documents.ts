// The documents of the REST API as far as the demo and the tests read them.

/** A half-open range of a text in UTF-16 code units. */
export interface SpanDocument {
  readonly start: number;
  readonly end: number;
}

/** Where one value of `ingestion_data` comes from. */
export interface ProvenanceDocument {
  readonly agent_id: string;
  readonly agent_version: number;
  readonly execution_id: string;
  readonly attempt: number;
  readonly runtime: string;
  readonly confidence: number;
  readonly spans: readonly SpanDocument[];
}

/** The answer to a submitted report. */
export interface ReportAccepted {
  readonly job_id: string;
  readonly incident_id: string;
  readonly status: string;
}

/** Evidence of a report. */
export interface ImageDocument {
  /** A link to read it, good for an hour; the link that was given for one that lies elsewhere. */
  readonly url: string;
  readonly object_key: string | null;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly checksum: string | null;
  readonly verified: boolean;
}

/** A report. */
export interface ReportDocument {
  readonly incident_id: string;
  readonly domain_id: string;
  readonly raw_text: string;
  readonly status: string;
  /** Empty until the playbook has ended. */
  readonly ingestion_data: Readonly<Record<string, unknown>>;
  /** With `history`, the newest changes. */
  readonly management_data: Readonly<Record<string, unknown>>;
  readonly images: readonly ImageDocument[];
  readonly provenance: Readonly<Record<string, ProvenanceDocument>>;
  readonly confidence: number | null;
  readonly needs_clarification: boolean;
  readonly job_id: string;
  readonly error: string | null;
  readonly created_at: string;
}

/** A changed report, with the patch of the change; null when nothing changed. */
export interface ChangedReport extends ReportDocument {
  readonly patch_id: string | null;
}

/** One change of one report. */
export interface PatchDocument {
  readonly patch_id: string;
  readonly incident_id: string;
  readonly source: 'agent' | 'user';
  readonly status: 'proposed' | 'applied' | 'rejected' | 'reverted' | 'conflicted';
  /** A value that is not there is left out. */
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
  readonly reason: string | null;
  readonly reverts: string | null;
  readonly reverted_by: string | null;
}

/** A page of patches, newest first. */
export interface PatchList {
  readonly patches: readonly PatchDocument[];
}

/** Where an image can be put. */
export interface UploadDocument {
  readonly image_url: string;
  readonly upload_url: string;
  readonly object_key: string;
  readonly expires_at: string;
}

/** Counts by value. */
export interface AggregationDocument {
  readonly aggregations: readonly { readonly key: string; readonly count: number }[];
  readonly total: number;
}

/** Places as GeoJSON: of reports, or of clusters with their `count`. */
export interface PlacesDocument {
  readonly type: 'FeatureCollection';
  readonly features: readonly {
    readonly geometry: { readonly coordinates: readonly [number, number] };
    readonly properties: { readonly incident_id?: string; readonly status?: string; readonly count?: number };
  }[];
  readonly total?: number;
  readonly next_cursor: string | null;
}

/** What became of one line of a batch. */
export interface LineDocument {
  readonly line: number;
  readonly status: 'accepted' | 'imported' | 'existed' | 'rejected' | 'failed';
  readonly incident_id?: string;
  readonly job_id?: string;
  readonly replayed?: boolean;
  readonly error?: string;
  readonly details?: readonly { readonly field: string; readonly reason: string }[];
}

/** A report that an answer rests on. */
export interface ReferenceDocument {
  readonly type: string;
  readonly reference_id: string;
  readonly summary: string;
  readonly status: string;
  readonly location: { readonly type: 'Point'; readonly coordinates: readonly [number, number] } | null;
  /** Only once the report is deleted. */
  readonly deleted?: true;
}

/** The answer to an accepted question. */
export interface QueryAccepted {
  readonly job_id: string;
  readonly query_id: string;
  readonly session_id: string;
  readonly status: string;
}

/** What one query agent says. */
export interface AgentAnswerDocument {
  readonly agent_id: string;
  readonly label: string;
  readonly text: string;
  readonly references: readonly string[];
}

/** A question with its answer. */
export interface QueryDocument {
  readonly query_id: string;
  readonly job_id: string;
  readonly session_id: string;
  readonly question: string;
  readonly status: string;
  readonly summary: string | null;
  readonly answers: readonly AgentAnswerDocument[];
  readonly map_data: Readonly<Record<string, unknown>> | null;
  readonly references_used: readonly ReferenceDocument[];
  readonly references_rejected: readonly unknown[];
  readonly error: string | null;
}

/** A chat with its messages, oldest first. */
export interface SessionDocument {
  readonly session_id: string;
  readonly domain_id: string;
  readonly title: string;
  readonly messages: readonly {
    readonly message_id: string;
    readonly role: 'user' | 'assistant';
    readonly content: string;
    readonly metadata: { readonly query_id: string; readonly references: readonly ReferenceDocument[] };
  }[];
}

/** One run of a playbook. */
export interface ExecutionDocument {
  readonly job_id: string;
  readonly kind: string;
  readonly status: string;
  readonly completed_at: string | null;
  readonly plan: {
    readonly nodes: readonly {
      readonly node_id: string;
      readonly agent_id: string | null;
      readonly status: string;
      readonly waiting_for: readonly string[];
    }[];
  };
  readonly execution_log: readonly {
    readonly agent_id: string;
    readonly status: string;
    readonly output: unknown;
    readonly execution_time_ms: number;
  }[];
  readonly tool_calls: readonly {
    readonly task_id: string;
    readonly agent_id: string;
    readonly tool_name: string;
    readonly number: number;
    readonly duration_ms: number | null;
    readonly error_code: string | null;
    readonly arguments: unknown;
    readonly result: unknown;
  }[];
}

/** An error: RFC 9457 with the fields of this API. */
export interface ProblemDocument {
  readonly status: number;
  readonly detail: string;
  readonly trace_id: string;
  readonly error_code: string;
  readonly details?: readonly { readonly field: string; readonly reason: string }[];
}
