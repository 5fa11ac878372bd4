// What the service needs of the store of images. Keys are made and judged in core; here they are only names.

/** An upload as it lies in the store. */
export interface StoredUpload {
  /** Media type that it was stored with. */
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Names these very bytes; see `copy`. */
  readonly etag: string;
  /** Absent when it is larger than an image may be. */
  readonly data?: Uint8Array | undefined;
}

/** Where an image may be put. */
export interface UploadTarget {
  readonly key: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** Names the images of one report. */
export interface ReportImagesKey {
  /** UUID. */
  readonly tenantId: string;
  readonly domainId: string;
  /** `inc_` id. */
  readonly incidentId: string;
}

/** A part of a sweep. */
export interface SweptUploads {
  readonly removed: number;
  /** Where the next part begins; absent when this was the last. */
  readonly next?: string | undefined;
}

/** The store of images. Every method throws Fault `unavailable` while it is away. Links are made without asking it. */
export interface ObjectStore {
  /** A URL that takes one image of exactly this type and size, until the time it ends (milliseconds since the Unix epoch). */
  uploadUrl(target: UploadTarget): Promise<{ readonly url: string; readonly expiresAtMs: number }>;
  /** A URL that answers the object, for an hour. */
  viewUrl(key: string): Promise<string>;
  /** Stores an upload. */
  put(key: string, contentType: string, data: Uint8Array): Promise<void>;
  /** An upload with its bytes, or undefined. */
  read(key: string): Promise<StoredUpload | undefined>;
  /** Whether there is an object under this key. */
  has(key: string): Promise<boolean>;
  /** Copies an object if it is still the one of this etag; false when it has changed or gone. */
  copy(from: { readonly key: string; readonly etag: string }, to: string): Promise<boolean>;
  /** Removes images of a report with all their versions, a bounded number with each call. True when nothing was left. */
  removeReportImages(report: ReportImagesKey): Promise<boolean>;
  /** Removes uploads from before a time, all versions of them: one part of a walk through all uploads. */
  sweepUploads(beforeMs: number, from?: string): Promise<SweptUploads>;
}
